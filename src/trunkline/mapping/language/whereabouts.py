"""Where in an expression a cursor stands, read from its pieces."""

from collections.abc import Sequence

from trunkline.mapping.language.context import ANY, Context, Shape
from trunkline.mapping.language.pieces import Piece
from trunkline.mapping.nodes import Index

_ANY_INDEX = Index(position=0, length=0, number=None)


def in_expression(before: Sequence[Piece]) -> bool:
    """Whether the pieces end between `{{` and `}}`."""
    braces = [piece.text for piece in before if piece.kind == "brace"]
    return bool(braces) and braces[-1] == "{{"


def words(before: Sequence[Piece]) -> list[Piece]:
    """The pieces without blanks."""
    return [piece for piece in before if piece.kind != "space"]


def shape_before(before: Sequence[Piece], context: Context) -> Shape | None:
    """What the path gives that the pieces end with; None where it leads nowhere."""
    root, steps = _path(words(before))
    if root is None:
        return None
    shape = _shape_of_root(root.text.strip("`"), context)
    for step in steps:
        shape = shape.at(step) if shape is not None else None
    return shape


def _shape_of_root(root: str, context: Context) -> Shape | None:
    if root.isdecimal():
        return context.shape(int(root))
    return context.variables if root == "var" else ANY


def _path(before: list[Piece]) -> tuple[Piece | None, list[str | Index]]:
    """The root and the steps of the path at the end, read backwards."""
    steps: list[str | Index] = []
    place = len(before) - 1
    while place >= 0:
        piece = before[place]
        if piece.text == "]":
            place = _opening(before, place)
            steps.append(_ANY_INDEX)
        elif piece.kind == "field" and place > 0 and before[place - 1].kind == "dot":
            steps.append(piece.text.strip("`"))
            place -= 1
        elif piece.kind in ("module", "variable", "number"):
            return piece, steps[::-1]
        else:
            break
        place -= 1
    return None, []


def _opening(before: list[Piece], closing: int) -> int:
    """Where the bracket opens that closes there."""
    depth = 0
    for place in range(closing, -1, -1):
        if before[place].text == "]":
            depth += 1
        elif before[place].text == "[":
            depth -= 1
            if depth == 0:
                return place
    return 0
