"""Functions: what the documented examples leave open."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from trunkline.errors import DataError
from trunkline.mapping import FUNCTIONS

BUNDLE = {
    "n": [3, "4", "x", None, 5.5],
    "people": [
        {"name": "bo", "age": 30, "at": {"city": "Brno"}},
        {"name": "Al", "age": 4, "at": {"city": "Oslo"}},
        {"name": "cy", "at": {"city": "Brno"}},
    ],
    "mixed": [1, "1", 1.0, {"a": 1}, {"a": 1}, None, None],
    "user": {"First Name": "Ada", "tags": ["x", "y"], "1": "one"},
    "html": "<p>Hi<br/>you</p><script>if (a<b) alert(1)</script><!-- no --> 2 < 3",
    "bytes": b"\x00\xff",
    "emoji": "Hi 👋🏽, é ❤️!",
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('get(1.user; "First Name")', "Ada"),
        ('get(1.user; "tags[2]")', "y"),
        ("get(1.user; 1)", "one"),
        ('get(1.people; "name")', "bo"),
        ('get(1.missing; "a.b")', None),
        ("if(false; 1)", None),
        ("ifempty(false; 1)", False),
        ("ifempty(emptyarray; 1)", []),
        ('switch(2; "2"; "as text")', "as text"),
        ('pick(1.user; add(emptyarray; "1"); "none")', {"1": "one"}),
        ('equal(5; "5")', True),
        ('in("b"; "a"; "b")', True),
        ('ifin("c"; "a"; "b"; 1; 2)', 2),
        ("case(4; 1; 2)", None),
        ('mergeCollections(1.user; null; pick(1.user; "1"))', BUNDLE["user"]),
        ("round(-1.5)", -1),
        ("round(2.5)", 3),
        ('round("2.4")', 2),
        ("trunc(3.987; 2)", 3.98),
        ("trunc(1234; -2)", 1200),
        ("sum(1.n)", 12.5),
        ("sum(emptyarray)", 0),
        ("average(emptyarray)", None),
        ("max(1.n; 9)", 9),
        ("min(emptyarray)", None),
        ("median(emptyarray)", None),
        ("stdevS(2; 4; 4; 4; 5; 5; 7; 9)", 2.138089935299395),
        ("stdevS(1)", None),
        ("stdevP(emptyarray)", None),
        ('formatNumber(-1234567.005; 2; "."; " ")', "-1 234 567.01"),
        ("formatNumber(0.5; 0)", "1"),
        ('formatNumber("12"; 1)', "12,0"),
        ('parseNumber("1.234,5"; ",")', 1234.5),
        ('parseNumber("1,234.5")', 1234.5),
        ("div(1; 4) + sub(1; 4)", -2.75),
        ("prod(2; 3; 4)", 24),
        ("power(2; 10)", 1024),
        ("sqrt(2)", 1.4142135623730951),
        ("ln(1) + log(1000)", 3),
        ('number("7")', 7),
        ("sortAscNum(1.n)", [3, 4, 5.5]),
        ("sortDescNum(1.n)", [5.5, 4, 3]),
        ('contains("Hello"; "hello"; true)', True),
        ('contains(1.n; "X"; true)', True),
        ("contains(1.n; 4)", False),
        ('decodeURL("%E9")', "\ufffd"),
        ('escapeHTML("a & ""b"" \'c\'")', "a &amp; &quot;b&quot; &#x27;c&#x27;"),
        ('escapeMarkdown("*a* b")', "&#42;a&#42; b"),
        ("stripHTML(1.html)", "Hi\nyou 2 < 3"),
        ('indexOf("aba"; "a"; 1)', 2),
        ("length(null)", 0),
        ("length(1.bytes)", 2),
        ("length(12)", 2),
        ("lower(null)", ""),
        ('startcase("hello, WORLD\'s end")', "Hello, World's End"),
        ('replace("a.b"; "."; "$&")', "a$&b"),
        ('replace("aAa"; "/a/gi"; "[$&]")', "[a][A][a]"),
        ('replace("ab"; "/(a)(b)?/"; "$2$1$3$$")', "ba$3$"),
        (r'replace("é1"; "/\d/"; "é")', "éé"),
        ('replace("abc"; ""; "x")', "abc"),
        ("replaceEmojiCharacters(1.emoji)", "Hi , é !"),
        ('replaceEmojiCharacters(1.emoji; ":)")', "Hi :), é :)!"),
        ('replacePattern("a1b2"; "[0-9]"; "")', "ab"),
        ('split("a, ,b"; ","; true)', ["a", " ", "b"]),
        ('split("abc"; "")', ["a", "b", "c"]),
        ('substring("Hello"; 3; 1)', "el"),
        ('substring("Hello"; -5; 99)', "Hello"),
        ('left("Hello"; 2) + right("Hello"; 2)', "Helo"),
        ('removeAccents("Žluťoučký")', "Zlutoucky"),
        ('pascal("hello big world")', "HelloBigWorld"),
        ("sortAscString(1.n)", ["", "3", "4", "5.5", "x"]),
        ("sortDescString(1.n)", ["x", "5.5", "4", "3", ""]),
        ('toString(toBinary("4d616b65"; "hex"))', "Make"),
        ('toBinary("é"; "binary")', b"\xe9"),
        ("base64(1.bytes)", "AP8="),
        ('sha1("a"; ; "6b6579"; "hex") = sha1("a"; "hex"; "key")', True),
        ('length(sha512("a"))', 128),
        ("deduplicate(1.mixed)", [1, "1", {"a": 1}, None]),
        ('map(distinct(1.people; "at.city"); "name")', ["bo", "Al"]),
        ("first(emptyarray)", None),
        ("last(null)", None),
        ("flatten(null)", []),
        ('join(1.n; "")', "34x5.5"),
        ("join(1.n)", "3,4,x,,5.5"),
        ('map(1.people; "at.city"; "name"; "bo, cy")', ["Brno", "Brno"]),
        ('map(1.people; "age")', [30, 4, None]),
        ("remove(1.mixed; 1; null)", ["1", {"a": 1}, {"a": 1}]),
        ("shuffle(add(emptyarray; 1; 2; 3))", [1, 3, 2]),
        ("slice(1.n; -2)", [None, 5.5]),
        ("slice(1.n; 1; -1)", ["4", "x", None]),
        ('map(sort(1.people; "asc ci"; "name"); "name")', ["Al", "bo", "cy"]),
        ('map(sort(1.people; "name"); "name")', ["Al", "bo", "cy"]),
        ('map(sort(1.people; "desc"; "age"); "name")', ["cy", "bo", "Al"]),
        ("sort(1.n)", [3, 5.5, "4", "x", None]),
        ('arrayDifference(1.n; add(emptyarray; 3; "x"))', ["4", None, 5.5]),
        ("arrayElement(1.n; 2)", "4"),
        ("arrayElement(1.n; 9)", None),
    ],
)
def test_functions(
    evaluate: Callable[..., object], expression: str, value: object
) -> None:
    result = evaluate("{{" + expression + "}}", BUNDLE)

    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ('abs("x")', "'x' is not a number"),
        ("abs(null)", "An empty value is not a number"),
        ("abs(true)", "The value is not a number"),
        ('parseNumber("ten")', "'ten' is not a number"),
        ("sqrt(-1)", "no square root"),
        ("ln(0)", "above zero"),
        ("div(1; 0)", "Division by zero"),
        ('first("x")', "Text is not a valid array"),
        ('pick("x"; "a")', "A collection is needed, not text"),
        ("keys(emptyarray)", "A collection is needed, not array"),
        ("sortAscNum(1)", "An array is needed, not number"),
        ('sortAscString("x")', "An array is needed, not text"),
        ('toBinary("zz"; "hex")', "not hexadecimal"),
        ('toBinary("*"; "base64")', "not Base64"),
        ('toBinary("x"; "utf99")', "The encoding 'utf99' is unknown"),
        ('sha1("x"; "base99")', "The encoding 'base99' is unknown"),
        ("toString(1.bytes)", "not text in UTF-8"),
        ('replace("ab"; "/(?<x>a)/"; "$<x>")', "Named groups are not supported"),
        ('arrayDifference(1.n; 1.n; "other")', "classic or symmetric"),
    ],
)
def test_a_function_says_what_it_cannot_use(
    evaluate: Callable[..., object], expression: str, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        evaluate("{{" + expression + "}}", BUNDLE)


def test_now_is_the_clock_that_was_handed_in(evaluate: Callable[..., object]) -> None:
    assert evaluate("{{now}}") == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_described(name: str) -> None:
    function = FUNCTIONS[name]

    assert function.signature.startswith(f"{name}(")
    assert function.help.endswith(".")
    assert function.group in {
        "General",
        "Math",
        "Text and binary",
        "Date and time",
        "Array",
    }
    assert function.most is None or function.least <= function.most
