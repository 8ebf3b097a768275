"""Scenarios, webhooks and executions on the command line, in the order of use."""

import http.server
import json
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from fakes.terminal import Terminal
from trunkline.apps.refiner.samples import sample

pytest_plugins = ["fakes.terminals"]

DOCUMENT: dict[str, Any] = {
    "name": "Answers: ž",
    "description": "Two lines,\nof text: {{no}} #comment\n",
    "flow": [
        {"id": 1, "module": "refiner.watch_completed_survey", "webhook": "Answers"},
        {
            "id": 2,
            "module": "flow.router",
            "routes": [
                {
                    "name": "low",
                    "flow": [
                        {
                            "id": 3,
                            "module": "tools.set_a_variable",
                            "filter": {
                                "name": "a detractor",
                                "conditions": [
                                    [
                                        {
                                            "a": "{{1.response.data.nps}}",
                                            "o": "number:lessorequal",
                                            "b": 6,
                                        }
                                    ]
                                ],
                            },
                            "map": {"name": "2026-01-20", "value": "{{1.email}}\n"},
                        }
                    ],
                },
                {
                    "flow": [
                        {
                            "id": 4,
                            "module": "tools.set_a_variable",
                            "map": {"name": "on", "value": 1e20},
                        }
                    ]
                },
            ],
        },
    ],
}


def test_gaps_tell_what_was_refused_and_when_no_server_ran_but_a_command(
    terminal: Terminal,
) -> None:
    module = ("--module", "refiner.watch_completed_survey")
    with terminal.running("serve", "--port", "0") as started:
        hook = terminal.run("webhook", "add", "Answers", *module, "--json").json()
        knock = urllib.request.Request(hook["address"], method="POST", data=b"{}")  # noqa: S310 - loopback
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(knock)  # noqa: S310 - the same
        assert started.stop().code == 0
    assert "so many were refused" in terminal.run("webhook", "gaps", "Answers").out
    with terminal.running("serve", "--port", "0"):
        found = terminal.run("webhook", "gaps", "Answers", "--json").json()["gaps"]
        assert [one["kind"] for one in found] == ["outage", "refusals"]
        shown = terminal.run("webhook", "gaps", "Answers").out
    assert "Too little is known yet" in shown
    assert "no server ran" in shown
    assert "unknown_or_wrong_secret" in shown


def test_a_secret_is_rotated_and_the_old_one_ended(kept: Terminal) -> None:
    module = ("--module", "refiner.watch_completed_survey")
    kept.run("webhook", "add", "Answers", *module, "--secret", "@-", given="first-one")
    rotated = kept.run("webhook", "rotate", "Answers", "--keep-old", "2")
    assert "shown this once" in rotated.out
    assert "end-old-secret Answers" in rotated.out
    assert "two until" in kept.run("webhook", "list").out
    assert kept.run("webhook", "end-old-secret", "Answers").code == 0
    assert "two until" not in kept.run("webhook", "list").out
    asked = ("webhook", "rotate", "Answers", "--secret", "second-one", "--json")
    changed = kept.run(*asked, "--keep-old", "0").json()
    assert (changed["secret"], changed["old_secret_until"]) == ("second-one", None)
    kept.run("webhook", "rotate", "None such").refuses(1, "None such")
    kept.run("webhook", "rotate", "Answers", "--keep-old", "1000").refuses(2, "720")


def test_a_scenario_from_its_file_to_its_executions(
    kept: Terminal, tmp_path: Path
) -> None:
    body = json.dumps(sample("completed_survey"))
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(DOCUMENT))
    made = kept.run(
        *("webhook", "add", "Answers", "--secret", "@-", "--queue", "--json"),
        *("--module", "refiner.watch_completed_survey"),
        given="an-invented-secret\n",
    ).json()
    saved = kept.run("scenario", "add", str(file))
    assert "version 1" in saved.out
    assert "trunkline scenario activate 'Answers: ž'" in saved.out
    activated = kept.run("scenario", "activate", "Answers: ž")
    assert "listens to 'Answers'" in activated.out

    _deliver(made["address"], body, "an-invented-secret")
    execution = _ended(kept)
    shown = kept.run("execution", "show", execution["id"]).out
    assert "Watch Completed Survey" in shown
    assert "filtered" in shown
    [delivery] = kept.run("webhook", "deliveries", "Answers", "--json").json()
    assert delivery["state"] == "done"
    whole = kept.run("webhook", "delivery", delivery["id"]).out
    assert body in whole
    assert "an-invented-secret" not in whole
    replayed = kept.run("webhook", "replay", delivery["id"])
    assert "execution show" in replayed.out
    assert "Answers" in kept.run("webhook", "list").out

    off = kept.run("scenario", "deactivate", "Answers: ž")
    assert "not active any more" in off.out
    kept.run("webhook", "replay", delivery["id"]).refuses(1, "activate")


