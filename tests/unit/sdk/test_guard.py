"""Which addresses the guard lets through, on the address that is dialled."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from fakes.faulty_server import FaultyServer, reply
from trunkline.sdk import (
    BlockedAddressError,
    HttpClient,
    InvalidConfigurationError,
    ModuleError,
)
from trunkline.sdk.guard import Guard

BAD = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1"),  # noqa: S104 - to be refused
    *("172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16"),
    *("::", "::1", "::7f00:1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254"),
    *("ff02::1", "2001:db8::1", "2001::1", "2002:7f00:1::", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1"),
    *("fe80::1%eth0", "2606:4700::1%1"),
]
GOOD = [
    *("1.1.1.1", "9.9.9.9", "172.15.0.1", "172.32.0.1", "100.128.0.1"),
    *("2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"),
]


class Directory(AbstractResolver):
    """Names lead where the test says; it changes its mind at each question."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self.addresses.pop(0)
        found = ResolveResult(
            hostname=host, host=address, port=port, family=family, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        pass


async def call(url: str, *allowed: str, directory: Directory | None = None) -> int:
    client = HttpClient(allow_hosts=allowed, resolver=directory)
    try:
        return (await client.send("GET", url, headers={}, data=None)).status
    finally:
        await client.close()


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(BlockedAddressError):
        Guard().check(address, 80)


@pytest.mark.parametrize("address", GOOD)
def test_a_public_address_is_let_through(address: str) -> None:
    Guard().check(address, 443)


@pytest.mark.parametrize("address", BAD)
async def test_a_name_that_leads_to_such_an_address_is_refused(address: str) -> None:
    with pytest.raises(BlockedAddressError, match=r"rebound\.example") as caught:
        await call("http://rebound.example/", directory=Directory(address))
    assert "--allow-host rebound.example" in str(caught.value)
    assert address in str(caught.value)


SPELLINGS = [
    *("127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0x7f.1"),
    *("%31%32%37.0.0.1", "１２７.０.０.１", "[::1]", "[::ffff:127.0.0.1]"),  # noqa: RUF001 - meant
    *("[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::]", "localhost", "LOCALHOST."),
    *("127.0.0.1.", "127。0。0。1", "[fe80::1%25lo]", "user@127.0.0.1"),
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_this_machine_reaches_it(
    host: str, server: FaultyServer
) -> None:
    server.says(reply())

    with pytest.raises(ModuleError):
        await call(f"http://{host}:{server.port}/")

    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    ["ftp://1.1.1.1/", "file:///etc/passwd", "gopher://x/", "//x/", "x", "http://"],
)
async def test_only_http_is_called(url: str) -> None:
    with pytest.raises(InvalidConfigurationError):
        await call(url)


@pytest.mark.parametrize(
    "entry",
    [
        "127.0.0.1",
        "127.0.0.0/8",
        "::ffff:127.0.0.1",
        "localhost",
        "127.0.0.1:{port}",
        "LocalHost:{port}",
    ],
)
async def test_an_allowed_host_is_called(entry: str, server: FaultyServer) -> None:
    server.says(reply())
    allowed = entry.format(port=server.port)
    assert await call(f"http://127.0.0.1:{server.port}/", allowed) == 200


async def test_a_name_is_allowed_wherever_it_leads(server: FaultyServer) -> None:
    server.says(reply())
    url = f"http://db.internal:{server.port}/"
    directory = Directory("127.0.0.1")
    assert await call(url, "db.internal", directory=directory) == 200


@pytest.mark.parametrize(
    "entry", ["db.internal", "127.0.0.2", "10.0.0.0/8", "127.0.0.1:1", "localhost:1"]
)
async def test_allowing_one_host_allows_no_other(
    entry: str, server: FaultyServer
) -> None:
    server.says(reply())
    with pytest.raises(BlockedAddressError):
        await call(f"http://127.0.0.1:{server.port}/", entry)
    assert server.connections == 0


@pytest.mark.parametrize("entry", ["", "http://x", "a b", "x:port", "u@x", "[::1]x"])
def test_what_is_no_host_cannot_be_allowed(entry: str) -> None:
    with pytest.raises(InvalidConfigurationError, match="is not a host"):
        Guard([entry])
