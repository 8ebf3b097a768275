"""Functions over texts."""

import html
import re
import string
import unicodedata
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from trunkline.errors import DataError
from trunkline.mapping import patterns
from trunkline.mapping.functions.registry import Shelf
from trunkline.mapping.numbers import integer
from trunkline.mapping.operators import strictly_equals
from trunkline.mapping.scope import Scope
from trunkline.mapping.values import describe, render_text, truthy

function = Shelf("Text and binary")

_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff"
    "\u200d\ufe0f\u20e3\U000e0020-\U000e007f]+"
)
_UNRESERVED: Final = (string.ascii_letters + string.digits + "-_.!~*'()").encode()
_TAG: Final = re.compile(r"<[/!?A-Za-z][^<>]*>")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_UNSEEN: Final = (
    (re.compile("<!--"), re.compile("-->")),
    (
        re.compile(r"<script\b", re.IGNORECASE),
        re.compile(r"</script[^<>]*>", re.IGNORECASE),
    ),
    (
        re.compile(r"<style\b", re.IGNORECASE),
        re.compile(r"</style[^<>]*>", re.IGNORECASE),
    ),
)
"""How what browsers do not show begins and ends."""

_MARKDOWN: Final = {ord(mark): f"&#{ord(mark)};" for mark in "\\`*_{}[]()#+-.!|<>~"}


@function("ascii(text; [remove diacritics])")
def ascii_(value: object, strip: object = None) -> str:
    """The text without all that is not ASCII; accents may be stripped first.

    {{ascii("Žluťoučký"; true)}} = "Zlutoucky"
    """
    text = render_text(value)
    if truthy(strip) and strip != "false":
        text = _without_accents(text)
    return text.encode("ascii", errors="ignore").decode()


@function("capitalize(text)")
def capitalize(value: object) -> str:
    """The text with a capital first letter.

    {{capitalize("ada lovelace")}} = "Ada lovelace"
    """
    text = render_text(value)
    return text[:1].upper() + text[1:]


@function("startcase(text)")
def startcase(value: object) -> str:
    """Every word with a capital first letter, the rest small.

    {{startcase("hello WORLD")}} = "Hello World"
    """
    return re.sub(
        r"\S+", lambda word: word[0][0].upper() + word[0][1:].lower(), _text(value)
    )


@function("pascal(text)")
def pascal(value: object) -> str:
    """The words run together, each with a capital first letter.

    {{pascal("net promoter score")}} = "NetPromoterScore"
    """
    words = re.findall(r"[^\W_]+", _text(value))
    return "".join(word[0].upper() + word[1:].lower() for word in words)


@function("contains(text or array; search; [ignore case])", scoped=True)
def contains(
    scope: Scope,
    value: object,
    search: object,
    ignore_case: object = None,
) -> bool:
    """True if the text or array contains what is searched for.

    {{contains("Hello World"; "world"; true)}} = true
    """
    folded = truthy(ignore_case) and ignore_case != "false"
    if isinstance(value, list):
        scope.budget.spend(len(value))
        return any(_same(member, search, folded=folded) for member in value)
    text, wanted = render_text(value), render_text(search)
    return wanted.lower() in text.lower() if folded else wanted in text


@function("decodeURL(text)")
def decode_url(value: object) -> str:
    """The text with its %xx signs decoded.

    {{decodeURL("a%20b%26c")}} = "a b&c"
    """
    return unquote_to_bytes(_text(value)).decode(errors="replace")


@function("encodeURL(text)", scoped=True)
def encode_url(scope: Scope, value: object) -> str:
    """The text as a part of an address.

    {{encodeURL("a b&c")}} = "a%20b%26c"
    """
    data = _text(value).encode(errors="replace")
    scope.budget.produce(3 * len(data.translate(None, _UNRESERVED)))
    return quote(data, safe="!'()*~")


@function("escapeHTML(text)")
def escape_html(value: object) -> str:
    """The text with & < > and quotes as entities.

    {{escapeHTML("<b>5 > 3</b>")}} = "&lt;b&gt;5 &gt; 3&lt;/b&gt;"
    """
    return html.escape(_text(value))


@function("escapeMarkdown(text)")
def escape_markdown(value: object) -> str:
    """The text with the marks of Markdown as entities.

    {{escapeMarkdown("*5*")}} = "&#42;5&#42;"
    """
    return _text(value).translate(_MARKDOWN)


@function("stripHTML(text)")
def strip_html(value: object) -> str:
    """The text without tags; line breaks stay, scripts and styles go.

    {{stripHTML("<p>Hello <b>you</b></p>")}} = "Hello you"
    """
    text = _text(value)
    for opening, closing in _UNSEEN:
        text = _without(text, opening, closing)
    return _TAG.sub("", _BREAK.sub("\n", text))


@function("indexOf(text; search; [start])")
def index_of(value: object, search: object, start: object = 0) -> int:
    """Where the text contains what is searched for, from 0; -1 if nowhere.

    {{indexOf("Trunkline"; "line")}} = 5
    """
    return _text(value).find(_text(search), max(_place(start, 0), 0))


@function("length(text, buffer or array)")
def length(value: object) -> int:
    """The number of characters, bytes or members.

    {{length(1.tags)}} = 2
    """
    if value is None:
        return 0
    return len(value) if isinstance(value, list | bytes | dict) else len(_text(value))


