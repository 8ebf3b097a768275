"""A service that Trunkline can talk to, declared in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from trunkline.sdk.channel import Explain, Rate
from trunkline.sdk.connection import Connection
from trunkline.sdk.fields import FieldSource, OptionSource
from trunkline.sdk.module import Kind, Module, read_signature
from trunkline.sdk.pages import Pages
from trunkline.sdk.universal import ApiCall, ApiResult, make_an_api_call
from trunkline.sdk.watch import Watch
from trunkline.sdk.webhook import Webhook

Run = TypeVar("Run", bound=Callable[..., Any])
ConnectionClass = TypeVar("ConnectionClass", bound=type[Connection])
WebhookClass = TypeVar("WebhookClass", bound=type[Webhook])
SourceFunction = TypeVar("SourceFunction", bound=OptionSource)
FieldsFunction = TypeVar("FieldsFunction", bound=FieldSource)


@dataclass(slots=True, eq=False)
class App:
    """One app: what it is called, where it lives, and what it can do.

    `base_url` is the origin (scheme, host, optional port and path prefix) that its
    connections are bound to; `None` leaves it to the connection. Modules are added by
    the decorators, which return the function unchanged.
    """

    key: str
    title: str
    description: str
    docs: str | None = None
    base_url: str | None = None
    pages: Pages | None = None
    rate: Rate | None = None
    idempotency_header: str | None = None
    connection_class: type[Connection] | None = None
    webhooks: list[type[Webhook]] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)
    options_sources: dict[str, OptionSource] = field(default_factory=dict)
    field_sources: dict[str, FieldSource] = field(default_factory=dict)
    explain: Explain | None = None

    def connection(self, connection_class: ConnectionClass) -> ConnectionClass:
        """Declares the class of this app's connections."""
        self.connection_class = connection_class
        return connection_class

    def webhook(self, webhook_class: WebhookClass) -> WebhookClass:
        """Declares a class of webhooks."""
        self.webhooks.append(webhook_class)
        return webhook_class

    def options(self, source: SourceFunction) -> SourceFunction:
        """Declares the source of a dropdown: an async generator of `Option`."""
        self.options_sources[source.__name__] = source
        return source

    def further_fields(self, source: FieldsFunction) -> FieldsFunction:
        """Declares the source of further fields: an async generator; see `Further`."""
        self.field_sources[source.__name__] = source
        return source

    def explain_error(self, explain: Explain) -> Explain:
        """Declares how this service's own way of failing is understood.

        The function gets every answer with a status of 400 or more and returns the
        error it stands for, or `None` to leave it to the platform.
        """
        self.explain = explain
        return explain

    def instant_trigger(
        self,
        label: str,
        *,
        webhook: type[Webhook],
        events: frozenset[str] | None = None,
        sample: Mapping[str, Any] | None = None,
    ) -> Callable[[Run], Run]:
        """Declares a module that is told of news by webhook.

        `events` are the names (see `Webhook.event`) it watches; deliveries of others
        are counted as ignored. The function is an async generator over one delivery.
        """
        return self._register(
            label, Kind.INSTANT_TRIGGER, webhook=webhook, events=events, sample=sample
        )

    def trigger(
        self, label: str, *, watch: Watch, sample: Mapping[str, Any] | None = None
    ) -> Callable[[Run], Run]:
        """Declares a module that looks for news when the scenario's schedule says so.

        Its function is an async generator of records. It may take `since`, the mark of
        the latest record that was taken, to ask the service for less; what it yields
        that is not new is left out by the platform, which also stops asking.
        """
        return self._register(label, Kind.TRIGGER, watch=watch, sample=sample)

    def action(
        self,
        label: str,
        *,
        effect: bool = True,
        sample: Mapping[str, Any] | None = None,
    ) -> Callable[[Run], Run]:
        """Declares a module that does, or with `effect=False` reads, one thing."""
        return self._register(label, Kind.ACTION, effect=effect, sample=sample)

    def search(
        self,
        label: str,
        *,
        unique: str | None = None,
        sample: Mapping[str, Any] | None = None,
    ) -> Callable[[Run], Run]:
        """Declares an async generator of results.

        `unique` names the field by which a result is known again, should the search
        have to be taken up after a crash.
        """
        return self._register(label, Kind.SEARCH, unique=unique, sample=sample)

    def transformer(self, label: str) -> Callable[[Run], Run]:
        """Declares a pure module: the same fields give the same bundle."""
        return self._register(label, Kind.TRANSFORMER)

    def iterator(self, label: str) -> Callable[[Run], Run]:
        """Declares a pure async generator: the same fields give the same bundles."""
        return self._register(label, Kind.ITERATOR)

    def aggregator(self, label: str) -> Callable[[Run], Run]:
        """Declares a pure module that makes one bundle of many.

        Its function takes `items`, an async iterator of forms, one for each bundle
        that came. Of no items it must make a bundle too.
        """
        return self._register(label, Kind.AGGREGATOR)

    def router(self, label: str) -> Callable[[Run], Run]:
        """Declares the marker of a router; the engine does its work."""
        return self._register(label, Kind.ROUTER)

    def if_else(self, label: str) -> Callable[[Run], Run]:
        """Declares the marker of an if-else; the engine does its work."""
        return self._register(label, Kind.IF_ELSE)

    def directive(self, label: str) -> Callable[[Run], Run]:
        """Declares what ends an error route; the engine obeys it by its key."""
        return self._register(label, Kind.DIRECTIVE)

    def responder(self, label: str) -> Callable[[Run], Run]:
        """Declares what answers the caller of a webhook.

        Its bundle has a `status`, `headers` and a `body`.
        """
        return self._register(label, Kind.RESPONDER)

    def caller(self, label: str) -> Callable[[Run], Run]:
        """Declares the marker of a call; the engine begins the `scenario`."""
        return self._register(label, Kind.CALLER)

    def returner(self, label: str) -> Callable[[Run], Run]:
        """Declares what gives a scenario's caller the bundle that it returns."""
        return self._register(label, Kind.RETURNER)

    def pauser(self, label: str) -> Callable[[Run], Run]:
        """Declares a module that suspends the execution.

        It returns its bundle, in which `seconds` says for how long.
        """
        return self._register(label, Kind.PAUSER)

    def universal(self, label: str) -> None:
        """Adds the module that makes any call to the service."""
        address = self.base_url or "the connection's address"
        example = f"Enter a path relative to {address}."
        self._add(
            Module(
                app=self.key,
                key=_key(label),
                label=label,
                kind=Kind.UNIVERSAL,
                description="Performs an arbitrary authorized API call. " + example,
                run=make_an_api_call,
                takes=frozenset({"api", "fields"}),
                input=ApiCall,
                output=ApiResult,
                effect=True,
                needs_connection=True,
            )
        )

    def _register(
        self,
        label: str,
        kind: Kind,
        **traits: Any,  # noqa: ANN401 - passed on to Module, which types them
    ) -> Callable[[Run], Run]:
        def add(function: Run) -> Run:
            read = read_signature(function)
            self._add(
                Module(
                    app=self.key,
                    key=function.__name__.rstrip("_"),  # `break_` is Break
                    label=label,
                    kind=kind,
                    description=read.description,
                    run=function,
                    takes=read.takes,
                    input=read.input,
                    output=read.output,
                    needs_connection=(
                        "api" in read.takes and self.base_url is not None
                    ),
                    **traits,
                )
            )
            return function

        return add

    def _add(self, module: Module) -> None:
        if module.key in self.modules:
            raise TypeError(f"{self.key} declares {module.key} twice")
        self.modules[module.key] = module


def _key(label: str) -> str:
    """A module's key: its label in snake case."""
    return label.lower().replace(" ", "_")
