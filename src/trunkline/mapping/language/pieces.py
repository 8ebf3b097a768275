"""A template cut into pieces for highlighting: every character belongs to one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from trunkline.errors import TemplateError
from trunkline.mapping.functions import FUNCTIONS
from trunkline.mapping.parser import OPEN
from trunkline.mapping.tokens import CLOSE, Token, scan
from trunkline.mapping.words import CONSTANTS, VARIABLES

PieceKind: TypeAlias = Literal[
    "plain",
    "brace",
    "space",
    "number",
    "string",
    "module",
    "field",
    "keyword",
    "variable",
    "function",
    "operator",
    "separator",
    "bracket",
    "dot",
    "error",
]

_MARKS: Final[dict[str, PieceKind]] = {
    ";": "separator",
    ".": "dot",
    "(": "bracket",
    ")": "bracket",
    "[": "bracket",
    "]": "bracket",
}
_PLAIN_KINDS: Final[dict[str, PieceKind]] = {
    "close": "brace",
    "text": "string",
    "number": "number",
    "module": "module",
    "operator": "operator",
    "end": "space",
}
_WORD_OPERATORS: Final = ("and", "or")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template: its kind, its text, and where it begins."""

    kind: PieceKind
    text: str
    position: int

    @property
    def end(self) -> int:
        return self.position + len(self.text)


def pieces(source: str) -> list[Piece]:
    """The pieces of a template in their order; joined they are the template."""
    found: list[Piece] = []
    position = 0
    while (start := source.find(OPEN, position)) >= 0:
        if start > position:
            found.append(Piece("plain", source[position:start], position))
        found.append(Piece("brace", OPEN, start))
        position = start + len(OPEN)
        for piece in _expression(source, position):
            found.append(piece)
            position = piece.end
    if position < len(source):
        found.append(Piece("plain", source[position:], position))
    return found


def _expression(source: str, position: int) -> Iterator[Piece]:
    """The pieces up to and with `}}`, or to the end where it is missing."""
    before = ""
    while position < len(source):
        piece = _piece(source, position, before)
        yield piece
        position = piece.end
        if piece.kind == "brace":
            return
        if piece.kind != "space":
            before = piece.text


def _piece(source: str, position: int, before: str) -> Piece:
    try:
        token = scan(source, position)
    except TemplateError as error:
        if error.position == position:
            return _broken(source, position, error.length)
        return Piece("space", source[position : error.position], position)
    if token.position > position:
        return Piece("space", source[position : token.position], position)
    text = source[token.position : token.end]
    return Piece(_kind(source, token, before), text, position)


def _broken(source: str, position: int, length: int) -> Piece:
    """What cannot be read, at most up to the end of the expression."""
    close = source.find(CLOSE, position + 1, position + length)
    end = position + length if close < 0 else close
    return Piece("error", source[position:end], position)


def _kind(source: str, token: Token, before: str) -> PieceKind:
    match token.kind:
        case "mark":
            return _MARKS[token.text]
        case "backtick":
            return "field" if before == "." else "module"
        case "name":
            return _word(source, token, before)
    return _PLAIN_KINDS[token.kind]


def _word(source: str, token: Token, before: str) -> PieceKind:
    name = token.text
    if before == ".":
        return "field"
    if is_called(source, token.end):
        return "function" if name in FUNCTIONS else "error"
    if name in _WORD_OPERATORS:
        return "operator"
    if name in CONSTANTS:
        return "keyword"
    return "variable" if name in VARIABLES else "error"


def is_called(source: str, end: int) -> bool:
    """Whether a bracket follows the name that ends there."""
    while end < len(source) and source[end].isspace():
        end += 1
    return source.startswith("(", end)
