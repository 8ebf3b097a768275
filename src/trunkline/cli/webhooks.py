"""`trunkline webhook`: addresses of ours, and what was received there."""

from typing import Annotated

from cyclopts import App, Parameter

from trunkline.cli.place import HERE, AsJson, Limit, Place
from trunkline.cli.reach import reached
from trunkline.cli.tables import Column, facts, head, show, show_records
from trunkline.cli.terminal import print_json, say
from trunkline.cli.values import read_value
from trunkline.client.calls import Record
from trunkline.client.client import Client
from trunkline.client.records import GapReport
from trunkline.errors import UsageError

app = App("webhook", help="Make webhooks, and see what they received.")

_COLUMNS: tuple[Column, ...] = (
    ("Name", "name"),
    ("Module", "module"),
    ("Address", "address"),
    ("Secret", lambda one: _secret(one["has_secret"], one["old_secret_until"])),
    ("While inactive", "when_inactive"),
    ("Deliveries", lambda webhook: _balance(webhook["deliveries"])),
)
_DELIVERIES: tuple[Column, ...] = (
    ("Delivery", "id"),
    ("Received", "received_at"),
    ("State", "state"),
    ("Outcome", "outcome"),
    ("Event", "event"),
    ("Bytes", "size"),
    ("Reason", "reason"),
)

_GAPS: tuple[Column, ...] = (
    ("From", "begins_at"),
    ("Until", "ends_at"),
    ("What", lambda gap: _what(gap["kind"])),
    ("Deliveries", "deliveries"),
    ("Reason", "reason"),
)


