"""Operations on what a key belongs to (refiner-api 3.1, 3.2)."""

from trunkline.apps.refiner.sandbox.store import project

from .operation import Answer, Call


def check(call: Call) -> Answer:
    """`GET /`: the way to test a key."""
    row = project.of(call.database)
    return {
        "project_uuid": row["uuid"],
        "project_name": row["name"],
        "message": "Authentication successful",
    }


def account(call: Call) -> Answer:
    """`GET /account`."""
    return project.account(call.database)
