"""Where the way of a bundle parts, and comes together again."""

from pydantic import Field

from trunkline.apps.flow.control import app
from trunkline.sdk import Free, Input, Output, Pairs


class Branch(Output):
    """Which route of an if-else was taken."""

    number: int = Field(title="Number of the route")
    name: str = Field(title="Name of the route")


class Merge(Input):
    """What is to be mapped further on, whichever route a bundle came along."""

    outputs: Pairs = Field(
        default_factory=dict,
        title="Outputs",
        description="Enter the name and map the value of each output. Values of a "
        "route that was not taken are empty, so that {{ifempty(4.email; 5.email)}} "
        "gives the one of the route that was.",
    )


@app.router("Router")
async def router() -> None:
    """Sends each bundle along every route whose filter lets it pass, in order.

    A fallback route takes the bundles that no other route has taken.
    """


@app.if_else("If-else")
async def if_else() -> Branch:
    """Sends each bundle along the first route whose condition holds.

    The last route may be without a condition: it is the else. Routes can come together
    again in a merge.
    """
    raise NotImplementedError


@app.transformer("Merge")
async def merge(fields: Merge) -> Free:
    """Brings the routes of an if-else together again."""
    return Free.model_validate(fields.outputs)
