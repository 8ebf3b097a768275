"""Templates that ask for far more than they look: time, memory, depth."""

from typing import Any

MEGABYTE = "x" * 1_000_000
LONG = list(range(60_000))
DEEP: Any = None
for _ in range(3_000):
    DEEP = [DEEP]
DEEP_FIELDS: Any = None
for _ in range(3_000):
    DEEP_FIELDS = {"a": DEEP_FIELDS}

PEOPLE = [{"name": "x" * 900, "tags": ["y"] * 9, "age": n} for n in range(20_000)]

BUNDLE: dict[str, Any] = {
    "mega": MEGABYTE,
    "long": LONG,
    "deep": DEEP,
    "fields": DEEP_FIELDS,
    "people": PEOPLE,
    "megas": [MEGABYTE] * 6,
    "same": [{"a": {"b": MEGABYTE}}] * 9_000,
    "rows": [LONG, LONG],
    "sep": "-" * 100_000,
    "letters": ["a"] * 100,
    "ten": "x" * 10_000,
    "huge": 10**300,
}


def _call(name: str, argument: str, times: int) -> str:
    return f"{name}({'; '.join([argument] * times)})"


def _nested(before: str, after: str, depth: int, inner: str = "1.ten") -> str:
    return before * depth + inner + after * depth


_DOUBLED = "replace({}; 1.x; 1.x + 1.x)"

BOMBS: dict[str, str] = {
    # Texts that grow
    "a text six times": "{{1.mega}}" * 6,
    "a sum of texts": "{{" + " + ".join(["1.mega"] * 6) + "}}",
    "a long row of sums": "{{" + " + ".join(["1.mega"] * 4_000) + "}}",
    "replace each letter by the text": '{{replace(1.ten; "x"; 1.ten)}}',
    "replace by a pattern": '{{replace(1.ten; "/x/g"; 1.ten)}}',
    "replace the whole by many of it": '{{replace(1.mega; "/x*/"; "$&$&$&$&$&$&")}}',
    "replacePattern": '{{replacePattern(1.ten; "x"; 1.ten)}}',
    "replace doubled and doubled": (
        "{{"
        + _nested("replace(", '; "x"; "xxxxxxxxxx")', 6, '"x"')
        + "}}{{1.mega}}" * 5
    ),
    "replace of replace": '{{replace(replace(1.ten; "x"; 1.ten); "x"; 1.ten)}}',
    "replaceEmojiCharacters": "{{replaceEmojiCharacters(1.emoji; 1.ten)}}",
    "concat": "{{" + _call("concat", "1.mega", 7) + "}}",
    "concat with a long separator": "{{" + _call("concat", "1.sep", 60) + "}}",
    "join with a long separator": "{{join(1.letters; 1.sep)}}",
    "join of long texts": "{{join(1.megas)}}",
    "text of an array": "{{1.megas}}!",
    "text of the same again and again": "{{1.same}}!",
    "toString": "{{toString(1.same)}}",
    "toString of rows": "{{toString(1.megas)}}",
    "upper of a text of six": "{{upper(1.megas)}}",
    "base64": "{{base64(1.megas)}}",
    "sha256 of an array": "{{sha256(1.same)}}",
    "escapeHTML": "{{escapeHTML(1.quotes)}}",
    "escapeMarkdown": "{{escapeMarkdown(1.stars)}}",
    "encodeURL": "{{encodeURL(1.quotes)}}",
    "startcase of all": "{{startcase(1.megas)}}",
    "length of a joined array": "{{length(join(1.megas))}}",
    "formatNumber": "{{formatNumber(1.huge; 100; 1.sep; 1.sep)}}",
    "formatDate": "{{formatDate(now; 1.mega)}}",
    # Arrays that grow
    "merge": "{{merge(1.long; 1.long)}}",
    "merge a thousand": "{{" + _call("merge", "1.long", 1_000) + "}}",
    "merge of merge": "{{merge(merge(1.long; 1.letters); merge(1.long; 1.letters))}}",
    "add to a long one": "{{add(merge(1.long; 1.long); 1)}}",
    "flatten": "{{flatten(1.rows; 3)}}",
    "split into letters": '{{split(1.mega; "x")}}',
    "split without a separator": '{{split(1.mega; "")}}',
    "split and keep": '{{split(1.mega; "x"; true)}}',
    "deduplicate the same": "{{deduplicate(1.same)}}",
    "distinct": '{{distinct(1.same; "a")}}',
    "sort the same": '{{sort(1.same; "asc"; "a")}}',
    "map in map in map": '{{join(map(map(map(1.same; "a"); "b"); "c"); 1.sep)}}',
    "join of map": '{{join(map(1.people; "name"))}}',
    "toCollection": '{{toCollection(1.same; "a"; "a")}}',
    "arraydiff": "{{arraydiff(1.same; 1.same)}}",
    "arrayintersect": "{{arrayintersect(1.same; 1.same)}}",
    "remove": "{{remove(1.same; 1.same)}}",
    "contains in the same": "{{contains(1.same; 1.same)}}" + "{{1.same}}",
    # Numbers that grow
    "a wide product": "{{9" + " * 99999999999" * 200 + "}}",
    "the square of the square": (
        "{{" + _nested("prod(1.huge; ", ")", 20, "1.huge") + "}}"
    ),
    "power": "{{power(10; 999999999)}}",
    "power of power": "{{power(power(10; 300); 300)}}",
    "power with a fraction": "{{power(1.5; 99999999)}}",
    "a number in a text": '{{number("1e999999999")}}',
    "parseNumber": '{{parseNumber("9e999999999")}}',
    "trunc": "{{trunc(1.huge; 999999999)}}",
    "a number of 9,000 digits": "{{" + "9" * 9_000 + "}}",
    # Dates beyond the calendar
    "addDays": "{{addDays(now; 99999999999999)}}",
    "addYears": "{{addYears(now; 999999)}}",
    "addWeekDays": "{{addWeekDays(now; 999999999)}}",
    "addWeekDays backwards": "{{addWeekDays(now; -999999999)}}",
    "setHour": "{{setHour(now; 1000000000000)}}",
    # Depth
    "brackets": "{{" + _nested("(", ")", 10_000, "1") + "}}",
    "functions": "{{" + _nested("upper(", ")", 5_000) + "}}",
    "conditions": "{{" + _nested("if(true; ", ")", 5_000) + "}}",
    "indices": "{{" + _nested("1.a[", "]", 5_000, "1") + "}}",
    "text of a deep array": "{{1.deep}}!",
    "text of deep fields": "{{1.fields}}!",
    "equality of deep fields": ("{{deduplicate(add(emptyarray; 1.fields; 1.fields))}}"),
    "equality of deep arrays": "{{deduplicate(add(emptyarray; 1.deep; 1.deep))}}",
    # Patterns
    "a pattern too large for RE2": '{{replace("a"; "/((a{1,1000}){1,1000})/"; "")}}',
    "a long pattern": '{{replace("a"; "/" + 1.ten + "/"; "")}}',
    "a look-ahead": '{{replace("a"; "/(?=a)+/"; "")}}',
    "a back reference": r'{{replace("aa"; "/(a)\1/"; "")}}',
    # Sources
    "a source of 100,000 characters": "{{" + "1+" * 50_000 + "1}}",
    "a plain text of 100,000 characters": "x" * 100_000 + "{{1}}",
}

BUNDLE |= {
    "emoji": "🙂 " * 10_000,
    "quotes": '"' * 2_000_000,
    "stars": "*" * 1_500_000,
    "x": "x",
}
