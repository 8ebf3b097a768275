"""Who may knock: the right secret at the right address, and nobody learns more."""

from base64 import b64encode
from urllib.parse import urlsplit

from fakes.serving import SECRET, Client, Listener, exchange, on_disk, scenario, survey
from trunkline.settings import Settings

_RIGHT = SECRET.encode()
_BEARER = b"Authorization: Bearer "

WRONG: dict[str, tuple[bytes, ...]] = {
    "missing": (),
    "empty": (b"Authorization:",),
    "scheme alone": (b"Authorization: Bearer",),
    "scheme and a blank": (b"Authorization: Bearer ",),
    "secret alone": (b"Authorization: " + _RIGHT,),
    "another scheme": (b"Authorization: Token " + _RIGHT,),
    "basic": (b"Authorization: Basic " + b64encode(b"user:" + _RIGHT),),
    "basic without user": (b"Authorization: Basic " + _RIGHT,),
    "two blanks": (b"Authorization: Bearer  " + _RIGHT,),
    "a tab": (b"Authorization: Bearer\t" + _RIGHT,),
    "the scheme twice": (_BEARER + b"Bearer " + _RIGHT,),
    "quoted": (_BEARER + b'"' + _RIGHT + b'"',),
    "named": (_BEARER + b"token=" + _RIGHT,),
    "upper case": (_BEARER + _RIGHT.upper(),),
    "first part": (_BEARER + _RIGHT[:-1],),
    "one more sign": (_BEARER + _RIGHT + b"x",),
    "something after it": (_BEARER + _RIGHT + b" x",),
    "a comma after it": (_BEARER + _RIGHT + b", Bearer x",),
    "a blank after it": (_BEARER + _RIGHT + b" ",),
    "another secret": (_BEARER + b"another-invented-secret",),
    "UTF-8": (_BEARER + "žluťoučký-kůň".encode(),),
    "not UTF-8": (_BEARER + b"\xff\xfe\x80",),
    "UTF-8 after it": (_BEARER + _RIGHT + "é".encode(),),
    "base64": (_BEARER + b64encode(_RIGHT),),
    "percent-encoded": (_BEARER + _RIGHT.replace(b"-", b"%2D"),),
    "twenty kilobytes": (_BEARER + b"x" * 20_000,),
    "a megabyte": (_BEARER + b"x" * 1_000_000,),
    "right and right": (_BEARER + _RIGHT, _BEARER + _RIGHT),
    "wrong and right": (_BEARER + b"wrong", _BEARER + _RIGHT),
    "right and empty": (_BEARER + _RIGHT, b"Authorization:"),
    "proxy's header": (b"Proxy-Authorization: Bearer " + _RIGHT,),
    "header of its own": (b"X-Api-Key: " + _RIGHT,),
    "cookie": (b"Cookie: Authorization=Bearer " + _RIGHT,),
}
RIGHT: dict[str, bytes] = {
    "as asked": _BEARER + _RIGHT,
    "scheme in lower case": b"authorization: bearer " + _RIGHT,
    "scheme in upper case": b"AUTHORIZATION: BEARER " + _RIGHT,
    "blanks before the value": b"Authorization:   Bearer " + _RIGHT,
}


def _request(
    address: str, *headers: bytes, method: str = "POST", query: str = ""
) -> bytes:
    parsed = urlsplit(address)
    first = f"{method} {parsed.path}{query} HTTP/1.1\r\nHost: {parsed.netloc}\r\n"
    last = (b"Content-Length: 2", b"Connection: close", b"", b"{}")
    return first.encode() + b"\r\n".join([*headers, *last])


def _status(said: bytes) -> int:
    return int(said.split(b" ", 2)[1])


def _without_date(said: bytes) -> bytes:
    return b"\r\n".join(
        line for line in said.split(b"\r\n") if not line.startswith(b"date:")
    )


async def test_of_all_ways_to_show_a_secret_only_the_bearer_token_opens(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    found = {
        name: _status(await exchange(address, _request(address, *headers)))
        for name, headers in WRONG.items()
    }
    for query in (f"?secret={SECRET}", f"?access_token={SECRET}", f"?{SECRET}"):
        found[query] = _status(await exchange(address, _request(address, query=query)))
    assert found.pop("a megabyte") == 431
    assert set(found.values()) == {401}
    assert on_disk(settings.data, "SELECT count(*) FROM deliveries") == [(0,)]


async def test_the_right_secret_opens_in_every_spelling_that_http_allows(
    api: Client,
) -> None:
    address = await api.listening()
    for name, header in RIGHT.items():
        said = await exchange(address, _request(address, header))
        assert _status(said) == 200, name


async def test_unknown_address_and_wrong_secret_get_the_same_bytes(
    api: Client,
) -> None:
    address = await api.listening()
    base = address.rpartition("/")[0]
    deaf = await api.add_webhook("deaf")
    wrong = _BEARER + b"wrong"
    knocks = [
        _request(address, wrong),
        _request(address),
        _request(deaf, wrong),
        _request(f"{base}/{'x' * 43}", _BEARER + _RIGHT),
        _request(f"{base}/", _BEARER + _RIGHT),
        _request(f"{base}/%ff%00", _BEARER + _RIGHT),
        _request(f"{address}/", _BEARER + _RIGHT),
        _request(address, wrong, method="GET"),
        _request(f"{base}//{address.rpartition('/')[2]}", _BEARER + _RIGHT),
    ]
    (same,) = {_without_date(await exchange(address, knock)) for knock in knocks}
    assert same.startswith(b"HTTP/1.1 401 ")
    assert b"Send it as: Authorization: Bearer SECRET." in same


async def test_with_the_secret_every_other_method_is_refused_by_name(
    api: Client,
) -> None:
    address = await api.listening()
    for method in ("GET", "HEAD", "DELETE", "OPTIONS"):
        said = await exchange(
            address, _request(address, _BEARER + _RIGHT, method=method)
        )
        assert _status(said) == 405
        assert b"\r\nallow: PATCH, POST, PUT\r\n" in said
    for method in ("PUT", "PATCH"):
        said = await exchange(
            address, _request(address, _BEARER + _RIGHT, method=method)
        )
        assert _status(said) == 200


async def test_an_open_webhook_asks_for_nothing_since_its_owner_chose_so(
    api: Client,
) -> None:
    address = await api.add_webhook(secret=None, open=True)
    await api.add_scenario(scenario())
    assert (await api.deliver(address, survey(), secret="")).status == 200
    assert (await api.get("/webhooks/hook"))["has_secret"] is False


async def test_a_secret_that_no_header_can_carry_is_refused_at_once(
    api: Client,
) -> None:
    for secret in ("short", "ünïcödé-secret", " padded-secret ", "two\nlines-secret"):
        asked = {"name": "h", "module": "refiner.watch_completed_survey"}
        answer = await api.call("POST", "/webhooks", json=asked | {"secret": secret})
        assert answer.status == 422, secret
        assert "secret" in answer.json()["detail"]
    assert await api.get("/webhooks") == []


async def test_refusals_are_counted_by_their_reason(
    api: Client, listener: Listener
) -> None:
    address = await api.add_webhook()
    await api.deliver(address, survey(), secret="wrong-secret")
    await api.deliver(address, survey())
    encoded = {"Content-Encoding": "gzip"}
    await api.deliver(address, survey(), headers=encoded)
    metrics = (await api.call("GET", "/metrics")).text
    for reason in ("unknown_or_wrong_secret", "nobody_listens", "encoding"):
        counted = f'trunkline_refused_deliveries_total{{reason="{reason}"}} 1.0'
        assert counted in metrics
    assert listener.requests == []
