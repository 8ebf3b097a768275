"""Refiner: surveys shown inside a product, and the people who answer them."""

from trunkline.apps.refiner import contacts, dropdowns, people, responses, triggers
from trunkline.apps.refiner.service import ApiKey, app
from trunkline.apps.refiner.webhook import RefinerWebhook

app.universal("Make an API Call")

__all__ = [
    "ApiKey",
    "RefinerWebhook",
    "app",
    "contacts",
    "dropdowns",
    "people",
    "responses",
    "triggers",
]
