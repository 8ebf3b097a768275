"""What the word under the pointer means, and which argument is being typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from trunkline.mapping.functions import FUNCTIONS, Function
from trunkline.mapping.language.completion import sample_text
from trunkline.mapping.language.context import Context
from trunkline.mapping.language.pieces import Piece, pieces
from trunkline.mapping.language.whereabouts import in_expression, shape_before, words
from trunkline.mapping.values import json_text
from trunkline.mapping.words import CONSTANTS, HELP


@dataclass(frozen=True, slots=True, kw_only=True)
class Hover:
    """A part of the template and what it means, line by line."""

    position: int
    length: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The function whose arguments are being typed; `argument` counts from 0."""

    name: str
    signature: str
    help: str
    argument: int


def explain(source: str, offset: int, context: Context) -> Hover | None:
    """What stands at an offset; None where there is nothing to say."""
    cut = pieces(source)
    for place, piece in enumerate(cut):
        if piece.position <= offset < piece.end:
            lines = _lines(piece, cut[:place], context)
            if not lines:
                return None
            return Hover(
                position=piece.position, length=len(piece.text), lines=tuple(lines)
            )
    return None


def signature_at(source: str, offset: int) -> Signature | None:
    """The innermost function around an offset."""
    before = pieces(source[: max(offset, 0)])
    if not in_expression(before):
        return None
    argument = depth = 0
    inside = words(before)
    for place in range(len(inside) - 1, 0, -1):
        text = inside[place].text
        if text in (")", "]"):
            depth += 1
        elif text in ("(", "[") and depth:
            depth -= 1
        elif text == "(" and inside[place - 1].text in FUNCTIONS:
            return _signature(FUNCTIONS[inside[place - 1].text], argument)
        elif text == ";" and not depth:
            argument += 1
    return None


def _signature(function: Function, argument: int) -> Signature:
    return Signature(
        name=function.name,
        signature=function.signature,
        help=function.help,
        argument=argument,
    )


def _lines(piece: Piece, before: Sequence[Piece], context: Context) -> list[str]:
    match piece.kind:
        case "function":
            function = FUNCTIONS[piece.text]
            template, result = function.example
            return [function.signature, function.help, f"{template} = {result}"]
        case "keyword":
            return [HELP[piece.text], *_constant(CONSTANTS[piece.text])]
        case "variable":
            return [HELP[piece.text]]
        case "module":
            return _module(piece, context)
        case "field":
            return _field(piece, before, context)
    return []


def _constant(value: object) -> list[str]:
    return [json_text(value)] if isinstance(value, str | bool | float) else []


def _module(piece: Piece, context: Context) -> list[str]:
    number = piece.text.strip("`")
    found = context.modules.get(int(number)) if number.isdecimal() else None
    return [] if found is None else [f"Module {found.id}: {found.label}"]


def _field(piece: Piece, before: Sequence[Piece], context: Context) -> list[str]:
    shape = shape_before([*before, piece], context)
    if shape is None:
        return ["This field is not among those that are known."]
    said = [shape.title, shape.kind, sample_text(shape)]
    return [line for line in said if line and line != "any"]
