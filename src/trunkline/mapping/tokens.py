"""The words of an expression, each with its place in the template."""

import unicodedata
from typing import Final, Literal, NamedTuple, TypeAlias

from trunkline.errors import TemplateError

Kind: TypeAlias = Literal[
    "number", "module", "name", "text", "backtick", "operator", "mark", "close", "end"
]

_OPERATORS: Final = (
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "++",
    "=", "<", ">", "&", "|", "+", "-", "*", "/", "%", "!",
)  # fmt: skip
_MARKS: Final = "()[];."
CLOSE: Final = "}}"


class Token(NamedTuple):
    """One word; `close` is `}}`, `end` the end of the template without it."""

    kind: Kind
    text: str
    position: int
    end: int

    @property
    def length(self) -> int:
        return max(self.end - self.position, 1)


def scan(source: str, position: int) -> Token:
    """The word at or after a position."""
    while position < len(source) and source[position].isspace():
        position += 1
    if position == len(source):
        return Token("end", "", position, position)
    character = source[position]
    if character.isdigit() and character.isascii():
        return _number(source, position)
    if character in "\"'":
        return _text(source, position)
    if character == "`":
        return _backtick(source, position)
    if _begins_name(character):
        return _name(source, position)
    return _sign(source, position)


def _number(source: str, start: int) -> Token:
    end = _after_digits(source, start)
    if source[end : end + 1] != ".":
        return Token("number", source[start:end], start, end)
    after_fraction = _after_digits(source, end + 1)
    if after_fraction == end + 1:
        return Token("module", source[start:end], start, end)
    return Token("number", source[start:after_fraction], start, after_fraction)


def _after_digits(source: str, position: int) -> int:
    while position < len(source) and source[position] in "0123456789":
        position += 1
    return position


def _text(source: str, start: int) -> Token:
    """A quoted text; the quote itself is written twice inside (5.2 [likely])."""
    quote = source[start]
    pieces: list[str] = []
    position = start + 1
    while (end := source.find(quote, position)) >= 0:
        pieces.append(source[position:end])
        if source[end + 1 : end + 2] != quote:
            return Token("text", quote.join(pieces), start, end + 1)
        position = end + 2
    raise TemplateError(
        f"Unclosed text at position {start}: the quote {quote} has no partner.",
        position=start,
        length=len(source) - start,
    )


def _backtick(source: str, start: int) -> Token:
    end = source.find("`", start + 1)
    if end < 0:
        raise TemplateError(
            f"Unclosed field name at position {start}: the backtick has no partner.",
            position=start,
            length=len(source) - start,
        )
    return Token("backtick", source[start + 1 : end], start, end + 1)


def _name(source: str, start: int) -> Token:
    end = start
    while end < len(source) and _continues_name(source[end]):
        end += 1
    return Token("name", source[start:end], start, end)


def _begins_name(character: str) -> bool:
    return character.isalpha() or character in "_$"


def _continues_name(character: str) -> bool:
    return character.isalnum() or character in "_$"


def _sign(source: str, start: int) -> Token:
    if source.startswith(CLOSE, start):
        return Token("close", CLOSE, start, start + 2)
    for operator in _OPERATORS:
        if source.startswith(operator, start):
            return Token("operator", operator, start, start + len(operator))
    if source[start] in _MARKS:
        return Token("mark", source[start], start, start + 1)
    raise TemplateError(_strange(source[start], start), position=start)


def _strange(character: str, position: int) -> str:
    if character == ",":
        return (
            f"Unexpected comma at position {position}: arguments are separated by "
            "semicolons."
        )
    if unicodedata.category(character) in ("Pi", "Pf"):
        return (
            f"Unexpected {character} at position {position}: texts need straight "
            'quotes, "…".'
        )
    return (
        f"Unexpected {character} at position {position}: texts need quotes, and field "
        "names with special characters need backticks."
    )
