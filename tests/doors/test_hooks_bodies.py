"""Whatever a body holds: it is stored, it ends in a named state, nothing breaks."""

from typing import Any

import msgspec

from fakes.serving import Client, on_disk, survey
from trunkline.settings import Settings

_TRUE_NAME = msgspec.json.encode(survey()["display_name"])


def _with_name(text: bytes) -> bytes:
    """A completed survey whose display name is the given JSON text."""
    whole = msgspec.json.encode(survey())
    assert whole.count(b'"display_name":' + _TRUE_NAME) == 1
    return whole.replace(_TRUE_NAME, text, 1)


UNPARSABLE: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" \r\n\t ",
    "a word": b"hello",
    "a form": b"a=1&b=2",
    "a page": b"<html></html>",
    "half an object": b'{"a": 1',
    "half a text": b'"abc',
    "half an escape": b'"\\u12',
    "a comma too many": b"[1,]",
    "two values": b"{} {}",
    "lines": b"{}\n{}",
    "single quotes": b"{'a': 1}",
    "a key without quotes": b"{a: 1}",
    "a comment": b"{} // yes",
    "not a number": b"[NaN]",
    "infinity": b"[Infinity]",
    "minus infinity": b"[-Infinity]",
    "a number out of range": b"[1e999]",
    "an integer of 5,000 digits": b"[" + b"1" * 5000 + b"]",
    "a leading zero": b"[01]",
    "a leading plus": b"[+1]",
    "a bare minus": b"[-]",
    "hexadecimal": b"[0x10]",
    "a control sign": b'"a\x01b"',
    "a line break in a text": b'"a\nb"',
    "a NUL alone": b"\x00",
    "a NUL after it": b"{}\x00",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32": '{"a": 1}'.encode("utf-32-le"),
    "latin-1": '{"a": "é"}'.encode("latin-1"),
    "overlong UTF-8": b'"\xc0\xaf"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a pair in the wrong order": b'{"a": "\\udc00\\ud800"}',
    "arrays 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "arrays without an end": b"[" * 1_000_000,
    "objects 100,000 deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "an unknown escape": b'"\\x41"',
    "pickled": b"\x80\x04\x95\x0b\x00",
    "gzip without saying so": b"\x1f\x8b\x08\x00",
}
RUN: dict[str, bytes] = {
    "a key twice": _with_name(b'"a", "display_name": "Ada"'),
    "a large integer": _with_name(b"123456789012345678901234567890"),
    "a NUL in a text": _with_name(b'"a\\u0000b"'),
    "a pair of surrogates": _with_name(b'"\\ud83d\\ude00"'),
    "an empty name": _with_name(b'""'),
    "no name": _with_name(b"null"),
    "a list for a name": _with_name(b"[1, [2, [3]]]"),
    "300 keys more": _with_name(
        b'"Ada", ' + b", ".join(b'"k%d": %d' % (n, n) for n in range(300))
    ),
    "an expression": _with_name(b'"{{1.email}} {{now}} ${7*7} <script>"'),
    "a file for a name": _with_name(b'{"filepath": "/etc/passwd", "__file__": "x"}'),
    "a long name": _with_name(b'"' + b"x" * 1_000_000 + b'"'),
    "deep, but not too deep": _with_name(b"[" * 60 + b"]" * 60),
}
IGNORED: dict[str, bytes] = {
    "null": b"null",
    "a number": b"7",
    "a text": b'"hello"',
    "an array": b"[]",
    "an empty object": b"{}",
    "an event that is no text": b'{"triggered_event": ["Completed Survey"]}',
    "an event with a NUL": b'{"triggered_event": "Completed Survey\\u0000"}',
    "a key that is a dunder": b'{"__class__": {"__init__": 1}}',
}


async def _deliveries(api: Client) -> list[Any]:
    listed = await api.get("/webhooks/hook/deliveries?limit=1000")
    return list(reversed(listed))


async def _sent(api: Client, settings: Settings, bodies: dict[str, bytes]) -> list[Any]:
    """Sends them all; nothing of them is lost, and every one comes to an end."""
    address = await api.listening()
    for name, body in bodies.items():
        assert (await api.deliver(address, body)).status == 200, name
    await api.settled(len(bodies))
    rows = on_disk(settings.data, "SELECT body FROM payloads ORDER BY delivery_id")
    assert [body for (body,) in rows] == list(bodies.values())
    return await _deliveries(api)


async def test_a_body_that_is_not_json_is_kept_and_marked_unparsable(
    api: Client, settings: Settings
) -> None:
    deliveries = await _sent(api, settings, UNPARSABLE)
    assert {(one["state"], one["outcome"]) for one in deliveries} == {
        ("dead", "unparsable")
    }
    assert all("The body is not JSON" in one["reason"] for one in deliveries)
    assert await api.get("/executions") == []


async def test_json_of_any_taste_runs_or_fails_by_name(
    api: Client, settings: Settings
) -> None:
    bodies = {
        name: body.replace(b"a-response", b"response-%d" % number)
        for number, (name, body) in enumerate(RUN.items())
    }
    await _sent(api, settings, bodies)
    ended = await api.executions()
    assert len(ended) == len(bodies)
    found = dict(zip(bodies, ended, strict=True))
    faults = {
        name: one["error"]
        for name, one in found.items()
        if one["error"] and one["error"]["type"] == "UnexpectedError"
    }
    assert faults == {}
    done = [name for name, one in found.items() if one["state"] == "done"]
    assert {"a key twice", "a NUL in a text", "an expression", "no name"} <= set(done)


async def test_json_that_says_nothing_known_is_ignored_by_name(
    api: Client, settings: Settings
) -> None:
    deliveries = await _sent(api, settings, IGNORED)
    assert {(one["state"], one["outcome"]) for one in deliveries} == {
        ("done", "ignored")
    }


async def test_a_text_of_a_respondent_stays_the_text_it_is(
    api: Client, settings: Settings
) -> None:
    await _sent(api, settings, {"one": RUN["an expression"]})
    (execution,) = await api.executions()
    (named,) = execution["history"][-1]["output"]
    assert named == {"who": "{{1.email}} {{now}} ${7*7} <script>"}