@function("lower(text)")
def lower(value: object) -> str:
    """The text in small letters.

    {{lower("Ada")}} = "ada"
    """
    return _text(value).lower()


@function("upper(text)")
def upper(value: object) -> str:
    """The text in capital letters.

    {{upper("Ada")}} = "ADA"
    """
    return _text(value).upper()


@function("trim(text)")
def trim(value: object) -> str:
    """The text without blanks at both ends.

    {{trim("  Ada ")}} = "Ada"
    """
    return _text(value).strip()


@function("replace(text; search; replacement)", scoped=True)
def replace(scope: Scope, value: object, search: object, by: object) -> str:
    """Every occurrence replaced; the search may be a pattern /…/flags.

    {{replace("a-b-c"; "-"; "+")}} = "a+b+c"
    """
    text, wanted, replacement = _text(value), _text(search), _text(by)
    if (pattern := patterns.slashed(wanted)) is not None:
        return patterns.substitute(*pattern, text, replacement, scope.budget)
    if not wanted:
        return text
    growth = text.count(wanted) * (len(replacement) - len(wanted))
    scope.budget.produce(max(growth, 0))
    return text.replace(wanted, replacement)


@function("replacePattern(text; pattern; replacement)", scoped=True)
def replace_pattern(scope: Scope, value: object, pattern: object, by: object) -> str:
    """Every match of a pattern replaced.

    {{replacePattern("tel. 12 34"; "[0-9]+"; "#")}} = "tel. # #"
    """
    source, flags = patterns.slashed(_text(pattern)) or (_text(pattern), "")
    return patterns.substitute(
        source, flags + "g", _text(value), _text(by), scope.budget
    )


@function("replaceEmojiCharacters(text; [replacement])", scoped=True)
def replace_emoji(scope: Scope, value: object, by: object = "") -> str:
    """Every emoji replaced, or removed.

    {{replaceEmojiCharacters("fine 🙂"; ":)")}} = "fine :)"
    """
    text, replacement = _text(value), _text(by)
    scope.budget.produce(len(_EMOJI.findall(text)) * len(replacement))
    return _EMOJI.sub(lambda _emoji: replacement, text)


@function("split(text; separator; [keep empty])", scoped=True)
def split(
    scope: Scope,
    value: object,
    separator: object,
    keep_empty: object = None,
) -> list[str]:
    """The parts of a text, trimmed, without empty ones unless they are kept.

    {{split("red, green, blue"; ",")}} = ["red","green","blue"]
    """
    text, sign = _text(value), _text(separator)
    scope.budget.hold(text.count(sign) + 1)
    parts = text.split(sign) if sign else list(text)
    if truthy(keep_empty) and keep_empty != "false":
        return parts
    return [part.strip() for part in parts if part.strip()]


@function("substring(text; start; [end])")
def substring(value: object, start: object, end: object = None) -> str:
    """The characters from start, counted from 0, up to but without end.

    {{substring("Trunkline"; 0; 5)}} = "Trunk"
    """
    text = _text(value)
    first, last = sorted((_place(start, 0), _place(end, len(text))))
    return text[max(first, 0) : max(last, 0)]


@function("left(text; number)")
def left(value: object, number: object) -> str:
    """The first characters.

    {{left("Trunkline"; 5)}} = "Trunk"
    """
    return _text(value)[: max(integer(number), 0)]


@function("right(text; number)")
def right(value: object, number: object) -> str:
    """The last characters.

    {{right("Trunkline"; 4)}} = "line"
    """
    text = _text(value)
    return text[max(len(text) - max(integer(number), 0), 0) :]


@function("concat(separator; text1; ...)", scoped=True)
def concat(scope: Scope, separator: object, *values: object) -> str:
    """All texts in a row, with the separator between them.

    {{concat(" - "; "a"; "b"; "c")}} = "a - b - c"
    """
    texts, sign = [_text(value) for value in values], _text(separator)
    scope.budget.produce(sum(map(len, texts)) + len(sign) * len(texts))
    return sign.join(texts)


@function("removeAccents(text)")
def remove_accents(value: object) -> str:
    """The text with plain letters for accented ones.

    {{removeAccents("Žluťoučký")}} = "Zlutoucky"
    """
    return _without_accents(_text(value))


@function("sortAscString(array)")
def sort_ascending(values: object) -> list[str]:
    """The members as texts, in order.

    {{sortAscString(1.tags)}} = ["csat","nps"]
    """
    return sorted(_texts(values))


@function("sortDescString(array)")
def sort_descending(values: object) -> list[str]:
    """The members as texts, last first.

    {{sortDescString(1.tags)}} = ["nps","csat"]
    """
    return sorted(_texts(values), reverse=True)


_text = render_text


def _texts(values: object) -> list[str]:
    if isinstance(values, list):
        return [_text(value) for value in values]
    raise DataError(f"An array is needed, not {describe(values)}.")


def _same(member: object, wanted: object, *, folded: bool) -> bool:
    if folded and isinstance(member, str):
        return member.lower() == _text(wanted).lower()
    return strictly_equals(member, wanted)


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _without(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """Without the parts between two signs, in one pass from left to right."""
    kept: list[str] = []
    position = 0
    while begin := opening.search(text, position):
        end = closing.search(text, begin.end())
        if end is None:
            break
        kept.append(text[position : begin.start()])
        position = end.end()
    return "".join((*kept, text[position:]))


def _place(value: object, default: int) -> int:
    return default if value is None or value == "" else integer(value)
