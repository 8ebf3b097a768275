"""What is known upstream of the templates in these tests."""

import pytest

from trunkline.mapping.language import Context, Shape, Upstream, shape_of

RESPONSE = {
    "uuid": "5f0f3c0e",
    "data": {"nps": "9", "What else?": "nothing"},
    "tags": [{"name": "promoter"}],
}


@pytest.fixture(scope="session")
def context() -> Context:
    known = Shape(
        kind="collection",
        known=True,
        fields={
            "email": Shape(
                kind="text", title="Email address", sample="ada@example.com"
            ),
            "response": shape_of(RESPONSE),
            "segments": Shape(
                kind="array",
                items=Shape(
                    kind="collection", known=True, fields={"name": Shape(kind="text")}
                ),
            ),
        },
    )
    return Context(
        [
            Upstream(id=1, label="Watch Completed Survey", shape=known),
            Upstream(id=12, label="Make a request"),
        ]
    )
