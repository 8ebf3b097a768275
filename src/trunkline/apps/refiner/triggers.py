"""Instant triggers: what Refiner tells by webhook."""

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import BeforeValidator, Field

from trunkline.apps.refiner.records import Contact, Form, Response, empty_is_none
from trunkline.apps.refiner.samples import sample
from trunkline.apps.refiner.service import app
from trunkline.apps.refiner.webhook import (
    COMPLETED_SURVEY,
    ENTERED_SEGMENT,
    RefinerWebhook,
)
from trunkline.sdk import Bundle, Delivery


class News(Contact):
    """A contact, and what happened with it (refiner-api 4.4 [sure])."""

    cookie_uuid: str | None = Field(default=None, title="Cookie UUID")
    project_uuid: str | None = Field(default=None, title="Project UUID")
    triggered_event: str = Field(title="Triggered event")


class CompletedSurvey(News):
    """The contact who answered, the survey, and the response."""

    form: Annotated[Form | None, BeforeValidator(empty_is_none)] = Field(
        default=None, title="Survey"
    )
    response: Response = Field(title="Response")


class EnteredSegment(News):
    """The contact; which of its segments was entered is not marked by Refiner."""


@app.instant_trigger(
    "Watch Completed Survey",
    webhook=RefinerWebhook,
    events=COMPLETED_SURVEY,
    sample=sample("completed_survey"),
)
async def watch_completed_survey(
    delivery: Delivery,
) -> AsyncIterator[Bundle[CompletedSurvey]]:
    """Triggers when a survey is completed."""
    yield delivery.bundle(CompletedSurvey)


@app.instant_trigger(
    "Watch User Entered Segment",
    webhook=RefinerWebhook,
    events=ENTERED_SEGMENT,
    sample=sample("entered_segment"),
)
async def watch_user_entered_segment(
    delivery: Delivery,
) -> AsyncIterator[Bundle[EnteredSegment]]:
    """Triggers when a user has entered the segment."""
    yield delivery.bundle(EnteredSegment)
