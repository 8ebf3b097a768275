"""A polling trigger over responses: for those who cannot receive webhooks."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from trunkline.apps.refiner.dropdowns import segments, surveys
from trunkline.apps.refiner.records import Contact, Form, Response, empty_is_none
from trunkline.apps.refiner.samples import sample
from trunkline.apps.refiner.service import app
from trunkline.sdk import Api, Dropdown, Input, Watch


class WatchResponses(Input):
    """Which responses are watched."""

    form_uuid: Annotated[str | None, Dropdown(surveys)] = Field(
        default=None,
        title="Survey UUID",
        description="Select or map the survey whose responses you want to watch; "
        "all surveys where it is empty.",
    )
    segment_uuid: Annotated[str | None, Dropdown(segments)] = Field(
        default=None,
        title="Segment UUID",
        description="Only responses of contacts in this segment.",
    )


class ListedResponse(Response):
    """A response with its survey and its contact (refiner-api 3.8 [sure])."""

    form: Annotated[Form | None, BeforeValidator(empty_is_none)] = Field(
        default=None, title="Survey"
    )
    contact: Annotated[Contact | None, BeforeValidator(empty_is_none)] = Field(
        default=None, title="Contact"
    )


# The list comes newest first (3.8 [likely]), by the time of reception ([guess]).
_NEWEST_FIRST = Watch(unique="uuid", mark="last_data_reception_at", order="desc")


@app.trigger("Watch Responses", watch=_NEWEST_FIRST, sample=sample("response"))
async def watch_responses(
    api: Api, fields: WatchResponses, since: str | None
) -> AsyncIterator[ListedResponse]:
    """Triggers when a survey was completed, by asking Refiner on a schedule."""
    params: dict[str, Any] = {
        "form_uuid": fields.form_uuid,
        "segment_uuid": fields.segment_uuid,
        "date_range_start": since,
    }
    async for response in api.pages(
        "/v1/responses", params=params, into=ListedResponse
    ):
        yield response
