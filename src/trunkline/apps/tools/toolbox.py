"""The app that all tools belong to."""

from trunkline.sdk import App

app = App(
    key="tools",
    title="Tools",
    description="Sets variables and composes texts, without leaving the scenario.",
)
