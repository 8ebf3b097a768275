"""A local Refiner: the same API, the same webhooks, no account.

The REST API answers under `/v1` as Refiner's does. What Refiner's dashboard is for
is on pages, and each of their forms is a plain POST. Such a POST is answered with
303 to the page that shows its outcome, or with JSON when the request says
`Accept: application/json`; the pages named below answer GET with JSON as well.

| Page and POST | Fields |
|---|---|
| `/integrations/webhooks` | `name`, `events` (repeated), `url`, `secret` |
| `/integrations/webhooks/{uuid}/delete` | |
| `/surveys` (GET only) | lists surveys with their questions |
| `/surveys/{uuid}/answers` | `id`, `email`, `name` or `uuid`; `action`, one of \
`complete`, `partial`, `see`, `dismiss`; answers as `data[nps]` |
| `/contacts` (GET only) | `search`, `page` |
| `/contacts/{uuid}/segments` | `segment_uuid`, `action` (`add`, `remove`) |
| `/segments` | `name`, and for a data-driven one `trait`, `operator`, `value` |
| `/webhook-log` (GET only) | what was sent, newest first |
| `/faults` | `kind` (one of `faults.KINDS`, or `none` to reset), `count`, \
`share` (0 to 1), `path`, `status`, `retry_after`, `retry_after_as`, `delay_ms` |

An action on a survey fires its own event only: completing a survey nobody has seen
counts as one view, without "Saw Survey".
"""

from .behaviour import Behaviour
from .errors import SandboxError
from .server import Running, create_app, running, serve
from .settings import DEFAULT_KEY, SandboxSettings

__all__ = [
    "DEFAULT_KEY",
    "Behaviour",
    "Running",
    "SandboxError",
    "SandboxSettings",
    "create_app",
    "running",
    "serve",
]
