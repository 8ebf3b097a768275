"""What an error status becomes, and what it says."""

import json
from collections.abc import Callable

import pytest

from fakes.faulty_server import FaultyServer, reply
from trunkline.sdk import Answer, Api, Channel, ModuleError
from trunkline.sdk.refusal import own_message

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (400, "DataError", "Check the values"),
        (401, "AccountValidationError", "Check the connection's credentials"),
        (403, "AccountValidationError", "Check the connection's credentials"),
        (404, "DataError", "It was not found"),
        (408, "ModuleTimeoutError", "Try again later"),
        (409, "DuplicateDataError", "Such a record is there already"),
        (413, "MaxFileSizeExceededError", "Send less"),
        (418, "RuntimeError", "See what the service says"),
        (422, "DataError", "Check the values"),
        (429, "RateLimitError", "slow down"),
        (500, "RuntimeError", "See what the service says"),
        (502, "ConnectionError", "Try again later"),
        (503, "ConnectionError", "Try again later"),
        (504, "ConnectionError", "Try again later"),
        (507, "OutOfSpaceError", "Make room"),
        (599, "RuntimeError", "See what the service says"),
    ],
)
async def test_an_error_says_what_happened_and_what_to_do(
    status: int,
    kind: str,
    advice: str,
    server: FaultyServer,
    open_channel: Callable[..., Channel],
) -> None:
    body = json.dumps({"message": "Not like this"})
    server.says(reply(status, body, Content_Type="application/json"))

    with pytest.raises(ModuleError) as caught:
        await Api(open_channel()).post("/contacts", params={"hidden": 1})

    error = caught.value
    assert (error.type, error.status, error.detail) == (kind, status, "Not like this")
    assert str(error).startswith(f"POST /v1/contacts: Acme answered {status}")
    assert ": Not like this. " in str(error)
    assert advice in str(error)
    assert "hidden" not in str(error)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "No API key"}, "No API key"),
        (
            {"message": "Wrong", "errors": {"email": ["is taken"]}},
            "Wrong; email: is taken",
        ),
        ({"errors": [{"message": "a"}, {"detail": "b"}, "c"]}, "a; b; c"),
        ({"error": {"message": "deep", "code": 7}}, "deep"),
        ({"title": "Bad", "detail": "field x"}, "field x; Bad"),
        ([{"error": "in a list"}], "in a list"),
        ({"message": "same", "error": "same"}, "same"),
        ({"message": "a\n  b"}, "a b"),
        ({"code": 7}, None),
        ({"message": None, "error": 5}, None),
        ("just text", "just text"),
        (["just", "words"], None),
    ],
)
def test_the_services_own_words_are_found_where_services_put_them(
    body: object, said: str | None
) -> None:
    answer = Answer(400, JSON, json.dumps(body).encode(), "")
    assert own_message(answer) == said


def test_a_long_message_is_cut() -> None:
    said = own_message(Answer(400, {"content-type": "text/plain"}, b"x" * 999, ""))
    assert said == "x" * 299 + "…"


def test_a_web_page_is_not_a_message() -> None:
    page = Answer(502, {"content-type": "text/html"}, b"<h1>Bad Gateway</h1>", "")
    assert own_message(page) is None
