"""Flow: modules that decide which way bundles go; the engine does their work."""

from trunkline.sdk import App

app = App(
    key="flow",
    title="Flow control",
    description="Sends bundles along the routes of a scenario.",
)


@app.router("Router")
async def router() -> None:
    """Sends each bundle along every route whose filter lets it pass, in order.

    A fallback route takes the bundles that no other route has taken.
    """
