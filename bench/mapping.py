"""The mapping language beside other expression languages, on the same work.

Ten fields with six function calls over a completed survey, once compiled and run, once
parsed and compiled; and a plain reference. The others bring their own functions where
they have them; the rest is given to them as Python functions, as short as can be.
"""

import timeit
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import cel
import jmespath
import msgspec
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jmespath.functions import Functions, signature

from bench.process import BenchError
from bench.report import Figure, Result
from bench.stage import Stage
from bench.survey import sample
from trunkline.mapping import Scope, compile_template

_REPEATS = 15

Bundle = dict[str, Any]
Run = Callable[[], Any]


class Work(NamedTuple):
    """The same thing done by one language: compiling it, running it, one reference."""

    name: str
    compile: Run
    run: Run
    refer: Run


def mapping(_stage: Stage) -> Result:
    """What ten fields with six calls cost, and a reference."""
    bundle = _bundle()
    ours = _trunkline(bundle)
    others = [_jinja(bundle), _cel(bundle), _jmespath(bundle)]
    for other in others:
        _check_same(ours, other)
    costs = {work.name: _costs(work) for work in (ours, *others)}
    return Result(
        name="mapping",
        title="Mapping: ten fields with six calls; one reference",
        beside="others on the same work",
        figures=[
            Figure(
                name=f"{what}, {other.name}",
                unit="us",
                ours=costs[ours.name][what],
                beside=costs[other.name][what],
            )
            for what in ("run", "compile", "reference")
            for other in others
        ],
        notes=["Jinja2 gives texts only; CEL copies the bundle into its own values."],
    )


def _costs(work: Work) -> Mapping[str, float]:
    return {
        "run": _microseconds(work.run),
        "compile": _microseconds(work.compile),
        "reference": _microseconds(work.refer),
    }


def _microseconds(run: Run) -> float:
    """The least of some repetitions: what it costs when nothing else is going on."""
    timer = timeit.Timer(run)
    number = max(1, timer.autorange()[0] // 4)
    return min(timer.repeat(_REPEATS, number)) / number * 1e6


def _check_same(ours: Work, other: Work) -> None:
    """Raises BenchError where another language does not give the same, as texts."""
    mine, theirs = ours.run(), other.run()
    for name, value in mine.items():
        if _text(theirs[name]) != _text(value):
            raise BenchError(f"{other.name}: {name} is {theirs[name]!r}, not {value!r}")


def _text(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _bundle() -> Bundle:
    survey: Bundle = msgspec.json.decode(sample())
    survey |= {
        "score": 8.6,
        "tags": ["nps", "csat"],
        "comment": "Fast and friendly help",
    }
    return survey


def _trunkline(bundle: Bundle) -> Work:
    fields = {
        "id": "{{1.response.uuid}}",
        "email": "{{lower(1.email)}}",
        "name": "{{upper(1.display_name)}}",
        "nps": "{{1.response.data.nps}}",
        "comment": "{{substring(1.comment; 0; 8)}}",
        "tags": '{{join(1.tags; ", ")}}',
        "who": "{{1.display_name}} <{{1.email}}>",
        "segment": "{{1.segments[1].name}}",
        "score": "{{round(1.score)}}",
        "kind": '{{if(1.score > 8; "promoter"; "other")}}',
    }
    now = datetime(2026, 3, 5, tzinfo=UTC)
    scope = Scope(
        {1: bundle}, clock=lambda: now, random=lambda: 0.5, uuid=lambda: "none"
    )
    compiled, reference = compile_template(fields), compile_template("{{1.email}}")
    return Work(
        "Trunkline",
        lambda: compile_template(fields),
        lambda: compiled.evaluate(scope),
        lambda: reference.evaluate(scope),
    )


def _jinja(bundle: Bundle) -> Work:
    environment = ImmutableSandboxedEnvironment(cache_size=0)
    fields = {
        "id": "{{ b.response.uuid }}",
        "email": "{{ b.email | lower }}",
        "name": "{{ b.display_name | upper }}",
        "nps": "{{ b.response.data.nps }}",
        "comment": "{{ b.comment[0:8] }}",
        "tags": "{{ b.tags | join(', ') }}",
        "who": "{{ b.display_name }} <{{ b.email }}>",
        "segment": "{{ b.segments[0].name }}",
        "score": "{{ b.score | round | int }}",
        "kind": "{{ 'promoter' if b.score > 8 else 'other' }}",
    }

    def compiled() -> dict[str, Any]:
        return {name: environment.from_string(text) for name, text in fields.items()}

    templates, reference = compiled(), environment.from_string("{{ b.email }}")
    return Work(
        "Jinja2's sandbox",
        compiled,
        lambda: {name: one.render(b=bundle) for name, one in templates.items()},
        lambda: reference.render(b=bundle),
    )


def _cel(bundle: Bundle) -> Work:
    source = """{
        "id": b.response.uuid, "email": lower(b.email), "name": upper(b.display_name),
        "nps": b.response.data.nps, "comment": cut(b.comment, 0, 8),
        "tags": join(b.tags, ", "), "who": b.display_name + " <" + b.email + ">",
        "segment": b.segments[0].name, "score": rounded(b.score),
        "kind": b.score > 8.0 ? "promoter" : "other"
    }"""
    context = cel.Context()
    context.add_variable("b", bundle)
    for name, function in (
        ("lower", str.lower),
        ("upper", str.upper),
        ("cut", lambda text, start, end: text[start:end]),
        ("join", lambda texts, sign: sign.join(texts)),
        ("rounded", round),
    ):
        context.add_function(name, function)
    program, reference = cel.compile(source), cel.compile("b.email")
    return Work(
        "CEL",
        lambda: cel.compile(source),
        lambda: program.execute(context),
        lambda: reference.execute(context),
    )


class _Added(Functions):  # type: ignore[misc]
    """What JMESPath lacks."""

    @signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_lower(self, text: str) -> str:
        return text.lower()

    @signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_upper(self, text: str) -> str:
        return text.upper()

    @signature({"types": ["string"]}, {"types": ["number"]}, {"types": ["number"]})  # type: ignore[untyped-decorator]
    def _func_cut(self, text: str, start: int, end: int) -> str:
        return text[start:end]

    @signature({"types": ["number"]})  # type: ignore[untyped-decorator]
    def _func_rounded(self, number: float) -> int:
        return round(number)


def _jmespath(bundle: Bundle) -> Work:
    source = """{
        id: response.uuid, email: lower(email), name: upper(display_name),
        nps: response.data.nps, comment: cut(comment, `0`, `8`),
        tags: join(', ', tags), who: join('', [display_name, ' <', email, '>']),
        segment: segments[0].name, score: rounded(score),
        kind: score > `8` && 'promoter' || 'other'
    }"""
    options = jmespath.Options(custom_functions=_Added())
    compiled, reference = jmespath.compile(source), jmespath.compile("email")

    def parse() -> object:
        jmespath.parser.Parser.purge()
        return jmespath.compile(source)

    return Work(
        "JMESPath",
        parse,
        lambda: compiled.search(bundle, options=options),
        lambda: reference.search(bundle),
    )
