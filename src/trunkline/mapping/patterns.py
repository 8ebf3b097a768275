"""Patterns written by people, run by RE2 so that none can hang."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Protocol

import re2

from trunkline.errors import DataError
from trunkline.mapping.budget import Budget

_CACHED_PATTERNS: Final = 64
_MEMORY: Final = 2 << 20
_MAX_PATTERN: Final = 4096
_SCANNED_PER_STEP: Final = 65_536
_LITERAL: Final = re.compile(r"/(.+)/([dgimsuvy]*)", re.DOTALL)
_REFERENCE: Final = re.compile(r"\$(\$|&|[0-9]{1,2}|<[^>]*>)")
_BACK_REFERENCE: Final = re.compile(r"\\(?:[1-9]|k<)")
_NAMED_GROUP: Final = re.compile(r"\(\?<([A-Za-z_]\w*)>")


class Match(Protocol):
    """What RE2 says about one place."""

    def __getitem__(self, group: int) -> str: ...
    def start(self) -> int: ...
    def end(self) -> int: ...
    def groups(self) -> tuple[str | None, ...]: ...


class Pattern(Protocol):
    """A compiled pattern of RE2, which ships without types."""

    def search(self, text: str) -> Match | None: ...
    def finditer(self, text: str) -> Iterator[Match]: ...


def slashed(text: str) -> tuple[str, str] | None:
    """Pattern and flags of `/pattern/flags`, or None for a literal text."""
    found = _LITERAL.fullmatch(text)
    return (found[1], found[2]) if found else None


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether a pattern is found anywhere in a text."""
    flags = "i" if ignore_case else ""
    if (found := slashed(pattern)) is not None:
        pattern, flags = found[0], flags + found[1]
    return _compiled(pattern, _relevant(flags)).search(_clean(text)) is not None


def substitute(
    pattern: str, flags: str, text: str, replacement: str, budget: Budget
) -> str:
    """A text with the first match replaced, or with flag `g` every match."""
    text = _clean(text)
    pieces: list[str] = []
    position = 0
    for match in _compiled(pattern, _relevant(flags)).finditer(text):
        budget.spend(1 + (len(text) - position) // _SCANNED_PER_STEP)
        budget.produce(replacement.count("$") * len(match[0]) + len(replacement))
        pieces += (text[position : match.start()], _filled(replacement, match))
        position = match.end()
        if "g" not in flags:
            break
    pieces.append(text[position:])
    return "".join(pieces)


def _filled(replacement: str, match: Match) -> str:
    """`$&`, `$1` to `$99` and `$$`, as in JavaScript (5.4 [sure])."""

    def meant(reference: re.Match[str]) -> str:
        sign = reference[1]
        if sign.startswith("<"):
            raise DataError("Named groups are not supported in a replacement.")
        if sign == "$":
            return "$"
        return match[0] if sign == "&" else _group(match, sign)

    return _REFERENCE.sub(meant, replacement) if "$" in replacement else replacement


def _group(match: Match, digits: str) -> str:
    groups = len(match.groups())
    if 0 < int(digits) <= groups:
        return match[int(digits)] or ""
    if len(digits) > 1 and 0 < int(digits[0]) <= groups:
        return (match[int(digits[0])] or "") + digits[1]
    return "$" + digits


def _relevant(flags: str) -> str:
    return "".join(sorted(set(flags) & set("ims")))


def _clean(text: str) -> str:
    """Without halves of surrogate pairs, which RE2 does not take."""
    return text if text.isascii() else text.encode(errors="replace").decode()


@lru_cache(maxsize=_CACHED_PATTERNS)
def _compiled(pattern: str, flags: str) -> Pattern:
    if len(pattern) > _MAX_PATTERN:
        raise DataError(f"The pattern has more than {_MAX_PATTERN:,} characters.")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    source = _NAMED_GROUP.sub(r"(?P<\1>", _clean(pattern))
    try:
        compiled: Pattern = re2.compile(
            f"(?{flags}){source}" if flags else source, options
        )
    except re2.error as error:
        raise DataError(_explained(pattern, str(error))) from None
    return compiled


def _explained(pattern: str, reason: str) -> str:
    """Why RE2 refuses a pattern, in words for its author."""
    shown = pattern[:80]
    for sign, name in _UNSUPPORTED.items():
        if sign in pattern:
            return f"The pattern '{shown}' uses {name}, which RE2 does not support."
    if _BACK_REFERENCE.search(pattern):
        return (
            f"The pattern '{shown}' uses a back reference, which RE2 does not support."
        )
    # RE2 gives its reason as bytes, whose text is b'…'.
    return f"The pattern '{shown}' cannot be read: {reason[2:-1]}."


_UNSUPPORTED: Final = {
    "(?=": "a lookahead",
    "(?!": "a lookahead",
    "(?<=": "a lookbehind",
    "(?<!": "a lookbehind",
    "(?>": "an atomic group",
    "*+": "a possessive quantifier",
    "++": "a possessive quantifier",
}
