"""What Refiner knows: contacts, their accounts and segments, surveys, responses.

All names are those on the wire (refiner-api 3.6, 3.8 and 4.4 [sure]). What is not
needed to know a record again may be missing.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from trunkline.sdk import Output, Timestamp


def _mapping(value: object) -> object:
    """An empty mapping may be written as `[]` or `null`, as PHP does."""
    return {} if value is None or value == [] else value


def empty_is_none(value: object) -> object:
    """No record may be written as `[]`, for the same reason."""
    return None if value == [] else value


def _list(value: object) -> object:
    return [] if value is None else value


class Record(Output):
    """Anything Refiner tells; numbers and their texts stand for one another."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


Uuid = Annotated[str, Field(title="UUID", min_length=1)]

Values = Annotated[dict[str, Any], BeforeValidator(_mapping)]
"""Values under names chosen by the user: traits, or answers by question identifier.

Numbers mostly come as texts (refiner-api 3.6, 4.4 [sure]); they are left as they are.
"""


class Segment(Record):
    """A segment, or a membership in it: then the times are those of the membership."""

    uuid: str | None = Field(default=None, title="UUID")
    name: str | None = Field(default=None, title="Name")
    created_at: Timestamp | None = Field(default=None, title="Created at")
    updated_at: Timestamp | None = Field(default=None, title="Updated at")


class Account(Record):
    """The account that a contact belongs to; ungrouped contacts have one as well."""

    uuid: str | None = Field(default=None, title="UUID")
    remote_id: str | None = Field(default=None, title="Account ID")
    domain: str | None = Field(default=None, title="Domain")
    display_name: str | None = Field(default=None, title="Display Name")
    first_seen_at: Timestamp | None = Field(default=None, title="First seen at")
    last_seen_at: Timestamp | None = Field(default=None, title="Last seen at")
    attributes: Values = Field(default_factory=dict, title="Attributes")


class Contact(Record):
    """A user or visitor; `attributes` holds traits and the latest answers."""

    uuid: Uuid
    remote_id: str | None = Field(default=None, title="User ID")
    email: str | None = Field(default=None, title="Email address")
    display_name: str | None = Field(default=None, title="Display Name")
    first_seen_at: Timestamp | None = Field(default=None, title="First seen at")
    last_seen_at: Timestamp | None = Field(default=None, title="Last seen at")
    attributes: Values = Field(default_factory=dict, title="Attributes")
    segments: Annotated[list[Segment], BeforeValidator(_list)] = Field(
        default_factory=list, title="Segments"
    )
    account: Annotated[Account | None, BeforeValidator(empty_is_none)] = Field(
        default=None, title="Account"
    )


class Form(Record):
    """A survey."""

    uuid: str | None = Field(default=None, title="UUID")
    name: str | None = Field(default=None, title="Name")


class Response(Record):
    """A view of a survey and what came of it; `data` holds the answers."""

    uuid: Uuid
    first_shown_at: Timestamp | None = Field(default=None, title="First shown at")
    last_shown_at: Timestamp | None = Field(default=None, title="Last shown at")
    show_counter: int | None = Field(default=None, title="Show counter")
    first_data_reception_at: Timestamp | None = Field(
        default=None, title="First data reception at"
    )
    last_data_reception_at: Timestamp | None = Field(
        default=None, title="Last data reception at"
    )
    completed_at: Timestamp | None = Field(default=None, title="Completed at")
    dismissed_at: Timestamp | None = Field(default=None, title="Dismissed at")
    received_at: Timestamp | None = Field(default=None, title="Received at")
    data: Values = Field(default_factory=dict, title="Answers")
    tags: Annotated[list[Any], BeforeValidator(_list)] = Field(
        default_factory=list, title="Tags"
    )
