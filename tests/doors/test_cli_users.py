"""`trunkline user`: who may enter, from the terminal."""

import json

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]

PASSWORD = "three unrelated words\n"


def test_users_are_added_listed_changed_and_removed(terminal: Terminal) -> None:
    assert "Nobody" in terminal.run("user", "list").out
    added = terminal.run("user", "add", "Ada", given=PASSWORD)
    assert (added.code, added.out) == (0, "Ada may enter.\n")
    terminal.run("user", "add", "Ada", given=PASSWORD).refuses(1, "Ada")
    assert terminal.run("user", "add", "Grace", given=PASSWORD).code == 0
    listed = json.loads(terminal.run("user", "list", "--json").out)
    assert [one["name"] for one in listed] == ["Ada", "Grace"]
    assert (
        terminal.run("user", "password", "Ada", given="other words, three\n").code == 0
    )
    assert terminal.run("user", "remove", "Grace").code == 0
    terminal.run("user", "remove", "Ada").refuses(1, "last")


def test_a_password_that_is_none_is_one_sentence(terminal: Terminal) -> None:
    terminal.run("user", "add", "Ada", given="short\n").refuses(2, "characters")
    assert "Nobody" in terminal.run("user", "list").out


def test_once_there_is_a_user_no_code_is_printed(terminal: Terminal) -> None:
    terminal.run("user", "add", "Ada", given=PASSWORD)
    with terminal.running("serve", "--port", "0") as server:
        assert server.stop().out == ""
