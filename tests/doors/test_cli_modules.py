"""`trunkline run` and `trunkline app`: one module by itself, and what there is."""

import json

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]

LIST = ("run", "refiner.list_contacts", "--connection", "My Refiner")
IDENTIFY = ("run", "refiner.identify_a_user", "--connection", "My Refiner")


def test_bundles_come_one_a_line_as_json(served: Terminal) -> None:
    listed = served.run(*LIST)
    contacts = [json.loads(line) for line in listed.out.splitlines()]

    assert listed.code == 0
    assert len({contact["uuid"] for contact in contacts}) == len(contacts) >= 30


def test_the_limit_fills_in_the_modules_own(served: Terminal) -> None:
    assert len(served.run(*LIST, "--limit", "7").out.splitlines()) == 7
    assert len(served.run(*LIST, "--set", "limit=3").out.splitlines()) == 3


def test_the_limit_cuts_the_output_of_other_modules(served: Terminal) -> None:
    told = served.run(
        *("run", "tools.compose_a_string", "--set", "value=a", "--limit", "1")
    )
    assert len(told.out.splitlines()) == 1


def test_values_are_read_by_what_the_field_is(served: Terminal) -> None:
    identified = served.run(
        *(*IDENTIFY, "--set", "user_id=0042", "--set", "additional_data.seats=7"),
        *("--set", "additional_data.zip=0042", "--set", 'additional_data.code="7"'),
        *("--set", "additional_data.note=@@home", "--set", "additional_data.x=a=b"),
    )
    assert json.loads(identified.out)["message"] == "ok"
    call = ("--set", "url=/v1/contact", "--set", "query_string.id=0042")
    found = served.run(
        *("run", "refiner.make_an_api_call", "--connection", "My Refiner", *call)
    ).json()
    traits = found["body"]["attributes"]
    assert str(traits["seats"]) == "7"
    assert (traits["zip"], traits["code"]) == ("0042", "7")
    assert (traits["note"], traits["x"]) == ("@home", "a=b")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", "refiner.list_contact"), 1, ("refiner.list_contacts",)),
        (("run", "nobody.list"), 1, ("nobody",)),
        (("run", "refiner.list_contacts"), 2, ("--connection NAME",)),
        ((*LIST, "--set", "limit=many"), 2, ("Limit",)),
        ((*LIST, "--set", "bogus=1"), 2, ("bogus",)),
        ((*LIST, "--set", "limit=1", "--set", "limit.x=1"), 2, ("twice",)),
        (IDENTIFY, 2, ("User ID",)),
        (("run", "refiner.watch_completed_survey"), 2, ("scenario",)),
        (("app", "show", "nobody"), 1, ("nobody",)),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else None,
)
def test_what_cannot_run_says_why(
    arguments: tuple[str, ...], code: int, words: tuple[str, ...], served: Terminal
) -> None:
    served.run(*arguments).refuses(code, *words)


def test_what_came_before_an_error_is_kept(
    served: Terminal, httpserver: HTTPServer
) -> None:
    """A service that fails on the second page, after the first was printed."""
    first = {
        "items": [{"uuid": f"contact-{number}"} for number in range(1000)],
        "pagination": {"next_page_cursor": "more"},
    }
    httpserver.expect_request("/v1/").respond_with_json({"project_name": "Fake"})
    httpserver.expect_request(
        "/v1/contacts", query_string={"page_length": "1000"}
    ).respond_with_json(first)
    httpserver.expect_request("/v1/contacts").respond_with_response(
        Response("no", status=400)
    )
    address = httpserver.url_for("").rstrip("/")
    added = served.run(
        *("connection", "add", "Failing", "--app", "refiner", "--base-url", address),
        *("--set", "api_key=an-invented-key-0123456789abcdef"),
    )
    assert added.code == 0, added.err

    listed = served.run(
        "run", "refiner.list_contacts", "--connection", "Failing", "--limit", "2000"
    )

    assert listed.code == 1
    assert len(listed.out.splitlines()) == 1000
    assert listed.err.count("\n") == 1
    assert "400" in listed.err


def test_an_app_shows_its_modules_and_which_fields_are_mandatory(
    served: Terminal,
) -> None:
    shown = served.run("app", "show", "refiner").out

    for label in ("Watch Completed Survey", "Make an API Call", "List Contacts"):
        assert label in shown
    [user_id] = {
        line
        for line in shown.splitlines()
        if "want to track" in line and "user_id" in line
    }
    assert "mandatory" in user_id


def test_mandatory_fields_are_bold_on_a_terminal(served: Terminal) -> None:
    shown = served.run("app", "show", "refiner", FORCE_COLOR="1", COLUMNS="200").out

    assert "\x1b[1m  event_name" in shown
    assert "\x1b[1m  order_by" not in shown


def test_the_installed_apps_are_listed(served: Terminal) -> None:
    keys = {app["key"] for app in served.run("app", "list", "--json").json()}

    assert {"flow", "http", "refiner", "tools"} <= keys
    assert "Refiner" in served.run("app", "list").out
