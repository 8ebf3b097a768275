"""A stored connection."""

from collections.abc import Mapping
from dataclasses import dataclass

from trunkline.model.clock import Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConnection:
    """Credentials of one app under a name; `values` holds secrets in clear.

    It lives in memory only while a channel is opened; at rest `values` is sealed.
    """

    id: str
    name: str
    app: str
    values: Mapping[str, object]
    base_url: str | None
    label: str | None
    tested_at: Millis | None
    created_at: Millis
