"""How the sandbox reads each fact about Refiner that is open or in conflict.

Every field is one choice. The default is the suggested reading of the reference
(sections 7 and 8); set another to see how a client copes with the other reading.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The choices a sandbox makes where the reference leaves one."""

    # Keys and limits (refiner-api 1)

    unknown_key_status: int = 404
    """Status for a well-formed key nobody owns; the other reading is 400."""

    minimum_key_length: int = 20
    """A shorter key is answered as if none had been sent (1.1 [likely])."""

    key_requests_per_minute: int = 4000
    """Requests a key may make in a minute (1.4 [likely])."""

    user_requests_per_minute: int = 100
    """Requests per minute about one contact (1.4 [likely])."""

    # Answers in general (refiner-api 2 and 6)

    write_status: int = 200
    """Status of a write that worked; 201 and 202 have been seen too."""

    validation_status: int = 422
    """Status for a missing or wrong parameter (6 [guess])."""

    validation_body: Literal["error", "errors"] = "error"
    """`{"error": …}`, or Laravel's `{"message": …, "errors": {…}}`."""

    not_found_status: int = 404
    """Status for an unknown contact, survey, segment or response (6 [guess])."""

    track_alias: bool = True
    """Whether `/track` answers like `/track-event`."""

    # Lists (refiner-api 2.1, 2.2)

    page_length: int = 50
    """Rows per page when the request names no number; the other reading is 100."""

    long_page: Literal["clamp", "refuse"] = "clamp"
    """What happens to a `page_length` above 1000."""

    date_order: Literal["descending", "ascending"] = "descending"
    """Direction of `order_by` on a time (3.5 [guess])."""

    name_order: Literal["descending", "ascending"] = "ascending"
    """Direction of `order_by` on `display_name` and `email`."""

    # Contacts and traits (refiner-api 5)

    string_limit: int = 10_000
    """Longest text kept of a trait, in characters; older pages say 255."""

    trait_limit: int = 1000
    """Traits per environment; further ones are dropped (5.2 [sure])."""

    date_suffixes: tuple[str, ...] = ("_at", "_date")
    """Endings of a slug that make a trait a date; older pages know `_at` only."""

    mismatched_value: Literal["keep", "drop"] = "keep"
    """What happens to a value that does not fit its trait's type."""

    large_integer: Literal["clamp", "keep", "drop"] = "clamp"
    """What happens to an integer beyond ±2147483647."""

    boolean_texts: tuple[str, str] = ("false", "true")
    """How a boolean trait is written out."""

    unset_traits: bool = False
    """Whether `GET /contact` shows traits without a value as null (8, item 9)."""

    adopt_email_contact: bool = True
    """Whether an id sent with the e-mail of a contact without id joins it."""

    email_picks: Literal["last_seen", "first_seen"] = "last_seen"
    """Which of several contacts sharing an e-mail a lookup finds."""

    domain_from_email: bool = False
    """Whether an account's domain is taken from its contact's e-mail."""

    # Segments (refiner-api 3.18, 4.2)

    segment_uid: bool = False
    """Whether the answer of `/sync-segment` also carries `segment_uid`."""

    all_users_entry_fires: bool = False
    """Whether a new contact's entry into "All Users" is told to webhooks."""

    # Responses (refiner-api 3.8, 3.9)

    list_times: Literal["spaced", "iso"] = "spaced"
    """`2026-01-20 10:15:00` as in the docs' sample, or ISO as in webhooks."""

    list_numbers: Literal["number", "text"] = "number"
    """Type of an answer on a scale in `GET /responses`."""

    list_tags: bool = False
    """Whether items of `GET /responses` carry `tags`."""

    multiple_choice: Literal["list", "comma"] = "list"
    """Shape of an answer with several choices."""

    stored_response_fires: bool = True
    """Whether `POST /responses` is told to webhooks like an answer on a page."""

    # Reporting (refiner-api 3.11)

    score_rounding: Literal["round", "floor"] = "round"
    """How `nps` and `csat` become integers."""

    empty_score: Literal[0] | None = 0
    """`nps`, `csat` and `average` of no answers."""

    partials_count: bool = True
    """Whether answers of unfinished responses count in reports."""

    # Webhooks (refiner-api 4)

    completed_event: str = "Completed Survey"
    """`triggered_event` on completion (4.2 [sure])."""

    saw_event: str = "Saw Survey"
    """`triggered_event` when a survey is shown (4.2 [likely])."""

    dismissed_event: str = "Dismissed Survey"
    """`triggered_event` when a survey is closed unanswered (4.2 [likely])."""

    segment_event: str = "User entered segment"
    """`triggered_event` on segment entry (4.2 [guess])."""

    tag_event: str = "Tag added"
    """`triggered_event` when a response is tagged (4.2 [guess])."""

    webhook_show_counter: bool = False
    """Whether `show_counter` carries the count; both captured bodies had null."""

    webhook_timeout: float = 10.0
    """Seconds a receiver has to answer."""

    webhook_retries: int = 0
    """Further attempts after a send that failed or was not answered 2xx."""

    webhook_retry_pause: float = 1.0
    """Seconds before a further attempt."""
