"""What an editor asks while a template is being typed."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from trunkline.engine.chance import Chance
from trunkline.engine.document import read_document
from trunkline.engine.engine import Engine
from trunkline.engine.reach import context_of, reaches
from trunkline.errors import ModuleError, TemplateError, UsageError
from trunkline.mapping import (
    FUNCTIONS,
    IGNORE,
    OPERATORS,
    Scope,
    compile_template,
    describe,
)
from trunkline.mapping.language import (
    Completion,
    Context,
    Diagnostic,
    Hover,
    Piece,
    Signature,
    Upstream,
    complete,
    diagnose,
    explain,
    pieces,
    shape_of,
    signature_at,
)
from trunkline.mapping.moments import known_zone
from trunkline.mapping.values import json_text
from trunkline.model.clock import Clock, as_datetime
from trunkline.model.scenario import ScenarioDocument

_PREVIEWS_AT_ONCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A template and what is to be said of it.

    `offset` is where the cursor stands. `scenario` is the scenario file as values and
    `module` the number of the module in it that the template belongs to: together they
    say what runs before. `bundles` are bundles by module number, to try it on.
    """

    template: str
    offset: int | None = None
    scenario: Mapping[str, Any] | None = None
    module: int | None = None
    bundles: Mapping[int, Any] | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a template gives; `error` says why it gives nothing."""

    value: Any = None
    type: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What there is to say; what was not asked for is null."""

    pieces: list[Piece]
    diagnostics: list[Diagnostic]
    completion: Completion | None = None
    hover: Hover | None = None
    signature: Signature | None = None
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionView:
    """A function as an editor's panel shows it; `example` gives `result`."""

    name: str
    group: str
    signature: str
    help: str
    example: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorView:
    """An operator of filters; a unary one has no right side."""

    name: str
    group: str
    unary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What can be written in templates and filters."""

    functions: list[FunctionView]
    operators: list[OperatorView]


def vocabulary() -> Vocabulary:
    """All functions and operators, by group and name."""
    functions = sorted(FUNCTIONS.values(), key=lambda one: (one.group, one.name))
    return Vocabulary(
        functions=[
            FunctionView(
                name=one.name,
                group=one.group,
                signature=one.signature,
                help=one.help,
                example=one.example.template,
                result=one.example.result,
            )
            for one in functions
        ],
        operators=[
            OperatorView(name=one.name, group=one.group, unary=one.unary)
            for one in OPERATORS.values()
        ],
    )


class Language:
    """The use cases around templates."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._previews = asyncio.Semaphore(_PREVIEWS_AT_ONCE)

    async def answer(self, question: Question) -> Said:
        """Everything that an editor shows of a template, in one go.

        Raises:
            UsageError: the scenario is none, or the time zone.
        """
        document = None
        if question.scenario is not None:
            document = read_document(question.scenario)
        context = await self._context(question, document)
        template, offset = question.template, question.offset
        said = Said(pieces=pieces(template), diagnostics=diagnose(template, context))
        if offset is not None:
            said = replace(
                said,
                completion=complete(template, offset, context),
                hover=explain(template, offset, context),
                signature=signature_at(template, offset),
            )
        if question.bundles is not None:
            said = replace(said, preview=await self._preview(question, document))
        return said

    async def _context(
        self, question: Question, document: ScenarioDocument | None
    ) -> Context:
        if document is None:
            return _seen(question.bundles)
        module = question.module
        if module is None or all(one.id != module for one in document.modules()):
            raise UsageError(
                f"The scenario has no module {module}; `module` says to which one the "
                "template belongs."
            )
        reach = reaches(document)[module]
        returned = await self._engine.dialogs.returned(document)
        return context_of(document, self._engine.catalog, reach, returned)

    async def _preview(
        self, question: Question, document: ScenarioDocument | None
    ) -> Preview:
        """In a thread, a few at a time: a budget of a million steps takes a while."""
        if known_zone(question.timezone) is None:
            raise UsageError(
                f"{question.timezone!r} is not a time zone; use a name such as "
                "Europe/Prague."
            )
        async with self._previews:
            return await asyncio.to_thread(
                evaluated,
                question.template,
                question.bundles or {},
                question.timezone,
                self._engine.clock,
                {"input": _presets(document)},
            )


def _seen(bundles: Mapping[int, Any] | None) -> Context:
    """Where no scenario is known, any module may run before."""
    known = (
        Upstream(id=number, label=f"Module {number}", shape=shape_of(bundle))
        for number, bundle in (bundles or {}).items()
    )
    return Context(known, open_=True)


def _presets(document: ScenarioDocument | None) -> Mapping[str, object]:
    """What the inputs of a scenario are where none are given."""
    inputs = [] if document is None else document.inputs
    return {one.name: one.default for one in inputs}


def evaluated(
    template: str,
    bundles: Mapping[int, Any],
    timezone: str,
    clock: Clock,
    variables: Mapping[str, object] = MappingProxyType({}),
) -> Preview:
    """Tries a template on bundles; whatever is wrong with it is said, not raised."""
    chance = Chance("preview")
    scope = Scope(
        bundles,
        variables,
        clock=lambda: as_datetime(clock.millis()),
        random=chance.random,
        uuid=chance.uuid,
        timezone=timezone,
    )
    try:
        value = compile_template(template).evaluate(scope)
        plain = None if value is IGNORE else json.loads(json_text(value))
    except (TemplateError, ModuleError) as error:
        return Preview(error=str(error))
    except (ValueError, RecursionError) as error:
        return Preview(error=f"The value cannot be shown: {error}.")
    return Preview(value=plain, type=describe(value))