@app.command
async def add(
    name: str,
    /,
    *,
    module: str,
    secret: str | None = None,
    is_open: Annotated[
        bool,
        Parameter("--open", negative=(), help="Let anybody in who knows the address."),
    ] = False,
    queue: Annotated[bool, Parameter(negative=())] = False,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Make a webhook, and show its address and its secret, the latter only now.

    Parameters
    ----------
    name
        How scenarios will call the webhook.
    module
        The instant trigger it feeds, such as refiner.watch_completed_survey.
    secret
        What the service has to send as a bearer token; @FILE reads it from a file.
        Without this one is made.
    queue
        Keep deliveries while no active scenario listens, instead of refusing them.
    """
    if is_open and secret is not None:
        raise UsageError("A webhook is either --open or has a --secret, not both.")
    new = {
        "name": name,
        "module": module,
        "secret": None if secret is None else read_value(secret),
        "open": is_open,
        "when_inactive": "queue" if queue else "reject",
    }
    async with reached(place) as trunkline:
        made = await trunkline.add_webhook(new)
        if as_json:
            print_json(made)
        else:
            _introduce(made, trunkline)


@app.command(name="list")
async def list_webhooks(*, as_json: AsJson = False, place: Place = HERE) -> None:
    """List the webhooks with the balance of their deliveries."""
    async with reached(place) as trunkline:
        found = await trunkline.webhooks()
    show_records(
        found,
        _COLUMNS,
        as_json=as_json,
        empty="There are no webhooks yet. `trunkline webhook add` makes one.",
    )


@app.command
async def rotate(
    name: str,
    /,
    *,
    secret: str | None = None,
    keep_old: float = 24,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Give a webhook another secret; the old one stays valid for a while.

    Parameters
    ----------
    name
        The webhook.
    secret
        The new secret; @FILE reads it from a file. Without this one is made.
    keep_old
        Hours for which the old one stays valid, so that nothing is refused until the
        service knows the new one; 0 ends it at once.
    """
    new = {
        "secret": None if secret is None else read_value(secret),
        "keep_old_hours": keep_old,
    }
    async with reached(place) as trunkline:
        changed = await trunkline.change_secret(name, new)
    if as_json:
        print_json(changed)
        return
    say(f"The new secret, shown this once: {changed['secret']}")
    until = changed["old_secret_until"]
    if until is None:
        say("It alone is valid now. Enter it in the service at once.")
    else:
        say(
            f"The old one is valid too, until {until}. Enter the new one in the "
            f"service, then run `trunkline webhook end-old-secret {name}`."
        )


@app.command
async def end_old_secret(
    name: str, /, *, as_json: AsJson = False, place: Place = HERE
) -> None:
    """End the secret before the present one, once the service sends the new one.

    Parameters
    ----------
    name
        The webhook.
    """
    async with reached(place) as trunkline:
        changed = await trunkline.end_old_secret(name)
    if as_json:
        print_json(changed)
    else:
        say(f"Only the present secret opens {changed['name']!r} now.")


@app.command
async def deliveries(
    name: str,
    /,
    *,
    limit: Limit = 50,
    state: str | None = None,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """List what a webhook received, the latest first.

    Parameters
    ----------
    name
        The webhook.
    state
        Only those in this state: waiting, running, done, held, dead, expired or
        cancelled.
    """
    async with reached(place) as trunkline:
        found = await trunkline.deliveries(name, limit, state)
    show_records(
        found, _DELIVERIES, as_json=as_json, empty="There are no such deliveries."
    )


@app.command
async def gaps(
    name: str,
    /,
    *,
    days: int = 28,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Show where deliveries may be missing: silences, refusals, times without a server.

    Parameters
    ----------
    name
        The webhook.
    days
        How far to look back, up to 90 days.
    """
    async with reached(place) as trunkline:
        report = await trunkline.webhook_gaps(name, days)
    if as_json:
        print_json(report)
        return
    say(_rhythm(report))
    show_records(
        report["gaps"],
        _GAPS,
        as_json=False,
        empty=f"No gap is known since {report['since']}.",
    )


@app.command
async def delivery(
    id_: Annotated[str, Parameter(name="ID")],
    /,
    *,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Show one delivery with the request as it came.

    Parameters
    ----------
    id_
        The delivery, as `trunkline webhook deliveries` lists it.
    """
    async with reached(place) as trunkline:
        found = await trunkline.delivery(id_)
    if as_json:
        print_json(found)
        return
    show(head({**facts(_DELIVERIES, found), "Method": found["method"]}))
    for title, pairs in (("Query", found["query"]), ("Headers", found["headers"])):
        if pairs:
            say(f"\n{title}")
            show(head(pairs))
    say(f"\nBody\n{found['body']}")


@app.command
async def replay(
    id_: Annotated[str, Parameter(name="ID")],
    /,
    *,
    as_json: AsJson = False,
    place: Place = HERE,
) -> None:
    """Run a delivery again, as a new execution of the scenario that listens now.

    Parameters
    ----------
    id_
        The delivery, as `trunkline webhook deliveries` lists it.
    """
    async with reached(place) as trunkline:
        replayed = await trunkline.replay(id_)
    if as_json:
        print_json(replayed)
        return
    execution = replayed["execution"]
    say(f"The delivery runs again; `trunkline execution show {execution}` shows how.")


def _introduce(webhook: Record, trunkline: Client) -> None:
    """Says in Refiner's words what to do next."""
    secret = webhook["secret"]
    shown = {
        "Address": webhook["address"],
        "Secret": secret or "none, anybody may call",
    }
    say(f"The webhook {webhook['name']!r} has been made.\n")
    show(head(shown))
    if secret:
        say("\nThe secret is shown this once; copy it now.")
    token = f"\n  Secret Auth-Token  {secret}" if secret else ""
    say(
        "\nIn the service, add the webhook. In Refiner: click Integrations > Webhook, "
        "enter a Webhook Name, select the Trigger Event, enter\n"
        f"  Destination URL    {webhook['address']}{token}\n"
        "and click Save Webhook."
    )
    if not trunkline.lasting:
        say("\nNo server runs on the folder now; the address answers once one does.")


def _what(kind: str) -> str:
    said = {
        "silence": "unusually quiet; usually so many come",
        "outage": "no server ran; usually so many come",
        "refusals": "so many were refused",
    }
    return said[kind]


def _rhythm(report: GapReport) -> str:
    if report["rhythm"] == "unknown":
        return (
            "Too little is known yet to tell an unusual silence: that takes three days "
            "with deliveries."
        )
    return (
        f"Usually {report['usual_per_day']:g} deliveries come in a day, as known from "
        f"the same hours of other {report['rhythm']}s."
    )


def _secret(is_there: bool, old_until: str | None) -> str:  # noqa: FBT001 - a cell
    if not is_there:
        return "open"
    return "yes" if old_until is None else f"two until {old_until}"


def _balance(counts: dict[str, int]) -> str:
    states = [f"{number} {name}" for name, number in counts.items() if ":" not in name]
    return ", ".join(states)
