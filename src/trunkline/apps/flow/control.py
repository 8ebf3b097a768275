"""The app that all modules of flow belong to."""

from trunkline.sdk import App

app = App(
    key="flow",
    title="Flow control",
    description="Sends bundles along the routes of a scenario.",
)
