"""`api.get`, `api.post` and so on, typed once for all of them."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, overload

from trunkline.sdk.answer import Answer, Json
from trunkline.sdk.payload import Fields
from trunkline.sdk.webhook import Model


class BoundVerb:
    """Calls one HTTP method of one `Api`.

    Returns what the service answers: a model where `into` names one, else the JSON
    value, else the text.

    Raises:
        DataError: the answer is not what `into` describes.
        ModuleError: see `Api.request`.
    """

    __slots__ = ("_method", "_request")

    def __init__(self, request: Callable[..., Awaitable[Answer]], method: str) -> None:
        self._request = request
        self._method = method

    @overload
    async def __call__(
        self,
        path: str,
        *,
        into: type[Model],
        params: Fields | None = None,
        json: Json = None,
        form: Fields | None = None,
    ) -> Model: ...
    @overload
    async def __call__(
        self,
        path: str,
        *,
        into: None = None,
        params: Fields | None = None,
        json: Json = None,
        form: Fields | None = None,
    ) -> Json: ...
    async def __call__(
        self,
        path: str,
        *,
        into: type[Model] | None = None,
        params: Fields | None = None,
        json: Json = None,
        form: Fields | None = None,
    ) -> Json:
        answer = await self._request(
            self._method, path, params=params, json=json, form=form
        )
        return answer.value() if into is None else answer.into(into)


class _Requests(Protocol):
    """What has these verbs: an `Api`."""

    @property
    def request(self) -> Callable[..., Awaitable[Answer]]: ...


class Verb:
    """Gives every `Api` a method named after an HTTP method."""

    def __init__(self, method: str) -> None:
        self._method = method

    def __get__(self, api: _Requests, owner: type[Any]) -> BoundVerb:
        return BoundVerb(api.request, self._method)
