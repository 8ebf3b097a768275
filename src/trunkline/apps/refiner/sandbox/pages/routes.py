"""Which page is where."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from . import contacts, faults, home, integrations, log, segments, surveys


def routes() -> list[Route]:
    return [
        Route("/", home.home),
        Route("/style.css", _style),
        Route("/integrations", integrations.overview),
        Route("/integrations/api-key", integrations.api_key),
        Route("/integrations/webhooks", integrations.webhooks, methods=["GET"]),
        Route("/integrations/webhooks", integrations.save, methods=["POST"]),
        Route(
            "/integrations/webhooks/{uuid}/delete",
            integrations.delete,
            methods=["POST"],
        ),
        Route("/surveys", surveys.listed),
        Route("/surveys/{uuid}", surveys.survey),
        Route("/surveys/{uuid}/answers", surveys.answer, methods=["POST"]),
        Route("/contacts", contacts.listed),
        Route("/contacts/{uuid}", contacts.contact),
        Route("/contacts/{uuid}/segments", contacts.put, methods=["POST"]),
        Route("/segments", segments.listed, methods=["GET"]),
        Route("/segments", segments.create, methods=["POST"]),
        Route("/webhook-log", log.listed),
        Route("/faults", faults.listed, methods=["GET"]),
        Route("/faults", faults.switch, methods=["POST"]),
    ]


async def _style(_: Request) -> FileResponse:
    return FileResponse(Path(__file__).with_name("style.css"), media_type="text/css")
