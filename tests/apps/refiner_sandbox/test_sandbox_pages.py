"""The pages that stand for the dashboard, as a browser meets them."""

import re
from html.parser import HTMLParser

import pytest

from apps.refiner_sandbox.door import KEY, Door, Json

HOSTILE = "<script>alert(1)</script>\"'&"
PAGES = [
    "/",
    "/integrations",
    "/integrations/api-key",
    "/integrations/webhooks",
    "/surveys",
    "/contacts",
    "/segments",
    "/webhook-log",
    "/faults",
]
WEBHOOK = {"name": "CRM", "events": "Saw Survey", "url": "http://127.0.0.1:1/x"}


class Outline(HTMLParser):
    """What a page offers: labels, named fields, headings and resources."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.labelled: set[str] = set()
        self.fields: dict[str, dict[str, str | None]] = {}
        self.tags: list[str] = []
        self.resources: list[str] = []
        self.within: list[str] = []
        self.unlabelled: list[str] = []
        self.feed(html)
        loose = self.fields.keys() - self.labelled
        self.unlabelled = [name for name in loose if name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.within.append(tag)
        self.resources += [v for n, v in attrs if n in {"src", "href"} and v]
        if tag == "label":
            self.labelled.add(values.get("for") or "")
        if tag in {"input", "select", "textarea"} and values.get("type") != "hidden":
            inside = "label" in self.within
            self.fields[values.get("id") or ""] = values
            if inside:
                self.labelled.add(values.get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        while tag in self.within and self.within.pop() != tag:
            pass


async def page(door: Door, path: str, status: int = 200) -> str:
    async with door.http.get(f"{door.url}{path}") as answer:
        assert answer.status == status
        assert answer.headers["Content-Type"].startswith("text/html")
        return await answer.text()


async def submit(
    door: Door, path: str, fields: dict[str, str] | list[tuple[str, str]], status: int
) -> tuple[str, str]:
    """Posts a form as a browser does; the page's text and its address."""
    async with door.http.post(f"{door.url}{path}", data=fields) as answer:
        assert answer.status == status, await answer.text()
        return await answer.text(), answer.url.path


async def survey_page(door: Door, name: str = "Quarterly NPS") -> str:
    return f"/surveys/{await door.survey(name)}"


@pytest.mark.parametrize("path", PAGES)
async def test_pages_have_landmarks_one_heading_labels_and_nothing_from_outside(
    door: Door, path: str
) -> None:
    outline = Outline(await page(door, path))
    assert outline.tags.count("h1") == 1
    assert {"header", "nav", "main", "footer", "title"} <= set(outline.tags)
    assert "script" not in outline.tags
    assert outline.unlabelled == []
    assert all(each.startswith(("/", "#")) for each in outline.resources)


async def test_the_style_sheet_is_the_sandboxs_own(door: Door) -> None:
    async with door.http.get(f"{door.url}/style.css") as answer:
        assert answer.content_type == "text/css"
        assert "url(" not in await answer.text()


async def test_the_api_key_is_shown(door: Door) -> None:
    assert KEY in await page(door, "/integrations/api-key")


async def test_the_webhook_form_has_refiners_labels(door: Door) -> None:
    html = await page(door, "/integrations/webhooks")
    for label in ("Webhook Name", "Trigger Event", "Destination URL"):
        assert label in html
    assert "Secret Auth-Token" in html
    assert "Save Webhook</button>" in html


async def test_saving_a_webhook_says_so_and_lists_it(door: Door) -> None:
    events = [("events", "Saw Survey"), ("events", "Completed Survey")]
    fields = [("name", "CRM"), ("url", "https://example.com/hook"), *events]
    html, path = await submit(door, "/integrations/webhooks", fields, 200)
    assert path == "/integrations/webhooks"
    assert "You have successfully added the webhook." in html
    assert "https://example.com/hook" in html
    assert "Saw Survey, Completed Survey" in html


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"events": ""}, "events"),
        ({"events": "Full moon"}, "events"),
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "http://"}, "url"),
        ({"url": "http://[broken"}, "url"),
        ({"secret": "line\r\nbreak"}, "secret"),
    ],
)
async def test_a_wrong_field_is_named_next_to_it_and_the_rest_is_kept(
    door: Door, change: dict[str, str], field: str
) -> None:
    fields = WEBHOOK | change
    html, _ = await submit(door, "/integrations/webhooks", fields, 422)
    assert f'id="{field}-error"' in html
    assert f'aria-describedby="{field}-error"' in html
    assert ('value="CRM"' in html) == (field != "name")
    answer = await door.post("/integrations/webhooks", status=422, **fields)
    assert list(answer["errors"]) == [field]
    assert (await door.get("/integrations/webhooks"))["items"] == []


async def test_answering_a_survey_leads_to_the_contact(door: Door) -> None:
    path = f"{await survey_page(door)}/answers"
    fields = {"id": "user-1", "name": "Ada", "action": "complete", "data[nps]": "9"}
    html, address = await submit(door, path, fields, 200)
    contact = await door.get("/v1/contact", id="user-1")
    assert address == f"/contacts/{contact['uuid']}"
    assert "The response has been stored." in html
    assert "completed" in html


