"""From a template's text to its tree: literal texts and expressions in turn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Final, Never

from trunkline.errors import TemplateError
from trunkline.mapping.budget import MAX_NESTING, MAX_SOURCE
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
from trunkline.mapping.numbers import number_in, settle
from trunkline.mapping.operators import PRECEDENCE
from trunkline.mapping.tokens import CLOSE, Token, scan

OPEN: Final = "{{"

_POWER: Final = {
    sign: power
    for power, (signs, _meaning) in enumerate(reversed(PRECEDENCE), 1)
    for sign in signs
}
"""How tightly an operator binds."""


def parse(source: str) -> list[str | Node]:
    """The parts of a template; two texts never stand side by side."""
    check_length(source)
    parts: list[str | Node] = []
    position = 0
    while (start := source.find(OPEN, position)) >= 0:
        if start > position:
            parts.append(source[position:start])
        parser = _Parser(source, start)
        parts.append(parser.whole())
        position = parser.position
    if position < len(source):
        parts.append(source[position:])
    return parts


def check_length(source: str) -> None:
    """Raises TemplateError for a template that is longer than any needs to be."""
    if len(source) > MAX_SOURCE:
        raise TemplateError(
            f"The template has {len(source):,} characters; at most {MAX_SOURCE:,} are "
            "allowed."
        )


def parse_as_far(source: str) -> tuple[list[Node], list[TemplateError]]:
    """The expressions that can be read, and what is wrong with each of the others."""
    nodes: list[Node] = []
    faults: list[TemplateError] = []
    position = 0
    while (start := source.find(OPEN, position)) >= 0:
        try:
            parser = _Parser(source, start)
            nodes.append(parser.whole())
            position = parser.position
        except TemplateError as fault:
            faults.append(fault)
            # What is open to the end of the text still ends for us where it looks so.
            close = source.find(CLOSE, start + len(OPEN))
            position = len(source) if close < 0 else close + len(CLOSE)
    return nodes, faults


class _Parser:
    """A Pratt parser over one `{{expression}}`."""

    def __init__(self, source: str, start: int) -> None:
        self._source = source
        self._start = start
        self._depth = 0
        self._next = scan(source, start + len(OPEN))

    @property
    def position(self) -> int:
        return self._next.end

    def whole(self) -> Node:
        """The expression up to its `}}`; nothing at all is null."""
        if self._next.kind == "close":
            return _empty(self._next.position)
        node = self._expression()
        self._close()
        return node

    def _close(self) -> None:
        if self._next.kind == "end":
            raise TemplateError(
                f"Unclosed expression at position {self._start}: {{{{ has no }}}}.",
                position=self._start,
                length=len(self._source) - self._start,
            )
        if self._next.kind != "close":
            self._unexpected()

    def _expression(self, power: int = 0) -> Node:
        start = self._next.position
        left = self._operand()
        while (level := _level(self._next)) > power:
            left = self._chain(left, level, start)
        return left

    def _chain(self, first: Node, level: int, start: int) -> Chain:
        operands, operators = [first], []
        while _level(self._next) == level:
            operators.append(self._advance().text)
            operands.append(self._expression(level))
        return Chain(
            position=start,
            length=self._last_end - start,
            operands=tuple(operands),
            operators=tuple(operators),
        )

    def _operand(self) -> Node:
        start = self._next
        prefixes = []
        while self._next.text in ("!", "-") and self._next.kind == "operator":
            prefixes.append(self._advance().text)
        node = self._primary()
        if not prefixes:
            return node
        return Prefix(
            position=start.position,
            length=self._last_end - start.position,
            operators=tuple(prefixes),
            operand=node,
        )

    def _primary(self) -> Node:
        token = self._next
        if _level(token) or token.kind == "operator":
            self._fail(f"Operator next to operator at position {token.position}.")
        readers: dict[str, Callable[[], Node]] = {
            "number": self._number,
            "text": self._quoted,
            "module": self._module,
            "backtick": self._bundle,
            "name": self._named,
        }
        if token.kind in readers:
            return readers[token.kind]()
        return self._group() if self._at("(") else self._missing()

    def _quoted(self) -> Constant:
        token = self._advance()
        return _constant(token, token.text)

    def _module(self) -> Path:
        token = self._advance()
        return self._path(token, int(token.text))

    def _number(self) -> Constant:
        token = self._advance()
        number = number_in(token.text)
        if number is None:
            raise TemplateError(
                f"The number at position {token.position} has too many digits.",
                position=token.position,
                length=token.length,
            )
        if isinstance(number, Decimal):
            return _constant(token, settle(number))
        return _constant(token, number)

    def _bundle(self) -> Path:
        """A backticked number is a whole bundle (5.2 [likely])."""
        token = self._advance()
        root = token.text
        whole = root.isascii() and root.isdigit() and len(root) < MAX_NESTING
        return self._path(token, int(root) if whole else root)

    def _named(self) -> Node:
        token = self._advance()
        if self._next.text == "(" and self._next.kind == "mark":
            return self._call(token)
        if self._next.text in (".", "[") and self._next.kind == "mark":
            return self._path(token, token.text)
        return Word(position=token.position, length=token.length, name=token.text)

    def _path(self, first: Token, root: int | str) -> Path:
        steps: list[str | Index] = []
        end = first.end
        while self._next.kind == "mark" and self._next.text in (".", "["):
            steps.append(self._member() if self._next.text == "." else self._index())
            end = self._last_end
        return Path(
            position=first.position,
            length=end - first.position,
            root=root,
            steps=tuple(steps),
        )

    def _member(self) -> str:
        dot = self._advance()
        token = self._next
        if token.kind in ("name", "backtick"):
            return self._advance().text
        if token.kind in ("number", "module"):
            self._fail(
                f"The field name at position {token.position} begins with a digit: "
                f"write it in backticks, `{token.text}`."
            )
        raise TemplateError(
            f"A field name is missing after the dot at position {dot.position}.",
            position=dot.position,
        )

    def _index(self) -> Index:
        opening = self._advance()
        with self._deeper(opening):
            number = None if self._next.text == "]" else self._expression()
        if self._next.text != "]":
            raise TemplateError(
                f"Unclosed index at position {opening.position}: [ has no ].",
                position=opening.position,
            )
        closing = self._advance()
        return Index(
            position=opening.position,
            length=closing.end - opening.position,
            number=number,
        )

    def _group(self) -> Node:
        opening = self._advance()
        with self._deeper(opening):
            node = self._expression()
        if self._next.kind in ("close", "end"):
            raise TemplateError(
                f"Unclosed bracket at position {opening.position}: ( has no ).",
                position=opening.position,
            )
        if self._next.text != ")":
            self._unexpected()
        self._advance()
        return node

    def _call(self, name: Token) -> Call:
        opening = self._advance()
        arguments: list[Node] = []
        with self._deeper(opening):
            if not self._at(")"):
                arguments.append(self._argument(name))
            while self._at(";"):
                self._advance()
                arguments.append(self._argument(name))
        if self._next.kind in ("close", "end"):
            self._unclosed(name)
        if not self._at(")"):
            self._unexpected()
        closing = self._advance()
        return Call(
            position=name.position,
            length=closing.end - name.position,
            name=name.text,
            arguments=tuple(arguments),
        )

    def _argument(self, function: Token) -> Node:
        if self._next.kind in ("close", "end"):
            self._unclosed(function)
        if self._at(";") or self._at(")"):
            return _empty(self._next.position)
        return self._expression()

    def _at(self, mark: str) -> bool:
        return self._next.kind == "mark" and self._next.text == mark

    def _advance(self) -> Token:
        token = self._next
        self._last_end = token.end
        self._next = scan(self._source, token.end)
        return token

    @contextmanager
    def _deeper(self, opening: Token) -> Iterator[None]:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise TemplateError(
                f"The expression is nested more than {MAX_NESTING} levels deep.",
                position=opening.position,
            )
        yield
        self._depth -= 1

    def _missing(self) -> Never:
        token = self._next
        if token.kind == "end":
            self._close()
        if token.kind == "close":
            self._fail(f"A value is missing at position {token.position}.")
        self._unexpected()

    def _unexpected(self) -> Never:
        token = self._next
        self._fail(
            f"Unexpected {token.text} at position {token.position}: an operator or a "
            "bracket is missing before it."
        )

    def _unclosed(self, function: Token) -> Never:
        raise TemplateError(
            f"Unclosed function at position {function.position}: {function.text}( has "
            "no ).",
            position=function.position,
            length=function.length + 1,
        )

    def _fail(self, message: str) -> Never:
        raise TemplateError(
            message, position=self._next.position, length=self._next.length
        )


def _level(token: Token) -> int:
    return _POWER.get(token.text, 0) if token.kind in ("operator", "name") else 0


def _constant(token: Token, value: object) -> Constant:
    return Constant(position=token.position, length=token.length, value=value)


def _empty(position: int) -> Constant:
    return Constant(position=position, length=0, value=None)
