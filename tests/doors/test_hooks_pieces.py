"""Deliveries mostly come in one piece; those that do not are answered the same."""

import re
from urllib.parse import urlsplit

import msgspec
import pytest

from fakes.serving import SECRET, Client, exchange, raw_post, scenario, survey
from trunkline.hooks.door import HooksDoor

_BODY = b'{"triggered_event": "Another Event"}'


def _requests(address: str) -> dict[str, bytes]:
    good = raw_post(address, _BODY)
    path = urlsplit(address).path.encode()
    chunked = good.partition(b"\r\n\r\n")[0].replace(
        f"Content-Length: {len(_BODY)}".encode(), b"Transfer-Encoding: chunked"
    )
    sizes = b"%x\r\n%b\r\n" % (len(_BODY[:9]), _BODY[:9]), len(_BODY[9:]), _BODY[9:]
    return {
        "good": good,
        "in chunks": chunked + b"\r\n\r\n%b%x\r\n%b\r\n0\r\n\r\n" % sizes,
        "with a query": good.replace(path, path + b"?a=b&c"),
        "of HTTP/1.0": good.replace(b"HTTP/1.1", b"HTTP/1.0"),
        "with an escaped address": good.replace(b"/hooks/", b"/hooks/%41"),
        "without a body": raw_post(address),
        "with a wrong secret": good.replace(SECRET.encode(), b"a-wrong-secret"),
        "to nobody": good.replace(path, b"/hooks/nobody"),
        "by GET": good.replace(b"POST", b"GET"),
        "by HEAD": good.replace(b"POST", b"HEAD"),
        "compressed": good.replace(b"Auth", b"Content-Encoding: br\r\nAuth"),
    }


async def test_a_delivery_in_pieces_is_answered_as_one_in_one_piece(
    api: Client,
) -> None:
    address = await api.listening()
    for name, request in _requests(address).items():
        whole = _timeless(await exchange(address, request))
        assert whole.startswith(b"HTTP/1.1 "), name
        head = request.index(b"\r\n\r\n") + 4
        for cut in {20, head - 3, head, min(head + 5, len(request))}:
            said = await _exchange_in_two(api, address, request[:cut], request[cut:])
            assert _timeless(said) == whole, (name, cut)


async def test_what_the_scenario_answers_reaches_a_caller_in_pieces_too(
    api: Client,
) -> None:
    said = {"status": 201, "body": "made", "headers": {"X-Made": "{{1.display_name}}"}}
    address = await api.listening(
        scenario({"id": 2, "module": "flow.webhook_response", "map": said})
    )
    one, other = (
        raw_post(address, msgspec.json.encode(survey(uuid))) for uuid in ("one", "two")
    )

    whole = await exchange(address, one)
    pieces = await _exchange_in_two(api, address, other[:-5], other[-5:])

    assert whole.startswith(b"HTTP/1.1 201 Created\r\n")
    assert b"x-made: Ada Example\r\n" in whole
    assert _timeless(whole) == _timeless(pieces)


async def test_an_answer_to_head_has_no_body_that_would_pass_for_another_answer(
    api: Client,
) -> None:
    address = await api.listening()
    head = raw_post(address, close=False).replace(b"POST", b"HEAD")

    said = await exchange(address, head + raw_post(address, _BODY))

    assert [part[:3] for part in said.split(b"HTTP/1.1 ")] == [b"", b"405", b"200"]
    assert said.partition(b"\r\n\r\n")[2].startswith(b"HTTP/1.1 200 ")


async def test_a_delivery_that_meets_a_fault_of_ours_hears_500_and_the_next_is_taken(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await api.listening()

    async def broken(*_: object) -> str:
        raise ArithmeticError("a fault of ours")

    with monkeypatch.context() as faulty:
        faulty.setattr(HooksDoor, "_store", broken)
        said = await exchange(address, raw_post(address, _BODY, close=False))

    assert said.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert said.endswith(b"\r\n\r\nInternal Server Error")
    assert b"arithmetic" not in said.lower()
    assert (await api.deliver(address, _BODY)).status == 200


async def _exchange_in_two(
    api: Client, address: str, first: bytes, second: bytes
) -> bytes:
    """Sends the second piece when the server has surely read the first."""
    return await exchange(
        address, first, second, after_each=lambda: api.get("/balance")
    )


def _timeless(said: bytes) -> bytes:
    return re.sub(rb"\r\ndate: [^\r]*", b"", said)
