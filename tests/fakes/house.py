"""A server and a sandbox in processes of their own, as people start them."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PASSWORD = "three unrelated words"
KEY = "an-invented-key-for-the-sandbox"


@dataclass(frozen=True, slots=True)
class House:
    """A server that runs: its address, the code for its owner, and its token."""

    address: str
    code: str
    token: str = field(repr=False)

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON value
        """A call to the API as a program makes it."""
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.address}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
            text = answer.read()
        return json.loads(text) if text else None


@contextmanager
def house(folder: Path, *, first: bool = True) -> Iterator[House]:
    """A server on a folder; programs of this machine may be called.

    The `first` start of a folder prints the code that makes the owner.
    """
    arguments = ("--data", str(folder), "--port", "0", "--allow-host", "127.0.0.1")
    with _started("serve", *arguments) as lines:
        address = next(word for word in next(lines).split() if "://" in word)
        words = next(lines).split() if first else []
        code = next((word.partition("#")[2] for word in words if "#" in word), "")
        owner: Mapping[str, Any] = json.loads((folder / "owner.json").read_text())
        yield House(address.rstrip(","), code, str(owner["token"]))


@contextmanager
def sandbox(folder: Path, *more: str) -> Iterator[str]:
    """A local Refiner; yields its address. Its API key is `KEY`."""
    arguments = ("--data", str(folder), "--port", "0", "--key", KEY, *more)
    with _started("sandbox", *arguments) as lines:
        words = next(lines).split()
        yield next(word for word in words if "://" in word).rstrip(".,")


@contextmanager
def _started(*arguments: str) -> Iterator[Iterator[str]]:
    """A command that goes on until the block ends, and the lines it says."""
    process = subprocess.Popen(  # noqa: S603 - the command under test
        (sys.executable, "-m", "trunkline", *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield iter(process.stdout.readline, "")
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()
