"""What could be typed at a place in a template."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from trunkline.mapping.functions import FUNCTIONS, Function
from trunkline.mapping.language.context import Context, Shape, Upstream
from trunkline.mapping.language.pieces import Piece, pieces
from trunkline.mapping.language.whereabouts import in_expression, shape_before, words
from trunkline.mapping.values import describe, json_text
from trunkline.mapping.words import CONSTANTS, VARIABLES

CandidateKind: TypeAlias = Literal["field", "module", "keyword", "variable", "function"]

_NAME: Final = re.compile(r"[^\W\d][\w$]*|[$][\w$]*")
_REST: Final = re.compile(r"[\w$]*")
_LONGEST_SAMPLE: Final = 60
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that could stand there.

    `insert` is what is typed for it, `cursor` where in that the cursor goes on.
    """

    label: str
    insert: str
    cursor: int
    kind: CandidateKind
    type: str = ""
    detail: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Candidates, best first, and the part of the template that one would replace."""

    position: int
    length: int
    candidates: tuple[Candidate, ...] = ()


def complete(source: str, offset: int, context: Context) -> Completion:
    """The candidates at an offset; none in plain text and in quoted texts."""
    offset = max(0, min(offset, len(source)))
    before = pieces(source[:offset])
    if not in_expression(before) or _in_string(before):
        return Completion(position=offset, length=0)
    typed = _typed(before)
    start = offset if typed is None else typed.position
    written = "" if typed is None else typed.text.strip("`")
    prior = words(before if typed is None else before[:-1])
    found = _after_dot(prior, context) if _is_dot(prior) else _values(context)
    return Completion(
        position=start,
        length=_end(source, offset, typed) - start,
        candidates=tuple(_best(found, written)),
    )


def _in_string(before: list[Piece]) -> bool:
    return before[-1].kind == "error" and before[-1].text[0] in "\"'"


def _typed(before: list[Piece]) -> Piece | None:
    """The word that is being typed, if the cursor stands behind one."""
    last = before[-1]
    is_word = last.text[0] in "`$_" or last.text[0].isalnum()
    return last if is_word and last.kind not in ("plain", "string") else None


def _is_dot(prior: list[Piece]) -> bool:
    return bool(prior) and prior[-1].kind == "dot"


def _end(source: str, offset: int, typed: Piece | None) -> int:
    """The end of the word around the offset."""
    if typed is not None and typed.text.startswith("`"):
        close = source.find("`", offset)
        return offset if close < 0 else close + 1
    rest = _REST.match(source, offset)
    return rest.end() if rest else offset


def _after_dot(prior: list[Piece], context: Context) -> Iterator[Candidate]:
    shape = shape_before(prior[:-1], context)
    if shape is not None:
        for name, inner in shape.member.fields.items():
            yield _field(name, inner)


def _values(context: Context) -> Iterator[Candidate]:
    """Modules from the nearest to the first, then words and functions."""
    for upstream in reversed([*context.modules.values()]):
        yield _module(upstream)
    for name, value in CONSTANTS.items():
        detail = json_text(value) if isinstance(value, str | bool | float) else ""
        yield _word(name, "keyword", detail)
    for name in VARIABLES:
        yield _word(name, "variable", "")
    for function in FUNCTIONS.values():
        yield _function(function)


def _field(name: str, shape: Shape) -> Candidate:
    written = name if _NAME.fullmatch(name) else f"`{name}`"
    return Candidate(
        label=name,
        insert=written,
        cursor=len(written),
        kind="field",
        type=shape.kind,
        detail=sample_text(shape),
        help=shape.title,
    )


def _module(upstream: Upstream) -> Candidate:
    written = f"{upstream.id}."
    return Candidate(
        label=str(upstream.id),
        insert=written,
        cursor=len(written),
        kind="module",
        type=upstream.shape.kind,
        detail=upstream.label,
    )


def _word(name: str, kind: CandidateKind, detail: str) -> Candidate:
    return Candidate(
        label=name, insert=name, cursor=len(name), kind=kind, detail=detail
    )


def _function(function: Function) -> Candidate:
    return Candidate(
        label=function.name,
        insert=f"{function.name}()",
        cursor=len(function.name) + 1,
        kind="function",
        type=function.group,
        detail=function.signature,
        help=function.help,
    )


def sample_text(shape: Shape) -> str:
    """A value that was seen there, cut to what fits into a line."""
    if shape.sample is None:
        return ""
    if describe(shape.sample) in ("collection", "array", "buffer"):
        return ""
    text = json_text(shape.sample)
    return text if len(text) <= _LONGEST_SAMPLE else text[:_LONGEST_SAMPLE] + "…"


def _best(candidates: Iterable[Candidate], written: str) -> list[Candidate]:
    """Those that fit what is written, the best fit first."""
    fitting = [
        (fit, one) for one in candidates if (fit := _fit(one, written)) is not None
    ]
    fitting.sort(key=lambda pair: pair[0])
    return [one for _, one in fitting[:_MOST]]


def _fit(candidate: Candidate, written: str) -> int | None:
    """0 for the same beginning, 3 for the same letters in order, None for neither."""
    label = candidate.label
    if label.startswith(written):
        return 0
    low, wanted = label.lower(), written.lower()
    if low.startswith(wanted):
        return 1
    if wanted in low or wanted in candidate.help.lower():
        return 2
    letters = iter(low)
    return 3 if all(letter in letters for letter in wanted) else None
