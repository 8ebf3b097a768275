"""`trunkline connection`: added, tested, listed, removed; secrets stay secret."""

import json
import os
import pty
import subprocess
import sys

import pytest

from fakes.terminal import KEY, Terminal

pytest_plugins = ["fakes.terminals"]

ADD = ("connection", "add", "Other", "--app", "refiner")


def test_a_connection_is_established_after_the_service_accepted_it(
    terminal: Terminal, sandbox: str
) -> None:
    (terminal.folder / "key.txt").write_text(KEY + "\n")
    local = ("--allow-host", "127.0.0.1")
    added = terminal.run(
        *ADD, "--set", "api_key=@key.txt", "--base-url", sandbox, *local
    )
    [listed] = terminal.run("connection", "list", "--json").json()

    assert added.out == "The connection has been established. Production\n"
    assert (listed["name"], listed["base_url"]) == ("Other", sandbox)
    assert KEY not in str(listed)
    tested = terminal.run("connection", "test", "Other", *local)
    assert tested.out == "The connection works. Production\n"
    assert terminal.run("connection", "remove", "Other").code == 0
    assert "no connections yet" in terminal.run("connection", "list").out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), 2, ("api_key", "API Key", "--set api_key=@FILE")),
        (("--set", "api_key"), 2, ("FIELD=VALUE",)),
        (("--set", "api_key=a", "--set", "api_key=b"), 2, ("twice",)),
        (("--set", "api_key=@missing"), 2, ("missing",)),
        (("--set", f"api_key={KEY[::-1]}"), 1, ("Get API Key",)),
        (("--set", f"api_key={KEY}", "--set", "x=1"), 2, ("x",)),
    ],
)
def test_what_is_wrong_with_a_connection_is_named(
    options: tuple[str, ...],
    code: int,
    words: tuple[str, ...],
    served: Terminal,
    sandbox: str,
) -> None:
    served.run(*ADD, "--base-url", sandbox, *options).refuses(code, *words)


def test_an_app_that_is_not_installed_is_named(served: Terminal) -> None:
    refused = served.run("connection", "add", "Other", "--app", "nobody")
    refused.refuses(1, "nobody")


def test_a_connection_that_is_not_there_is_named(served: Terminal) -> None:
    for command in ("test", "remove"):
        served.run("connection", command, "a/b ../é").refuses(1, "a/b ../é")


def test_a_name_is_given_once(served: Terminal, sandbox: str) -> None:
    taken = served.run(
        *("connection", "add", "My Refiner", "--app", "refiner"),
        *("--set", f"api_key={KEY}", "--base-url", sandbox),
    )
    taken.refuses(1, "My Refiner")


def test_an_address_that_nobody_allowed_is_refused(
    terminal: Terminal, sandbox: str
) -> None:
    refused = terminal.run(*ADD, "--set", f"api_key={KEY}", "--base-url", sandbox)
    refused.refuses(1, "127.0.0.1")


def test_on_a_terminal_a_secret_is_asked_for_and_not_shown(
    terminal: Terminal, sandbox: str
) -> None:
    ours, theirs = pty.openpty()
    local = ("--base-url", sandbox, "--allow-host", "127.0.0.1")
    adding = subprocess.Popen(  # noqa: S603 - the command under test
        (sys.executable, "-m", "trunkline", *ADD, *local),
        cwd=terminal.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"API Key: " not in shown:
        shown += os.read(ours, 1000)
    os.write(ours, KEY.encode() + b"\n")
    while b"established" not in shown:
        shown += os.read(ours, 1000)

    assert adding.wait(60) == 0
    assert KEY.encode() not in shown
    os.close(ours)


def test_data_cannot_steer_the_terminal(kept: Terminal) -> None:
    name = "a\u202e [bold]"
    kept.run(*("webhook", "add", name, "--module", "refiner.watch_completed_survey"))
    listed = kept.run("webhook", "list")
    as_json = kept.run("webhook", "list", "--json")

    assert "a\\u202e [bold]" in listed.out
    assert as_json.json()[0]["name"] == name
    assert "\u202e" not in listed.out + as_json.out


def test_bundles_cannot_steer_the_terminal(kept: Terminal) -> None:
    value = "\x1b[31m\x9b"
    module = ("run", "tools.set_a_variable", "--set", "name=x")
    printed = kept.run(*module, "--set", f"value={value}")

    assert json.loads(printed.out) == {"x": value}
    assert not {"\x1b", "\x9b"} & set(printed.out)
