"""Every installed app fulfils what apps have to, and each check can fail."""

from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.metadata import entry_points
from typing import Annotated, Any

import pytest
from pydantic import Field, SecretStr

from trunkline.sdk import (
    Api,
    App,
    Connection,
    Delivery,
    Dropdown,
    Free,
    Further,
    FurtherField,
    Input,
    Option,
    Output,
    Pairs,
    Webhook,
)
from trunkline.sdk.testing import Check, check_app, conformance_checks

INSTALLED = {entry.name: entry for entry in entry_points(group="trunkline.apps")}


@pytest.mark.parametrize(
    "check", conformance_checks(), ids=lambda check: check.__name__
)
@pytest.mark.parametrize("name", INSTALLED)
def test_an_installed_app_is_in_order(name: str, check: Check) -> None:
    assert list(check(INSTALLED[name].load())) == []


def acme(**settings: Any) -> App:  # noqa: ANN401 - App types them
    return App(key="acme", title="Acme", description="Sells everything.", **settings)


async def unlisted(api: Api) -> AsyncIterator[Option]:
    yield Option("1", str(api))


class Good(Input):
    name: str = Field(title="Name", examples=["Ada"])


class Untitled(Input):
    name: str


class WrongDefault(Input):
    count: int = Field(default="many", title="Count")  # type: ignore[assignment]


class WrongExample(Input):
    count: int = Field(default=1, ge=1, title="Count", examples=[0])


class Unrenderable(Input):
    call: Callable[[], None] | None = Field(default=None, title="Call")


class Unsourced(Input):
    survey: Annotated[str, Dropdown(unlisted)] | None = Field(
        default=None, title="Survey"
    )


async def eager(limit: int) -> AsyncIterator[FurtherField]:
    return columns(limit)


async def columns(limit: int) -> AsyncIterator[FurtherField]:
    yield FurtherField(name=str(limit))


class Stranded(Input):
    data: Annotated[Pairs, Further(eager, on=("table",))] = Field(
        default_factory=dict, title="Data"
    )


class News(Output):
    name: str


class ApiKey(Connection):
    """In Acme, open Settings and copy the key."""

    api_key: SecretStr = Field(title="API key")

    async def test(self, api: Api) -> str:
        return str(await api.get("/me"))


class Careless(Connection):
    api_key: str = Field(title="API key")


class Hook(Webhook):
    """In Acme, open Webhooks and enter the address."""

    @classmethod
    def event(cls, delivery: Delivery) -> str | None:
        return str(delivery.payload["event"])  # type: ignore[index]


def with_action(
    label: str, form: type[Input] = Good, output: type[Output] = Free
) -> App:
    app = acme()

    async def act(fields: Input) -> Output:
        """Does it."""
        return Free(**dict(fields))

    act.__annotations__.update(fields=form, **{"return": output})
    act.__name__ = "".join(c if c.isalnum() else "_" for c in label.lower())
    app.action(label)(act)
    return app


def with_trigger(
    sample: dict[str, Any] | None, *, declared: bool = True, waits: bool = False
) -> App:
    app = acme()
    if declared:
        app.webhook(Hook)

    async def watch_news(delivery: Delivery) -> AsyncIterator[News]:
        """Triggers on news."""
        if waits:
            await _Never()
        if delivery.payload != {"event": "news", "empty": True}:
            yield delivery.into(News)

    events = frozenset({"news"})
    app.instant_trigger("Watch news", webhook=Hook, events=events, sample=sample)(
        watch_news
    )
    return app


class _Never(Awaitable[None]):
    def __await__(self) -> Any:  # noqa: ANN401 - as the event loop has it
        yield


def with_shadow() -> App:
    class Leaky(Output):
        api_key: str | None = None

    app = with_action("Get a key", output=Leaky)
    app.connection(ApiKey)
    return app


def with_connection(connection: type[Connection]) -> App:
    app = acme()
    app.connection(connection)
    return app


def with_eager_search() -> App:
    app = acme()

    async def list_all(api: Api) -> list[Free]:
        """Lists all at once."""
        return [Free(api=str(api))]

    async def choices(api: Api) -> list[Option]:
        return [Option("1", str(api))]

    app.search("List all")(list_all)
    app.options(choices)  # type: ignore[type-var]
    return app


