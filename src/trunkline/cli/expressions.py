"""`trunkline eval`: what a template gives, and what it is made of."""

import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from trunkline.cli.terminal import complain, print_json, visible
from trunkline.cli.values import File, read_json
from trunkline.errors import ModuleError, TemplateError, UsageError
from trunkline.mapping import (
    FUNCTIONS,
    IGNORE,
    Reference,
    Scope,
    compile_template,
    describe,
)
from trunkline.mapping.language import Context, Upstream, diagnose, pieces, shape_of
from trunkline.mapping.moments import known_zone
from trunkline.mapping.values import json_text


def evaluate(
    template: str,
    /,
    *,
    bundle: File = None,
    timezone: Annotated[str, Parameter(metavar="ZONE")] = "UTC",
    explain: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Evaluate a template and print {"value": …, "type": …}.

    Parameters
    ----------
    template
        The template, such as '{{upper(1.email)}}'.
    bundle
        A JSON file with the bundles it refers to by module number, such as
        {"1": {"email": "a@example.com"}}; - is standard input.
    timezone
        The time zone that dates are read and shown in, such as Europe/Prague.
    explain
        Also print its pieces, the references and functions it uses with their help,
        and what is probably not meant.
    """
    scope = _scope(bundle, timezone)
    try:
        compiled = compile_template(template)
        value = compiled.evaluate(scope)
    except TemplateError as error:
        complain(f"{error}\n{_pointed_at(template, error)}")
        return 1
    except ModuleError as error:
        complain(str(error))
        return 1
    shown = _result(value)
    if explain:
        shown["references"] = [
            _reference(one, scope) for one in _in_order(compiled.references)
        ]
        shown["functions"] = _functions(template)
        shown["diagnostics"] = _diagnostics(template, scope)
        shown["pieces"] = [asdict(piece) for piece in pieces(template)]
    print_json(shown)
    return 0


def _scope(bundle: str | None, timezone: str) -> Scope:
    if known_zone(timezone) is None:
        raise UsageError(
            f"{timezone!r} is not a time zone; use a name such as Europe/Prague."
        )
    return Scope(
        _bundles(bundle),
        clock=lambda: datetime.now(UTC),
        random=random.random,
        uuid=lambda: str(uuid.uuid4()),
        timezone=timezone,
    )


def _bundles(file: str | None) -> dict[int, Any]:
    if file is None:
        return {}
    content = read_json(file)
    if not isinstance(content, Mapping) or not all(map(str.isdecimal, content)):
        raise UsageError(
            f'{file} should hold bundles by module number, as in {{"1": {{"email": '
            '"a@example.com"}}.'
        )
    return {int(number): bundle for number, bundle in content.items()}


def _result(value: object) -> dict[str, Any]:
    plain = None if value is IGNORE else json.loads(json_text(value))
    return {"value": plain, "type": describe(value)}


def _pointed_at(template: str, error: TemplateError) -> str:
    """The line of the template with the fault, and a caret under it."""
    start = template.rfind("\n", 0, error.position) + 1
    line = template[start:].partition("\n")[0]
    before, length = line[: error.position - start], max(1, error.length)
    marks = "^" * min(length, max(1, len(line) - len(before)))
    return f"  {visible(line)}\n  {' ' * len(visible(before))}{marks}"


def _reference(reference: Reference, scope: Scope) -> dict[str, Any]:
    """A reference as it is written, and what it gives."""
    written = f"{reference.module}" + "".join(
        f"[{step}]" if isinstance(step, int) else f".{_name(step)}"
        for step in reference.path
    )
    value = compile_template(f"{{{{{written}}}}}").evaluate(scope)
    return {"reference": written, **_result(value)}


def _name(step: str) -> str:
    return step if step.isidentifier() else f"`{step}`"


def _in_order(references: frozenset[Reference]) -> list[Reference]:
    seen: dict[tuple[object, ...], Reference] = {}
    for one in sorted(references, key=lambda reference: reference.position):
        seen.setdefault((one.module, *one.path), one)
    return list(seen.values())


def _functions(template: str) -> list[dict[str, str]]:
    """Every function called, once, in the order of its first call."""
    called = dict.fromkeys(
        piece.text for piece in pieces(template) if piece.kind == "function"
    )
    return [
        {
            "name": one.name,
            "group": one.group,
            "signature": one.signature,
            "help": one.help,
            "example": f"{one.example.template} = {one.example.result}",
        }
        for one in (FUNCTIONS[name] for name in called)
    ]


def _diagnostics(template: str, scope: Scope) -> list[dict[str, Any]]:
    """What is probably not meant, beside the bundles at hand."""
    upstream = (
        Upstream(id=number, label="", shape=replace(shape_of(bundle), known=True))
        for number, bundle in scope.modules.items()
    )
    context = Context(upstream, open_=not scope.modules)
    return [asdict(one) for one in diagnose(template, context)]
