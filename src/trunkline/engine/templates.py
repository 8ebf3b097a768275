"""The templates of a placed module: compiled, and looked through for faults."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from trunkline.errors import TemplateError
from trunkline.mapping import Filter, Template, compile_filter, compile_template
from trunkline.mapping.language import Context, Diagnostic, diagnose
from trunkline.model.problem import Problem
from trunkline.model.scenario import FilterSpec, PlacedModule

NOTHING = compile_template({})


def compiled_map(
    placed: PlacedModule, context: Context
) -> tuple[dict[str, Template], list[Problem]]:
    """The fields whose templates compile, and what is wrong with them all."""
    compiled: dict[str, Template] = {}
    problems: list[Problem] = []
    for name, source in placed.map.items():
        problems += _found(placed, source, f"map.{name}", context)
        try:
            compiled[name] = compile_template(source)
        except TemplateError as error:
            problems += _missed(placed, problems, f"Field {name!r}: {error}", name)
    return compiled, problems


def compiled_value(
    placed: PlacedModule, source: object, context: Context, place: str
) -> tuple[Template | None, list[Problem]]:
    """One template that is no field of the module, and what is wrong with it."""
    problems = [*_found(placed, source, place, context)]
    try:
        return compile_template(source), problems
    except TemplateError as error:
        return None, [*problems, *_missed(placed, problems, f"{place}: {error}", None)]


def compiled_filter(
    placed: PlacedModule, spec: FilterSpec | None, context: Context, place: str
) -> tuple[Filter | None, list[Problem]]:
    """A filter, if it compiles, and what is wrong with it; `place` is where it is."""
    if spec is None:
        return None, []
    conditions = [[{"a": one.a, "b": one.b} for one in row] for row in spec.conditions]
    problems = [*_found(placed, conditions, place, context)]
    try:
        return compile_filter(asdict(spec)), problems
    except TemplateError as error:
        missed = _missed(placed, problems, f"The filter: {error}", None)
        return None, [*problems, *missed]


def problem(placed: PlacedModule, text: str, place: str | None = None) -> Problem:
    """A fault of a placed module, its sentence naming the module."""
    return Problem(
        message=f"Module {placed.id} ({placed.module}): {text}",
        module=placed.id,
        place=place,
    )


def _found(
    placed: PlacedModule, source: object, place: str, context: Context
) -> Iterator[Problem]:
    for where, text in _texts(source, place):
        for one in diagnose(text, context):
            yield _problem(placed, where, one)


def _missed(
    placed: PlacedModule, found: list[Problem], text: str, field: str | None
) -> list[Problem]:
    """What the compiler refuses beyond single texts, such as nesting."""
    if any(one.severity == "error" for one in found):
        return []
    return [problem(placed, text, None if field is None else f"map.{field}")]


def _texts(source: object, place: str) -> Iterator[tuple[str, str]]:
    """Every text in a tree, with the way that leads to it."""
    if isinstance(source, str):
        yield place, source
    elif isinstance(source, Mapping):
        for name, member in source.items():
            yield from _texts(member, f"{place}.{name}")
    elif isinstance(source, list | tuple):
        for number, member in enumerate(source):
            yield from _texts(member, f"{place}.{number}")


def _problem(placed: PlacedModule, place: str, one: Diagnostic) -> Problem:
    field = place.removeprefix("map.")
    is_filter = place.startswith(("filter.", "routes."))
    named = "The filter" if is_filter else f"Field '{field}'"
    sentence = f"Module {placed.id} ({placed.module}): {named}: {one.message}"
    return Problem(
        message=sentence,
        severity="error" if one.severity == "error" else "warning",
        module=placed.id,
        place=place,
        position=one.position,
        length=one.length,
        line=one.line,
        column=one.column,
        suggestion=one.suggestion,
    )
