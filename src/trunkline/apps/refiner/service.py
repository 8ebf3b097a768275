"""Refiner's REST API: where it is, how to get in, how it says no."""

from typing import Any

from pydantic import Field, SecretStr, field_validator

from trunkline.sdk import (
    AccountValidationError,
    Answer,
    Api,
    App,
    BearerAuth,
    Connection,
    CursorPages,
    ModuleError,
    Output,
    Rate,
)

LONGEST_PAGE = 1000
"""Rows that a page holds at most (refiner-api 2.2 [sure])."""

UNKNOWN_KEY = "API key not valid or does not exist"
"""What Refiner says to a well-formed key nobody owns (refiner-api 1.2 [sure])."""

app = App(
    key="refiner",
    title="Refiner",
    description="The Refiner modules allow you to monitor the completed surveys, "
    "segments, identify users, and list contacts in your Refiner account.",
    docs="https://refiner.io/docs/api/",
    base_url="https://api.refiner.io",
    pages=CursorPages(
        items="items",
        next="pagination.next_page_cursor",
        param="page_cursor",
        size_param="page_length",
        size=LONGEST_PAGE,
    ),
    rate=Rate(calls=4000, seconds=60),  # (refiner-api 1.4 [likely])
)


class Project(Output):
    """What a key opens: one environment (refiner-api 1.3 [likely])."""

    project_name: str


@app.connection
class ApiKey(Connection):
    """To connect your Refiner account, obtain the API Key from it and insert it here.

    1. Log in to your Refiner account.
    2. Click Integrations > Get API Key. Copy the API key to your clipboard.
    3. In the Connection name field, enter a name for the connection.
    4. In the API Key field, enter the API key copied in step 2, and click Continue.

    Each Refiner environment, such as Production or Testing, has a key of its own.
    """

    api_key: SecretStr = Field(
        title="API Key",
        description="In Refiner, click Integrations > Get API Key. Copy the API key to "
        "your clipboard, and enter it here.",
    )

    @field_validator("api_key")
    @classmethod
    def _is_one_word(cls, key: SecretStr) -> SecretStr:
        """Catches what is pasted along with a key before it goes into a header."""
        text = key.get_secret_value()
        if not text or not all("!" <= character <= "~" for character in text):
            raise ValueError(
                "This is not an API key: a key is one word of plain letters, digits "
                "and signs. Copy it again in Refiner: Integrations > Get API Key."
            )
        return key

    def auth(self) -> BearerAuth:
        """The way Refiner recommends (refiner-api 1.1 [sure])."""
        return BearerAuth(self.api_key)

    async def test(self, api: Api) -> str:
        """Returns the name of the project that the key opens."""
        project = await api.get("/v1/", into=Project)
        return project.project_name


@app.explain_error
def explain(answer: Answer) -> ModuleError | None:
    """Tells a key that is not accepted from anything else that is missing.

    A missing or malformed key is a 401, a well-formed one that nobody owns, such as
    a revoked one, a 404 with a text of its own, in older reports a 400
    (refiner-api 1.2 [likely]).
    """
    said = _said(answer)
    if answer.status != 401 and not _is_unknown_key(said):  # noqa: PLR2004 - Unauthorized
        return None
    return AccountValidationError(
        "Refiner does not accept the API key. Copy it again in Refiner, under "
        "Integrations > Get API Key, and enter it in the connection.",
        status=answer.status,
        detail=said or None,
    )


def _is_unknown_key(said: str) -> bool:
    return said.strip(" .").casefold() == UNKNOWN_KEY.casefold()


def _said(answer: Answer) -> str:
    """The sentence in an error's body: `error` or `message` (refiner-api 1.2)."""
    body: Any = answer.content
    if not isinstance(body, dict):
        return ""
    said = body.get("error") or body.get("message")
    return said if isinstance(said, str) else ""
