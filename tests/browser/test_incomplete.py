"""Incomplete executions as people meet them: seen, mended, edited, given up."""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from browser.axe import faults_of
from fakes.house import House
from fakes.serving import survey


@dataclass(slots=True)
class Service:
    """A service that refuses what it is told to refuse."""

    address: str = ""
    refuses: dict[str, int] = field(default_factory=dict)
    took: list[str] = field(default_factory=list)

    def answer(self, body: str) -> int:
        if body in self.refuses:
            return self.refuses[body]
        self.took.append(body)
        return 200


@pytest.fixture
def service() -> Iterator[Service]:
    """Refuses what says "bad", and is out of order for "later"."""
    made = Service(refuses={"bad": 422, "later": 503})

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            length = int(self.headers["content-length"])
            body = self.rfile.read(length).decode()
            self.send_response(made.answer(body))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    made.address = f"http://127.0.0.1:{server.server_port}/"
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield made
    server.shutdown()
    serving.join()
    server.server_close()


@dataclass(frozen=True, slots=True)
class Home:
    """A server with a scenario that sends on what arrives, and its webhook."""

    house: House
    hook: Any

    def deliver(self, *words: str) -> None:
        for number, word in enumerate(words):
            body = survey(f"{word}-{number}", remote_id=word)
            request = urllib.request.Request(  # noqa: S310 - loopback
                self.hook["address"],
                method="POST",
                data=json.dumps(body).encode(),
                headers={"Authorization": f"Bearer {self.hook['secret']}"},
            )
            urllib.request.urlopen(request).close()  # noqa: S310 - the same

    def states(self) -> dict[str, int]:
        found: dict[str, int] = self.house.call("GET", "/balance")["states"]
        return found


@pytest.fixture
def home(entered: Page, fresh: House, service: Service) -> Home:
    """The owner has just come in."""
    assert entered
    watches = {
        "id": 1,
        "module": "refiner.watch_completed_survey",
        "webhook": "Surveys",
    }
    sends = {
        "id": 2,
        "module": "http.make_a_request",
        "name": "Send it on",
        "map": {
            "url": service.address,
            "method": "POST",
            "body": "{{1.remote_id}}",
            "content_type": "text/plain",
        },
    }
    hook = fresh.call(
        "POST",
        "/webhooks",
        {"name": "Surveys", "module": "refiner.watch_completed_survey"},
    )
    fresh.call("POST", "/scenarios", {"name": "Answers", "flow": [watches, sends]})
    fresh.call("POST", "/scenarios/Answers/activate")
    return Home(fresh, hook)


def test_the_first_page_tells_what_stopped_and_it_resumes_once_the_service_is_mended(
    entered: Page, home: Home, service: Service
) -> None:
    page = entered
    home.deliver("later")
    attention = page.get_by_role("region", name="Needs attention")
    expect(attention).to_contain_text("Incomplete executions: 1")
    expect(attention).to_contain_text(re.compile(r"Next try in \d+ (seconds|minute)"))
    assert faults_of(page) == []
    attention.get_by_role("link", name="Answers").click()

    stopped = page.get_by_role("region", name="Stopped at 2. Send it on")
    expect(stopped).to_contain_text("ConnectionError")
    expect(stopped).to_contain_text("New tries: 0")
    expect(stopped).to_contain_text("Next try in")
    expect(page.get_by_role("button", name="Run it again")).to_have_count(0)
    assert faults_of(page) == []
    service.refuses.clear()
    stopped.get_by_role("button", name="Resume", exact=True).click()
    expect(stopped).to_have_count(0)
    expect(page.get_by_role("button", name="Run it again")).to_be_visible()
    assert service.took == ["later"]


def test_the_input_is_edited_and_goes_along_when_it_resumes(
    entered: Page, home: Home, service: Service
) -> None:
    page = entered
    home.deliver("bad")
    page.goto(f"{home.house.address}/executions?state=incomplete")
    page.get_by_role("link", name="Answers").click()
    page.get_by_role("button", name=re.compile("^Edit input of 2.")).click()
    dialog = page.get_by_role("dialog")
    written = dialog.get_by_role("textbox", name="Input as JSON")
    expect(written).to_have_value(re.compile('"body": "bad"'))
    assert faults_of(page) == []
    given = written.input_value()
    written.fill(given + "x")
    expect(dialog.get_by_text("This is not a JSON object.")).to_be_visible()
    written.fill(given.replace('"bad"', '"good"'))
    dialog.get_by_role("button", name="Keep for resuming").click()
    stopped = page.get_by_role("region", name="Stopped at 2. Send it on")
    expect(stopped).to_contain_text("Its input was edited.")
    stopped.get_by_role("button", name="Resume", exact=True).click()
    expect(stopped).to_have_count(0)
    expect(page.get_by_text("done", exact=True).first).to_be_visible()
    assert service.took == ["good"]


