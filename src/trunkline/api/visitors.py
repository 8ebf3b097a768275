"""What a route asks of whoever calls it, declared where the route is."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from trunkline.errors import ForbiddenError
from trunkline.model.access import Permission, Visitor

_MEANING = {
    Permission.READ: "look",
    Permission.CHANGE: "change anything",
    Permission.OWN: "decide who may enter, nor take the data out",
}


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor


Caller = Annotated[Visitor, Depends(_visitor)]
"""Whoever makes the request; the gate has found out."""


def _asking(permission: Permission) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        if permission not in _visitor(request).permissions:
            raise ForbiddenError(
                f"{_visitor(request).name} may not {_MEANING[permission]}."
            )

    check.permission = permission  # type: ignore[attr-defined]  # read by tests
    return check


READ: Any = Depends(_asking(Permission.READ))
CHANGE: Any = Depends(_asking(Permission.CHANGE))
OWN: Any = Depends(_asking(Permission.OWN))
