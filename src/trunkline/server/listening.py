"""The socket to listen on, opened before anything else is promised."""

import errno
import socket

from trunkline.errors import PortInUseError, UsageError


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one.

    Raises:
        PortInUseError: somebody else listens there.
        UsageError: the address is not one of this machine's.
    """
    try:
        listening = socket.create_server(
            (host, port), family=_family(host), backlog=2048
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"Port {port} on {host} is in use. Stop what listens there, or choose "
                "another one with --port."
            ) from error
        raise UsageError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}."
        ) from error
    # Answers are two small writes; accepted sockets inherit that none waits for more.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
