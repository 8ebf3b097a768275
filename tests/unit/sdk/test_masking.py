"""A connection's secrets are not seen in anything that comes back."""

import json
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from pydantic import SecretStr

from fakes.faulty_server import FaultyServer, Reply, reply
from trunkline.sdk import (
    Answer,
    Api,
    BasicAuth,
    BearerAuth,
    Channel,
    ModuleError,
    NoAuth,
    QueryAuth,
    RateLimitError,
)

Open = Callable[..., Channel]
CANARY = 'ca/na ry+"ü"=key'
SPELLINGS = [
    CANARY,
    b64encode(CANARY.encode()).decode(),
    quote(CANARY, safe=""),
    quote(CANARY, safe="").lower(),
    quote_plus(CANARY),
    json.dumps(CANARY)[1:-1],
    json.dumps(CANARY, ensure_ascii=False)[1:-1],
    json.dumps(CANARY)[1:-1].replace("/", "\\/"),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_secret_is_masked_in_body_and_headers_however_it_is_spelled(
    spelling: str, server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(body=f"<{spelling}>", X_Echo=f"<{spelling}>"))
    api = Api(open_channel(secrets=frozenset({CANARY})))

    answer = await api.request("GET", "/x")

    assert answer.text == "<***>"
    assert answer.headers["x-echo"].startswith("<***>")


@pytest.mark.parametrize("status", [200, 400, 401, 500])
@pytest.mark.parametrize(
    "auth",
    [
        BearerAuth(SecretStr("canary-token")),
        BasicAuth("canary-user", SecretStr("canary-password")),
        QueryAuth("api_key", SecretStr("canary-query")),
    ],
)
async def test_a_service_that_echoes_the_request_betrays_no_credentials(
    auth: NoAuth, status: int, server: FaultyServer, open_channel: Open
) -> None:
    sent = {*auth.headers().values(), *auth.params().values()}
    echo = json.dumps({"message": [f"you sent {value}" for value in sent]})
    server.says(reply(status, echo, Content_Type="application/json", X_Echo=echo))

    try:
        seen = repr(await Api(open_channel(auth=auth)).request("POST", "/x"))
    except ModuleError as error:
        seen = f"{error!r} {error.detail}"

    assert "***" in seen
    assert not any(value.rpartition(" ")[2] in seen for value in sent)


async def test_an_apps_own_reading_of_an_error_sees_no_secret(
    server: FaultyServer, open_channel: Open
) -> None:
    seen: list[Answer] = []

    def explain(answer: Answer) -> ModuleError:
        seen.append(answer)
        return RateLimitError("The key canary-token is used up.")

    server.says(reply(403, "canary-token"))
    api = Api(open_channel(explain=explain, secrets=frozenset({"canary-token"})))

    with pytest.raises(RateLimitError, match=r"The key \*\*\* is used up") as caught:
        await api.request("GET", "/x")

    assert seen[0].text == "***"
    assert caught.value.status == 403


async def test_an_error_without_an_answer_shows_no_secret(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(Reply(then="close"))
    api = Api(open_channel(secrets=frozenset({"canary-path"})))
    with pytest.raises(ModuleError) as caught:
        await api.post("/canary-path")
    assert "canary" not in f"{caught.value!r}{caught.value.__cause__!r}"


async def test_what_is_too_short_to_be_a_secret_is_not_masked(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(body="short words"))
    api = Api(open_channel(secrets=frozenset({"short", "", "s"})))
    assert (await api.request("GET", "/x")).text == "short words"


async def test_a_secret_that_begins_as_another_does_is_masked_whole(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(body="secret-one-more"))
    api = Api(open_channel(secrets=frozenset({"secret-one", "secret-one-more"})))
    assert (await api.request("GET", "/x")).text == "***"