def test_it_resumes_with_the_current_version_or_from_the_start(
    entered: Page, home: Home, service: Service
) -> None:
    page = entered
    home.deliver("bad")
    page.goto(f"{home.house.address}/executions?state=incomplete")
    page.get_by_role("link", name="Answers").click()
    before = page.url
    ways = page.get_by_role("button", name="Other ways to resume")
    ways.click()
    page.get_by_role("menuitem", name="With the current version", exact=True).click()
    stopped = page.get_by_role("region", name="Stopped at 2. Send it on")
    expect(stopped).to_contain_text("New tries: 1")
    service.refuses.clear()
    ways.click()
    page.get_by_role("menuitem", name="From the start", exact=True).click()
    expect(page).not_to_have_url(before)
    expect(page.get_by_text("done", exact=True).first).to_be_visible()


def test_one_is_discarded_after_a_question(entered: Page, home: Home) -> None:
    page = entered
    home.deliver("bad")
    page.goto(f"{home.house.address}/executions?state=incomplete")
    page.get_by_role("link", name="Answers").click()
    page.get_by_role("button", name="Discard").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Discard this execution?")
    question.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("cancelled", exact=True).first).to_be_visible()
    assert home.states() == {"cancelled": 1}


def test_many_are_ticked_resumed_and_discarded(
    entered: Page, home: Home, service: Service
) -> None:
    page = entered
    home.deliver("bad", "bad", "later", "fine")
    page.goto(f"{home.house.address}/executions")
    expect(page.get_by_role("row")).to_have_count(5)
    expect(page.get_by_text("Next try in")).to_have_count(1)
    page.get_by_text("Incomplete: 3").click()
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_text("Waits for you")).to_have_count(2)
    del service.refuses["bad"]
    page.get_by_role("checkbox", name="Tick all that are shown").check()
    ticked = page.get_by_role("region", name="Ticked executions")
    expect(ticked).to_contain_text("3 ticked")
    assert faults_of(page) == []
    ticked.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("3 go on")).to_be_visible()
    expect(page.get_by_text("Incomplete: 1")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("checkbox", name=re.compile("^Tick the execution")).check()
    ticked.get_by_role("button", name="Discard").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Discard 1 execution?")
    question.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("1 discarded")).to_be_visible()
    assert home.states() == {"done": 3, "cancelled": 1}


def test_all_that_match_are_resumed_not_only_those_that_are_shown(
    entered: Page, home: Home, service: Service
) -> None:
    page = entered
    home.deliver(*["bad"] * 60)
    page.goto(f"{home.house.address}/executions?state=incomplete")
    # Until all have ended, those that are shown change.
    expect(page.get_by_text("Incomplete: 60")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(51)
    page.get_by_role("checkbox", name="Tick all that are shown").check()
    page.get_by_role("button", name="Tick all that match").click()
    del service.refuses["bad"]
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("60 go on")).to_be_visible()
    expect(page.get_by_text("Incomplete: 0")).to_be_visible()
    while len(service.took) < 60:  # those that go on may still be on their way
        page.wait_for_timeout(50)
    assert len(service.took) == 60


def test_those_that_cannot_go_on_are_counted_with_the_reason(
    entered: Page, home: Home
) -> None:
    page = entered
    home.deliver("bad", "bad")
    page.goto(f"{home.house.address}/executions?state=incomplete")
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("checkbox", name="Tick all that are shown").check()
    page.route("**/api/v1/events", lambda route: route.abort())

    def anticipate(route: Route) -> None:
        home.house.call("POST", "/executions/discard", {})
        route.continue_()

    page.route("**/api/v1/executions/discard", anticipate)
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    said = "2 could not: The execution is not incomplete."
    expect(page.get_by_text(said)).to_be_visible()


def test_a_delivery_leads_to_its_execution_and_offers_to_resume(
    entered: Page, home: Home, service: Service
) -> None:
    page = entered
    home.deliver("bad")
    page.goto(f"{home.house.address}/webhooks/{home.hook['id']}")
    reason = page.get_by_role("link", name=re.compile("^incomplete: Execution"))
    expect(reason).to_be_visible()
    row = page.get_by_role("row").nth(1)
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("link", name="The execution")).to_be_visible()
    expect(drawer.get_by_role("button", name="Run it again")).to_have_count(0)
    assert faults_of(page) == []
    service.refuses.clear()
    drawer.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("heading", name="Execution of Answers")).to_be_visible()
    expect(page.get_by_text("done", exact=True).first).to_be_visible()
    assert home.states() == {"done": 1}


def test_a_scenario_that_was_switched_off_is_told_on_the_first_page(
    entered: Page, home: Home
) -> None:
    page = entered
    document = home.house.call("GET", "/scenarios/Answers")["document"]
    document["settings"] = {"dlq": False}
    home.house.call("POST", "/scenarios", document)
    home.deliver("bad")
    attention = page.get_by_role("region", name="Needs attention")
    expect(attention).to_contain_text("Answers was switched off")
    expect(attention).to_contain_text("DataError")
    assert faults_of(page) == []
    attention.get_by_role("link", name="The last execution").click()
    stopped = page.get_by_role("region", name="Stopped at 2. Send it on")
    expect(stopped).to_contain_text("DataError")