async def test_a_survey_shows_all_its_questions(door: Door) -> None:
    html = await page(door, await survey_page(door, "Feature feedback"))
    assert html.count('type="radio"') == 5
    assert html.count('type="checkbox"') == 6


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"action": "complete"}, "nps"),
        ({"action": "complete", "data[nps]": "11"}, "nps"),
        ({"action": "partial"}, "nps"),
        ({"action": "partial", "data[reason][]": "x"}, "reason"),
    ],
)
async def test_answers_that_are_missing_or_not_offered_are_pointed_out(
    door: Door, fields: dict[str, str], field: str
) -> None:
    path = f"{await survey_page(door)}/answers"
    html, _ = await submit(door, path, fields | {"id": "keep-me"}, 422)
    assert f'id="{field}-error"' in html
    assert 'value="keep-me"' in html
    await door.get("/v1/contact", id="keep-me", status=404)


async def test_an_anonymous_visitor_becomes_a_contact(door: Door) -> None:
    path = f"{await survey_page(door)}/answers"
    html, _ = await submit(door, path, {"action": "see"}, 200)
    assert "Anonymous contact" in html
    (contact,) = (await door.get("/v1/contacts"))["items"]
    assert contact["remote_id"] is contact["email"] is None


async def test_only_published_surveys_are_answered(door: Door) -> None:
    for name in ("Onboarding check-in", "Cancellation reasons"):
        path = f"{await survey_page(door, name)}/answers"
        html, _ = await submit(door, path, {"id": "1", "action": "see"}, 422)
        assert "not published" in html


async def test_contacts_are_searched_and_paged(door: Door) -> None:
    for number in range(26):
        await door.identified(id=f"u-{number}", name=f"Person {number}")
    first = await page(door, "/contacts")
    assert "Page 1 of 2" in first
    assert "Next page" in first
    assert "Previous page" in await page(door, "/contacts?page=2")
    assert "Person 17" in await page(door, "/contacts?search=person+17")
    assert "Nobody matches" in await page(door, "/contacts?search=zzz")
    await page(door, "/contacts?page=x", 422)


async def test_a_contact_is_put_into_a_segment_by_form(door: Door) -> None:
    contact = await door.identified(id="1")
    await door.post("/v1/track-event", id="1", event="Logged in")
    path = f"/contacts/{contact['uuid']}/segments"
    fields = {"segment_uuid": await door.segment("Beta testers"), "action": "add"}
    html, _ = await submit(door, path, fields, 200)
    assert "In: All Users, Beta testers" in html
    assert "Logged in" in html
    html, _ = await submit(door, path, fields | {"action": "remove"}, 200)
    assert "In: All Users<" in html


async def test_segments_are_created_and_filled_at_once(door: Door) -> None:
    await door.identified(id="1", seats=12)
    await door.identified(id="2", seats=3)
    rule = {"trait": "seats", "operator": "at_least", "value": "10"}
    await submit(door, "/segments", {"name": "Large", **rule}, 200)
    await door.post("/segments", name="By hand")
    segments = (await door.get("/segments"))["items"]
    counts: Json = {each["name"]: each for each in segments}
    assert counts["Large"]["contacts"] == 1
    assert counts["By hand"]["is_manual"] is True
    (contact,) = (await door.get("/v1/contacts", segment_uuid=counts["Large"]["uuid"]))[
        "items"
    ]
    assert contact["segments"][-1]["name"] == "Large"


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "x", "trait": "plan"}])
async def test_a_segment_needs_a_name_and_a_rule_its_value(
    door: Door, fields: dict[str, str]
) -> None:
    html, _ = await submit(door, "/segments", fields, 422)
    assert "-error" in html


@pytest.mark.parametrize(
    "rule",
    [
        ("plan", "is", "pro"),
        ("plan", "is_not", "free"),
        ("plan", "is_set", ""),
        ("seats", "at_most", "5"),
        ("plan", "at_most", "5"),
    ],
)
async def test_rules_compare_as_they_say(
    door: Door, rule: tuple[str, str, str]
) -> None:
    trait, operator, value = rule
    body = {"name": "Mine", "trait": trait, "operator": operator, "value": value}
    await door.post("/segments", **body)
    contact = await door.identified(id="1", plan="pro", seats=5)
    inside = "Mine" in {each["name"] for each in contact["segments"]}
    assert inside == (rule != ("plan", "at_most", "5"))


async def test_hostile_text_is_shown_as_text(door: Door) -> None:
    contact = await door.identified(id=HOSTILE, name=HOSTILE, note=HOSTILE)
    await door.post("/v1/track-event", id=HOSTILE, event=HOSTILE)
    await door.post("/segments", name=HOSTILE)
    await door.post("/integrations/webhooks", **WEBHOOK | {"name": HOSTILE})
    path = f"{await survey_page(door)}/answers"
    await door.post(path, id=HOSTILE, action="see")
    await door.sender.settled()
    query = "?search=%3Cscript%3E&id=%3Cscript%3E&done=%3Cscript%3E"
    for each in (*PAGES, f"/contacts/{contact['uuid']}", await survey_page(door)):
        html = await page(door, each + query)
        assert "<script" not in html, each
    bad = WEBHOOK | {"name": HOSTILE, "url": HOSTILE}
    html, _ = await submit(door, "/integrations/webhooks", bad, 422)
    assert "<script" not in html
    assert re.search(r"&lt;script&gt;", html)


async def test_pages_forbid_scripts_and_foreign_frames(door: Door) -> None:
    async with door.http.get(door.url) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/nothing", "/contacts/unknown", "/surveys/unknown"])
async def test_what_is_not_there_is_said_on_a_page_or_in_json(
    door: Door, path: str
) -> None:
    assert "ot " in await page(door, path, 404)
    assert "error" in await door.get(path, status=404)
