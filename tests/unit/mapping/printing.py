"""The tree of an expression as text again, and trees of every kind."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import strategies as st

from trunkline.mapping.nodes import (
    Call,
    Chain,
    Constant,
    Index,
    Node,
    Path,
    Prefix,
    Word,
)

_PLACE = {"position": 0, "length": 0}
_LEVELS = (
    ("|", "||", "or"),
    ("&", "&&", "and"),
    ("=", "==", "===", "!=", "!=="),
    ("<", "<=", ">", ">="),
    ("+", "++", "-"),
    ("*", "/", "%"),
)


def printed(node: Node) -> str:
    """An expression that gives the tree again."""
    match node:
        case Constant():
            return _constant(node.value)
        case Word():
            return node.name
        case Path():
            return _root(node.root) + "".join(map(_step, node.steps))
        case Call():
            return f"{node.name}({'; '.join(map(printed, node.arguments))})"
        case Prefix():
            return " ".join(node.operators) + " " + _grouped(node.operand)
    parts = [_grouped(node.operands[0])]
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        parts += (operator, _grouped(operand))
    return " ".join(parts)


def placeless(value: Any) -> Any:  # noqa: ANN401 - any part of a tree
    """A part of a tree without the places in the text it came from."""
    if isinstance(value, tuple):
        return tuple(map(placeless, value))
    if not is_dataclass(value):
        return value
    parts = {field.name: getattr(value, field.name) for field in fields(value)}
    kept = {name: placeless(part) for name, part in parts.items()}
    return type(value), tuple((kept | _PLACE).items())


def _constant(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return str(value)


def _root(root: int | str) -> str:
    return root if isinstance(root, str) else f"`{root}`"


def _step(step: str | Index) -> str:
    if isinstance(step, str):
        return f".`{step}`"
    return "[]" if step.number is None else f"[{printed(step.number)}]"


def _grouped(node: Node) -> str:
    simple = isinstance(node, Constant | Word | Path | Call)
    return printed(node) if simple else f"({printed(node)})"


def _node(kind: Callable[..., Node], **parts: Any) -> Node:  # noqa: ANN401 - of a node
    return kind(**_PLACE, **parts)


_NAMES = st.from_regex(r"\A[A-Za-z_$][A-Za-z0-9_$]{0,6}\Z").filter(
    lambda name: name not in ("and", "or")
)
_CONSTANTS = st.builds(
    lambda value: _node(Constant, value=value),
    st.integers(0, 10**20) | st.sampled_from([0.5, 2.25]) | st.text(max_size=6),
)
_STEPS = st.text(st.characters(exclude_characters="`"), max_size=6)


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    index = st.builds(lambda number: Index(**_PLACE, number=number), st.none() | inner)
    paths = st.builds(
        lambda root, steps: _node(Path, root=root, steps=tuple(steps)),
        st.integers(0, 10**6),
        st.lists(_STEPS | index, max_size=3),
    )
    calls = st.builds(
        lambda name, arguments: _node(Call, name=name, arguments=tuple(arguments)),
        _NAMES,
        st.lists(inner, max_size=3),
    )
    prefixes = st.builds(
        lambda operators, operand: _node(
            Prefix, operators=tuple(operators), operand=operand
        ),
        st.lists(st.sampled_from("!-"), min_size=1, max_size=3),
        inner.filter(lambda node: not isinstance(node, Prefix)),
    )
    return (
        paths
        | calls
        | prefixes
        | st.sampled_from(_LEVELS).flatmap(lambda level: _chains(level, inner))
    )


def _chains(
    level: tuple[str, ...], inner: st.SearchStrategy[Node]
) -> st.SearchStrategy[Node]:
    rest = st.lists(st.tuples(st.sampled_from(level), inner), min_size=1, max_size=3)
    return st.builds(
        lambda first, rest: _node(
            Chain,
            operands=(first, *(operand for _, operand in rest)),
            operators=tuple(operator for operator, _ in rest),
        ),
        inner,
        rest,
    )


trees: st.SearchStrategy[Node] = st.recursive(
    _CONSTANTS | st.builds(lambda name: _node(Word, name=name), _NAMES),
    _grown,
    max_leaves=12,
)
