"""Which addresses may be dialled; asked of the address itself, not of its name."""

import re
import socket
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

from trunkline.errors import BlockedAddressError, InvalidConfigurationError

# `ipaddress.is_global` is not asked: what it lets through depends on the Python in
# use and includes multicast, NAT64, 6to4 and the IPv4-compatible form of loopback.
_BLOCKED_V4 = [
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "168.63.129.16/32",  # Azure's platform address
    )
]
# Only 2000::/3 is handed out to anybody, so all else is refused without a list.
_GLOBAL_V6 = IPv6Network("2000::/3")
_BLOCKED_V6 = [
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]
_ENTRY = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:/@?#%\\\[\]]+)(?::([0-9]{1,5}))?")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Guard:
    """Decides which hosts and addresses may be called.

    Public addresses may always. `allow_hosts` adds host names, IP addresses and
    networks, each with `:PORT` or for all ports; `localhost` stands for the loopback
    addresses, too. A name is allowed as a name: where it leads is not asked. An
    address or a network is allowed whichever name led there.
    """

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        self._names: set[tuple[str, int | None]] = set()
        self._networks: list[tuple[Network, int | None]] = []
        for entry in allow_hosts:
            self.allow(entry)

    def knows(self, host: str, port: int) -> bool:
        """Whether the host was allowed by its name."""
        name = host.lower().removesuffix(".")
        return (name, port) in self._names or (name, None) in self._names

    def check(self, host: str, port: int) -> None:
        """Lets a dialled address pass, or not.

        Raises:
            BlockedAddressError: it is not public, and nobody allowed it.
        """
        try:
            address = None if "%" in host else unwrap(ip_address(host))
        except ValueError:
            address = None
        if address is None or not (
            is_public(address) or self._is_allowed(address, port)
        ):
            raise blocked(host)

    def open_socket(self, where: tuple[Any, ...]) -> socket.socket:
        """Makes the socket for an address about to be dialled, after checking it."""
        family, kind, protocol, _, target = where
        self.check(target[0], target[1])
        return socket.socket(family, kind, protocol)

    def _is_allowed(self, address: Address, port: int) -> bool:
        return any(
            address in network and only in (None, port)
            for network, only in self._networks
        )

    def allow(self, entry: str) -> None:
        """Adds a host, an address or a network to those that may be called."""
        self._allow(entry.strip().lower())

    def _allow(self, entry: str) -> None:
        """Notes an entry as a network if it can be read as one, else as a name."""
        try:
            self._networks.append((_network(entry), None))
        except ValueError:
            self._allow_at_port(*_host_and_port(entry))

    def _allow_at_port(self, host: str, port: int | None) -> None:
        try:
            network = _network(host.strip("[]"))
        except ValueError:
            names = _LOOPBACK_NAMES if host == "localhost" else {host}
            self._names.update((name.removesuffix("."), port) for name in names)
        else:
            self._networks.append((network, port))


def blocked(address: str, host: str | None = None) -> BlockedAddressError:
    """The refusal of an address, with the host name that led there if there is one."""
    name = host or address
    through = f"{name} leads to {address}, which" if name != address else address
    return BlockedAddressError(
        f"{through} is not a public address, so nothing was sent. If you trust it, "
        f"allow it with --allow-host {name} (setting TRUNKLINE_ALLOW_HOSTS).",
        detail=address,
    )


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _BLOCKED_V4)
    return address in _GLOBAL_V6 and not any(address in block for block in _BLOCKED_V6)


def unwrap(address: Address) -> Address:
    """The IPv4 address inside of a v4-mapped or NAT64 one, as that is what is reached.

    NAT64 is not refused as such: in networks without IPv4 every public host has
    such an address.
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _network(text: str) -> Network:
    """An address as the network of itself, unwrapped as dialled ones are."""
    try:
        return ip_network(unwrap(ip_address(text)))
    except ValueError:
        return ip_network(text, strict=False)


def _host_and_port(entry: str) -> tuple[str, int | None]:
    parts = _ENTRY.fullmatch(entry)
    if parts is None:
        raise _not_a_host(entry)
    host, port = parts.groups()
    return host, None if port is None else int(port)


def _not_a_host(entry: str) -> InvalidConfigurationError:
    return InvalidConfigurationError(
        f"{entry!r} in TRUNKLINE_ALLOW_HOSTS is not a host. Write a host name, an IP "
        "address or a network such as 10.0.0.0/8, with or without :PORT."
    )