def with_lazy_action() -> App:
    app = acme()

    async def do_all(api: Api) -> AsyncIterator[Free]:
        """Does all."""
        yield Free(api=str(api))

    app.action("Do all")(do_all)
    return app


def with_misnamed_function() -> App:
    app = acme()

    @app.action("Create a contact")
    async def add_contact(fields: Good) -> Free:
        """Creates a contact"""  # noqa: D415 - to be found
        return Free(**dict(fields))

    return app


NEWS = {"event": "news", "name": "it works"}
BAD = {
    "label without verb": (with_action("Contacts list"), "begin with a verb"),
    "label in the third person": (with_action("Creates a contact"), "with a verb"),
    "label with an article": (with_action("New contact"), "begin with a verb"),
    "label in small letters": (with_action("create a contact"), "capital letter"),
    "label with a full stop": (with_action("Create."), "ends with a sign"),
    "label in two cases": (with_action("Create a Nice contact"), "mixes"),
    "label with stray spaces": (with_action("Create  it"), "stray spaces"),
    "key unlike label": (with_misnamed_function(), "'create_a_contact'"),
    "open description": (with_misnamed_function(), "does not end as a sentence"),
    "no description": (App(key="a", title="A", description=" "), "no description"),
    "no title": (with_action("Do it", Untitled), "mandatory and has no title"),
    "wrong default": (with_action("Do it", WrongDefault), "'many' does not fit"),
    "wrong example": (with_action("Do it", WrongExample), "0 does not fit"),
    "no schema": (with_action("Do it", Unrenderable), "no JSON Schema"),
    "dropdown without source": (with_action("Do it", Unsourced), "@app.options"),
    "further fields without source": (
        with_action("Do it", Stranded),
        "@app.further_fields",
    ),
    "further fields of nothing": (with_action("Do it", Stranded), "is no field"),
    "further fields asked for too much": (
        with_action("Do it", Stranded),
        "eager asks for ['limit']",
    ),
    "eager further fields": (
        with_action("Do it", Stranded),
        "eager has to be an async generator",
    ),
    "output like a secret": (with_shadow(), "named like a secret"),
    "no docstring": (with_connection(Careless), "docstring"),
    "no test": (with_connection(Careless), "no test()"),
    "open secret": (with_connection(Careless), "use SecretStr"),
    "no universal module": (acme(base_url="https://acme.example"), "Make an API Call"),
    "eager search": (with_eager_search(), "has to be an async generator"),
    "eager options": (with_eager_search(), "options choices have to be"),
    "lazy action": (with_lazy_action(), "has to be an async function"),
    "webhook undeclared": (with_trigger(NEWS, declared=False), "@app.webhook"),
    "no sample": (with_trigger(None), "no sample"),
    "sample of another event": (with_trigger({**NEWS, "event": "x"}), "not watch"),
    "sample that does not fit": (with_trigger({"event": "news"}), "does not pass"),
    "sample without bundle": (
        with_trigger({"event": "news", "empty": True}),
        "gives no bundle",
    ),
    "trigger that waits": (with_trigger(NEWS, waits=True), "must not wait"),
}


@pytest.mark.parametrize(("app", "problem"), BAD.values(), ids=BAD)
def test_a_bad_app_is_found_out(app: App, problem: str) -> None:
    assert any(problem in found for found in check_app(app)), check_app(app)


def test_every_check_finds_something_in_the_bad_apps() -> None:
    blind = {
        check.__name__
        for check in conformance_checks()
        if not any(list(check(app)) for app, _ in BAD.values())
    }
    assert blind == set()


@pytest.mark.parametrize(
    "app",
    [
        *(
            with_action(label)
            for label in ("Watch Completed Survey", "Make an API Call")
        ),
        *(with_action(label) for label in ("Parse JSON", "Identify a User", "Sleep")),
        with_trigger(NEWS),
        with_connection(ApiKey),
    ],
)
def test_a_good_app_passes(app: App) -> None:
    assert check_app(app) == []
