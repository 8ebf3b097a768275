"""The app for everything that has an address and no app of its own."""

from trunkline.sdk import App

app = App(
    key="http",
    title="HTTP",
    description="Makes a request to any address and gives back what it answers.",
    idempotency_header="Idempotency-Key",
)
