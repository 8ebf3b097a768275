"""What is told to Refiner about a user: who it is, and what it did."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from trunkline.apps.refiner.records import Record
from trunkline.apps.refiner.samples import sample
from trunkline.apps.refiner.service import app
from trunkline.apps.refiner.traits import AccountTraits, UserTraits
from trunkline.sdk import Api, Input


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("This field must not be empty.")
    return text


Filled = Annotated[str, Field(min_length=1), AfterValidator(_not_blank)]


class IdentifyAUser(Input):
    """A user, and what is to be remembered of it and of its account."""

    user_id: Filled = Field(
        title="User ID",
        description="Select or map the User ID you want to identify. When you identify "
        "a user for the first time, a new contact will be created in Refiner. All "
        "subsequent calls with the same user ID will update their attributes.",
    )
    additional_data: UserTraits = Field(
        default_factory=dict,
        title="Additional Data",
        description="Enter (map) the additional fields and the values of the user you "
        "want to identify. For example, the user's first name. An empty value erases "
        "what Refiner has.",
    )
    account_id: str | None = Field(
        default=None,
        title="Account ID",
        description="Select or map the ID of the account that the user belongs to.",
    )
    account_data: AccountTraits = Field(
        default_factory=dict,
        title="Account Data",
        description="Enter (map) the additional fields and the values of the account. "
        "For example, its name.",
    )

    @model_validator(mode="after")
    def _names_the_account(self) -> Self:
        if self.account_data and not (self.account_id or "").strip():
            raise ValueError(
                "Account Data needs an Account ID: without it Refiner cannot know "
                "which account is meant."
            )
        return self

    def body(self) -> dict[str, Any]:
        """Traits lie flat beside the id (refiner-api 3.3 [sure])."""
        body: dict[str, Any] = {"id": self.user_id, **self.additional_data}
        if (self.account_id or "").strip():
            body["account"] = {"id": self.account_id, **self.account_data}
        return body


class Identified(Record):
    """What Refiner answers to an identification."""

    message: str | None = Field(default=None, title="Message")
    contact_uuid: str | None = Field(default=None, title="Contact UUID")


class TrackAnEvent(Input):
    """A user, and the name of what it did; Refiner keeps no more of an event."""

    user_id: Filled = Field(
        title="User ID",
        description="Select or map the User ID whose event you want to track.",
    )
    event_name: Filled = Field(
        title="Event Name",
        description="Enter (map) the event name you want to track.",
    )


class Tracked(Record):
    """What Refiner answers to an event."""

    message: str | None = Field(default=None, title="Message")


@app.action("Identify a User", sample=sample("identified"))
async def identify_a_user(api: Api, fields: IdentifyAUser) -> Identified:
    """Creates a new user in Refiner or updates an already existing user."""
    # Saying the same of the same user again changes nothing (refiner-api 3.3 [sure]).
    answer = await api.request(
        "POST", "/v1/identify-user", json=fields.body(), repeatable=True
    )
    return answer.into(Identified)


@app.action("Track an Event", sample=sample("tracked"))
async def track_an_event(api: Api, fields: TrackAnEvent) -> Tracked:
    """Tracks events performed by users."""
    event = {"id": fields.user_id, "event": fields.event_name}
    return await api.post("/v1/track-event", json=event, into=Tracked)