def test_a_scenario_runs_by_hand_and_comes_back_as_it_was(kept: Terminal) -> None:
    kept.run(
        *("webhook", "add", "Answers", "--module", "refiner.watch_completed_survey")
    )
    saved = kept.run("scenario", "add", "-", given=yaml.safe_dump(DOCUMENT))
    assert saved.code == 0, saved.err

    exported = kept.run("scenario", "export", "Answers: ž").out
    again = kept.run("scenario", "add", "-", "--json", given=exported).json()
    assert yaml.safe_load(exported) == DOCUMENT
    assert again["version"] == 2
    assert again["document"] == DOCUMENT

    shown = kept.run("scenario", "show", "Answers: ž").out
    assert "a detractor: {{1.response.data.nps}} number:lessorequal 6" in shown
    assert "Answers: ž" in kept.run("scenario", "list").out
    kept.run("scenario", "run", "Answers: ž").refuses(2, "--input FILE")
    body = json.dumps(sample("completed_survey"))
    run = ("scenario", "run", "Answers: ž", "--input", "-")
    ran = kept.run(*run, "--json", given=body).json()
    assert ran["state"] == "done"
    assert kept.run(*run, given=body).code == 0


def test_a_scenario_that_fails_ends_with_1(kept: Terminal) -> None:
    call = {"id": 1, "module": "http.make_a_request", "map": {"url": "http://[::1]:1/"}}
    document = {"name": "Broken", "flow": [call]}
    assert kept.run("scenario", "add", "-", given=json.dumps(document)).code == 0

    ran = kept.run("scenario", "run", "Broken")

    assert ran.code == 1
    assert "failed" in ran.out
    assert "BlockedAddressError" in ran.out
    failed = kept.run("execution", "list", "--state", "failed", "--json").json()
    assert [one["scenario"] for one in failed] == ["Broken"]
    assert kept.run("execution", "list", "--state", "done", "--json").json() == []


def test_every_fault_of_a_scenario_file_is_named(kept: Terminal) -> None:
    faulty = "name: X\nflow:\n  - {id: 1, module: refiner.bogus}\n"
    wrong = kept.run("scenario", "add", "-", given=faulty)

    assert wrong.code == 2
    assert "refiner.bogus" in wrong.err
    assert "Traceback" not in wrong.err
    assert kept.run("scenario", "add", "-", given="a: *b").code == 2


def test_what_is_not_there_is_named(kept: Terminal) -> None:
    kept.run("scenario", "show", "None such").refuses(1, "None such")
    kept.run("execution", "show", "none").refuses(1, "none")
    kept.run("webhook", "deliveries", "None such").refuses(1, "None such")
    refused = kept.run("webhook", "add", "x", "--module", "refiner.list_contacts")
    refused.refuses(2, "instant trigger")
    assert "no scenarios yet" in kept.run("scenario", "list").out
    assert "no such executions" in kept.run("execution", "list").out
    kept.run("execution", "list", "--state", "bogus").refuses(2, "state")


def _deliver(address: str, body: str, secret: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        address, body.encode(), headers={"Authorization": f"Bearer {secret}"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        assert answer.status == 200


def _ended(terminal: Terminal) -> dict[str, Any]:
    """The first execution that is done; each look is a command, and takes a while."""
    for _ in range(30):
        found = terminal.run("execution", "list", "--state", "done", "--json").json()
        if found:
            return dict(found[0])
    raise AssertionError("No execution has ended.")


def test_one_operation_is_shown_whole_with_what_it_sent(kept: Terminal) -> None:
    listener = http.server.HTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.server_port}/seen"
        call = {"id": 1, "module": "http.make_a_request", "map": {"url": url}}
        document = {"name": "Asks", "flow": [call]}
        (kept.folder / "asks.json").write_text(json.dumps(document))
        assert kept.run("scenario", "add", "asks.json").code == 0
        ran = kept.run("scenario", "run", "Asks", "--json").json()
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()
    shown = kept.run("execution", "show", ran["id"], "--operation", "1").json()
    [exchange] = shown["exchanges"]
    assert exchange["request"]["url"] == url
    assert exchange["response"]["status"] == 200
    kept.run("execution", "show", ran["id"], "--operation", "9").refuses(1, "9")


class _Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""
