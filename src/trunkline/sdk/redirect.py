"""Sends a call to where it leads, which with credentials is one place only."""

from itertools import count

from msgspec.structs import replace
from yarl import URL

from trunkline.errors import InvalidConfigurationError
from trunkline.sdk.answer import Answer
from trunkline.sdk.call import Call
from trunkline.sdk.channel import Channel
from trunkline.sdk.http import callable_url
from trunkline.sdk.origin import is_below

_MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SEE_OTHER = 303


async def send(call: Call, channel: Channel) -> Answer:
    """Sends the call, and follows redirects if it carries no credentials.

    Raises:
        InvalidConfigurationError: a redirect is not followed; the text says where it
            points.
        ModuleError: see `HttpClient.send`.
    """
    for hops in count():
        answer = await channel.http.send(
            call.method, call.url, headers=call.headers, data=call.data
        )
        target = _destination(answer, call.url)
        if target is None:
            return answer
        why = _reason_to_stay(call, target, answer.status, channel)
        if why is None and hops == _MOST_HOPS:
            why = f"That is one more than the {_MOST_HOPS} redirects followed."
        if why is not None:
            raise _not_followed(call.url, target, answer.status, why)
        call = _following(call, target)
    raise AssertionError("the hops do end")  # pragma: no cover


def _destination(answer: Answer, source: URL) -> URL | None:
    """The address that an answer redirects to, if it does."""
    location = answer.headers.get("location")
    if answer.status not in _REDIRECTS or not location:
        return None
    try:
        return callable_url(source.join(URL(location)))
    except ValueError:
        raise InvalidConfigurationError(
            f"{_place(source)} redirects to something that is not an address."
        ) from None


def _reason_to_stay(
    call: Call, target: URL, status: int, channel: Channel
) -> str | None:
    if channel.credentialed:
        return "Calls with credentials follow no redirect: use that address instead."
    if call.url.scheme == "https" and target.scheme == "http":
        return "It would leave the encrypted connection."
    if channel.base is not None and not is_below(channel.base, target):
        return "It would leave the address that the connection is bound to."
    if call.method not in ("GET", "HEAD") and (call.method, status) != (
        "POST",
        _SEE_OTHER,
    ):
        return f"A {call.method} is not sent on: use that address instead."
    return None


def _following(call: Call, target: URL) -> Call:
    """The next hop: without a body, and without headers where the origin is another."""
    same_origin = target.origin() == call.url.origin()
    return replace(
        call,
        method="HEAD" if call.method == "HEAD" else "GET",
        url=target,
        headers={
            name: value
            for name, value in call.headers.items()
            if same_origin and name != "content-type"
        },
        data=None,
    )


def _not_followed(
    source: URL, target: URL, status: int, why: str
) -> InvalidConfigurationError:
    """Says where a redirect points; it shows no query, as secrets can be there."""
    return InvalidConfigurationError(
        f"{_place(source)} answered {status} and points to {_place(target)}. {why}",
        status=status,
    )


def _place(url: URL) -> str:
    return f"{url.origin()}{url.raw_path}"
