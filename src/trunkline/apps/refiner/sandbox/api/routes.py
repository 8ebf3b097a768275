"""Which path and method does what (refiner-api 3)."""

from collections.abc import Callable

from starlette.routing import Route

from trunkline.apps.refiner.sandbox.behaviour import Behaviour

from . import contacts, forms, project, responses, segments
from .operation import Answer, Call, operation

_TABLE: tuple[tuple[str, str, Callable[[Call], Answer]], ...] = (
    ("GET", "/", project.check),
    ("GET", "", project.check),
    ("GET", "/account", project.account),
    ("POST", "/identify-user", contacts.identify),
    ("POST", "/track-event", contacts.track),
    ("GET", "/contacts", contacts.listed),
    ("GET", "/contact", contacts.get),
    ("DELETE", "/contact", contacts.delete),
    ("GET", "/responses", responses.listed),
    ("POST", "/responses", responses.store),
    ("POST", "/responses/tags", responses.tag),
    ("GET", "/reporting", responses.report),
    ("GET", "/forms", forms.listed),
    ("POST", "/forms/publish", forms.publish),
    ("POST", "/forms/duplicate", forms.duplicate),
    ("DELETE", "/forms", forms.archive),
    ("GET", "/forms/history", forms.history),
    ("GET", "/segments", segments.listed),
    ("POST", "/sync-segment", segments.add),
    ("DELETE", "/sync-segment", segments.remove),
)


def routes(behaviour: Behaviour) -> list[Route]:
    alias = (("POST", "/track", contacts.track),) if behaviour.track_alias else ()
    return [
        Route(f"/v1{path}", operation(act), methods=[method])
        for method, path, act in (*_TABLE, *alias)
    ]
