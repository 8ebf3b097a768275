"""What holds for every expression and every value."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from trunkline.errors import TemplateError, TrunklineError
from trunkline.mapping import (
    FUNCTIONS,
    OPERATORS,
    Scope,
    coerce,
    compile_filter,
    compile_template,
    describe,
    render_text,
)

KINDS = (
    "any", "array", "boolean", "buffer", "collection", "date", "number", "integer",
    "text", "time",
)  # fmt: skip

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
values = (
    json_values
    | st.floats()
    | st.decimals()
    | st.binary()
    | st.datetimes(timezones=st.just(UTC))
    | st.sampled_from(
        ["2016-06-20", "5", "-1.5e300", "/(a+)+$/g", "/[/", "{{1.x}}", "asc ci", "D"]
    )
)
atoms = st.sampled_from(
    (
        *("1.x", "1.y", "1.z", "1.x[]", "1.x[2]", "1.x.a", "`1`", "0", "2.5", "null"),
        *("now", "ignore", "erase", "emptyarray", "random"),
        *('"a"', '"YYYY-MM-DD"', '"symmetric"'),
    )
)
binary = st.sampled_from(
    ["+", "++", "-", "*", "/", "%", "=", "!=", "<", ">=", "&", "|"]
)


def composed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.tuples(inner, binary, inner).map(lambda parts: f"({' '.join(parts)})")
        | st.tuples(st.sampled_from(["!", "-"]), inner).map("".join)
        | st.sampled_from(sorted(FUNCTIONS)).flatmap(lambda name: called(name, inner))
    )


def called(name: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    function = FUNCTIONS[name]
    most = function.least + 3 if function.most is None else function.most
    arguments = st.lists(inner, min_size=function.least, max_size=most)
    return arguments.map(lambda parts: f"{name}({'; '.join(parts)})")


expressions = st.recursive(atoms, composed, max_leaves=6)


@settings(max_examples=400, deadline=None)
@given(expressions, values, values, values)
def test_an_expression_gives_a_value_or_one_of_our_errors(
    scope_of: Callable[..., Scope], source: str, x: object, y: object, z: object
) -> None:
    scope = scope_of({"x": x, "y": y, "z": z})

    with suppress(TrunklineError):
        assert describe(compile_template(f"{{{{{source}}}}}").evaluate(scope))


@given(st.text(st.sampled_from("{}()[].;`\"'1a +-*/%=<>!&|\\n,")))
def test_any_text_compiles_or_is_refused_with_a_place(source: str) -> None:
    text = "{{" + source

    assert 0 <= position_of_fault(text) <= len(text)


def position_of_fault(source: str) -> int:
    try:
        compile_template(source)
    except TemplateError as error:
        return error.position
    return 0


@given(json_values)
def test_a_reference_gives_any_value_unchanged(
    scope_of: Callable[..., Scope], value: object
) -> None:
    assert compile_template("{{1.x}}").evaluate(scope_of({"x": value})) is value


@given(st.text())
def test_what_a_value_holds_is_never_read_as_a_template(
    scope_of: Callable[..., Scope], text: str
) -> None:
    hostile = f"{{{{1.secret}}}}{text}{{{{now}}}}"
    template = compile_template(
        {"a": "{{1.x}}", "b": "<{{1.x}}>", "c": "{{1.x + 1.x}}"}
    )

    assert template.evaluate(scope_of({"x": hostile, "secret": "s"})) == {
        "a": hostile,
        "b": f"<{hostile}>",
        "c": hostile + hostile,
    }


@given(st.integers(), st.integers())
def test_whole_numbers_are_added_exactly(
    scope_of: Callable[..., Scope], x: int, y: int
) -> None:
    scope = scope_of({"x": x, "y": y})

    assert compile_template("{{1.x + 1.y}}").evaluate(scope) == x + y


@given(st.decimals(-(10**6), 10**6, places=4), st.decimals(-(10**6), 10**6, places=4))
def test_decimals_are_added_without_noise(
    scope_of: Callable[..., Scope], x: Decimal, y: Decimal
) -> None:
    scope = scope_of({"x": float(x), "y": float(y)})

    result = compile_template("{{1.x + 1.y}}").evaluate(scope)

    assert Decimal(render_text(result)) == x + y


@given(values, values, st.sampled_from(sorted(OPERATORS)))
def test_a_filter_always_gives_a_verdict_or_one_of_our_errors(
    scope_of: Callable[..., Scope], x: object, y: object, operator: str
) -> None:
    condition = {"a": "{{1.x}}", "o": operator, "b": "{{1.y}}"}
    compiled = compile_filter({"conditions": [[condition]]})

    with suppress(TrunklineError):
        verdict = compiled.passes(scope_of({"x": x, "y": y}))
        assert not (verdict.passed and verdict.warnings)


@given(values, st.sampled_from(KINDS))
def test_coercion_settles_at_once_or_is_one_of_our_errors(
    value: object, kind: str
) -> None:
    with suppress(TrunklineError):
        assert repr(coerce(coerce(value, kind), kind)) == repr(coerce(value, kind))


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(9999, 12, 29)),  # noqa: DTZ001 - hypothesis asks for bounds without zone
    st.sampled_from(["UTC", "Europe/Prague", "America/New_York", "Asia/Kolkata"]),
)
def test_a_date_written_in_full_is_read_as_the_same_moment(
    scope_of: Callable[..., Scope], wall: datetime, timezone: str
) -> None:
    moment = wall.replace(microsecond=0, tzinfo=UTC)
    scope = scope_of({"d": moment}, timezone=timezone)
    form = '"YYYY-MM-DD HH:mm:ss ZZ"'
    template = compile_template(f"{{{{parseDate(formatDate(1.d; {form}); {form})}}}}")

    assert template.evaluate(scope) == moment
