"""What can be tried of a module without its service."""

import inspect
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import msgspec

from trunkline.errors import TrunklineError, UnexpectedError
from trunkline.sdk.app import App
from trunkline.sdk.bundle import Bundle
from trunkline.sdk.module import Kind, Module
from trunkline.sdk.webhook import Delivery, Webhook

_GENERATORS = (
    Kind.SEARCH,
    Kind.ITERATOR,
    Kind.INSTANT_TRIGGER,
    Kind.TRIGGER,
)


def searches_are_lazy(app: App) -> Iterator[str]:
    """What gives many bundles is an async generator, so it stops when nobody asks.

    All else is an async function.
    """
    for module in app.modules.values():
        if module.kind in _GENERATORS and not inspect.isasyncgenfunction(module.run):
            yield f"{module.name}: it has to be an async generator (async def, yield)"
        if module.kind not in _GENERATORS and not inspect.iscoroutinefunction(
            module.run
        ):
            yield f"{module.name}: it has to be an async function that returns"
    for name, source in app.options_sources.items():
        if not inspect.isasyncgenfunction(source):
            yield f"{app.key}: the options {name} have to be an async generator"


def services_have_a_universal_module(app: App) -> Iterator[str]:
    """An app bound to an address lets people make calls nobody thought of."""
    kinds = {module.kind for module in app.modules.values()}
    if app.base_url is not None and Kind.UNIVERSAL not in kinds:
        yield f"{app.key}: it has a base_url, but no app.universal('Make an API Call')"


def samples_pass_their_modules(app: App) -> Iterator[str]:
    """An instant trigger's webhook, events and sample belong together.

    The sample has to pass through the trigger, and come out as its output.
    """
    for module in app.modules.values():
        if module.kind is not Kind.INSTANT_TRIGGER:
            continue
        if module.webhook is None or module.webhook not in app.webhooks:
            yield f"{module.name}: its webhook is not declared with @app.webhook"
        elif module.sample is None:
            yield f"{module.name}: it has no sample of what the service sends"
        else:
            yield from _trial(module, module.webhook, module.sample)


def _trial(
    module: Module, webhook: type[Webhook], sample: Mapping[str, Any]
) -> Iterator[str]:
    """Gives the sample to the trigger, as its webhook would."""
    delivery = Delivery(body=msgspec.json.encode(sample), payload=sample)
    event = webhook.event(delivery)
    if module.events is not None and event not in module.events:
        yield f"{module.name}: its sample is a {event!r}, which it does not watch"
    if not module.takes <= {"delivery"} or not inspect.isasyncgenfunction(module.run):
        return
    try:
        bundles = _drain(module.run(**dict.fromkeys(module.takes, delivery)))
    except TrunklineError as error:
        yield f"{module.name}: its sample does not pass: {error}"
        return
    if not bundles:
        yield f"{module.name}: its sample gives no bundle"
    for bundle in bundles:
        form = bundle.form if isinstance(bundle, Bundle) else type(bundle)
        if not issubclass(form, module.output):
            yield f"{module.name}: its sample does not give {module.output.__name__}"


def _drain(bundles: AsyncIterator[Any]) -> list[Any]:
    """All bundles of a trigger, without an event loop: it has nothing to wait for.

    Raises:
        UnexpectedError: it waits for something all the same.
    """
    drained: list[Any] = []
    while True:
        try:
            bundles.__anext__().__await__().__next__()
        except StopIteration as bundle:
            drained.append(bundle.value)
        except StopAsyncIteration:
            return drained
        else:
            raise UnexpectedError("a trigger must not wait for anything outside")
