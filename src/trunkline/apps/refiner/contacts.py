"""Lists contacts."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue

from trunkline.apps.refiner.dropdowns import segments, surveys
from trunkline.apps.refiner.records import Contact
from trunkline.apps.refiner.samples import sample
from trunkline.apps.refiner.service import app
from trunkline.sdk import Api, Dropdown, Input

Order = Literal[
    "first_seen_at", "last_seen_at", "last_form_submission_at", "display_name", "email"
]
"""The first three are certain (refiner-api 3.5 [sure]), the others [likely]."""

_ORDER_LABELS: dict[str, JsonValue] = {
    "first_seen_at": "First Seen At",
    "last_seen_at": "Last Seen At",
    "last_form_submission_at": "Last Form Submission At",
    "display_name": "Display Name",
    "email": "Email",
}


def _order(value: object) -> object:
    """A mapped order may be named by its label."""
    return value.strip().lower().replace(" ", "_") if isinstance(value, str) else value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


_Blank = BeforeValidator(_blank_is_none)


class ListContacts(Input):
    """Which contacts, in which order, and how many."""

    order_by: Annotated[Order | None, BeforeValidator(_order), _Blank] = Field(
        default=None,
        title="Order by",
        description="Select or map the order in which you want to list the contacts. "
        "For example, Display Name.",
        json_schema_extra={"labels": _ORDER_LABELS},
    )
    from_uuid: Annotated[str | None, Dropdown(surveys), _Blank] = Field(
        default=None,
        title="From UUID",
        description="Select or map the UUID to list the contacts associated with a "
        "specified survey.",
    )
    segment_uuid: Annotated[str | None, Dropdown(segments), _Blank] = Field(
        default=None,
        title="Segment UUID",
        description="Select or map the Segment ID to list the responses of the "
        "contacts that match the specified segment.",
    )
    limit: int = Field(
        default=100,
        ge=1,
        title="Limit",
        description="Set the maximum number of users Trunkline should return during "
        "one execution cycle. To list all of them, set it higher than their number.",
    )

    def params(self) -> dict[str, Any]:
        """The parameters under Refiner's names (refiner-api 3.5 [sure])."""
        return {
            "order_by": self.order_by,
            "form_uuid": self.from_uuid,
            "segment_uuid": self.segment_uuid,
        }


@app.search("List Contacts", unique="uuid", sample=sample("contact"))
async def list_contacts(api: Api, fields: ListContacts) -> AsyncIterator[Contact]:
    """Lists all contacts."""
    pages = api.pages(
        "/v1/contacts", params=fields.params(), into=Contact, limit=fields.limit
    )
    left = fields.limit
    async with aclosing(pages) as contacts:
        async for contact in contacts:
            yield contact
            left -= 1
            if not left:
                return
