"""`trunkline serve` and `trunkline sandbox`: started, announced, refused, stopped."""

import json
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from fakes.terminal import Terminal
from trunkline import __version__

pytest_plugins = ["fakes.terminals"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_announces_itself_and_stops_gracefully(
    number: int, terminal: Terminal
) -> None:
    with terminal.running("serve", "--port", "0") as server:
        expected = f"Trunkline {__version__} on {server.address}, data in data\n"
        with urllib.request.urlopen(f"{server.address}/health") as answer:  # noqa: S310 - loopback
            assert json.load(answer) == {"status": "ok", "version": __version__}
        assert server.process.stdout
        enter = server.process.stdout.readline().decode()
        ended = server.stop(number)

        assert server.line == expected
        assert enter.startswith(f"Nobody has entered yet. Open {server.address}/enter#")
        assert (ended.code, ended.out) == (0, "")
        assert not (terminal.folder / "data" / "owner.json").exists()


def test_a_server_stops_while_a_signal_comes_at_once(terminal: Terminal) -> None:
    with terminal.running("serve", "--port", "0") as server:
        assert server.stop().code == 0


def test_a_second_server_on_a_folder_is_refused_by_the_name_of_the_first(
    terminal: Terminal,
) -> None:
    with terminal.running("serve", "--port", "0") as server:
        second = terminal.run("serve", "--port", "0")
        second.refuses(1, server.address, str(server.process.pid), "--data")


def test_a_port_in_use_is_one_sentence(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        terminal.run("serve", "--port", port).refuses(1, port, "--port")


def test_a_host_that_is_not_ours_is_one_sentence(terminal: Terminal) -> None:
    refused = terminal.run("serve", "--host", "203.0.113.1", "--port", "0")
    refused.refuses(2, "203.0.113.1")


def test_commands_talk_to_the_server_that_owns_the_folder(terminal: Terminal) -> None:
    with terminal.running("serve", "--port", "0") as server:
        made = terminal.run(
            *("webhook", "add", "Answers", "--json"),
            *("--module", "refiner.watch_completed_survey"),
        ).json()
        assert made["address"].startswith(f"{server.address}/hooks/")
        server.stop()
    assert terminal.run("webhook", "list").out.count("Answers") == 1


def test_the_log_is_json_and_holds_no_secret(terminal: Terminal) -> None:
    with terminal.running("serve", "--port", "0") as server:
        made = terminal.run(
            *("webhook", "add", "Answers", "--json"),
            *("--module", "refiner.watch_completed_survey"),
        ).json()
        token = json.loads((terminal.folder / "data" / "owner.json").read_text())
        log = server.stop().err
    assert made["secret"] not in log
    assert token["token"] not in log
    assert all(line.startswith("{") for line in log.splitlines())


def test_a_sandbox_keeps_its_folder_and_ends_on_a_signal(
    terminal: Terminal, tmp_path: Path
) -> None:
    options = ("--port", "0", "--contacts", "3", "--data", str(tmp_path / "refiner"))
    with terminal.running("sandbox", *options) as sandbox:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{sandbox.address}/contacts", headers={"Accept": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            assert len(json.load(answer)["items"]) == 3
        assert sandbox.stop().code == 0
    assert any((tmp_path / "refiner").iterdir())


def test_a_sandbox_that_cannot_start_says_why(terminal: Terminal) -> None:
    terminal.run("sandbox", "--port", "0", "--key", "short").refuses(1, "key")
