"""What Refiner offers to choose from: surveys and segments."""

from collections.abc import AsyncIterator

from trunkline.apps.refiner.records import Form, Segment
from trunkline.apps.refiner.service import LONGEST_PAGE, app
from trunkline.sdk import Api, Option, PageNumberPages

# They may come without a cursor, so pages are counted (refiner-api 2.1 [likely]).
_NUMBERED = PageNumberPages(
    items="items",
    last="pagination.last_page",
    size_param="page_length",
    size=LONGEST_PAGE,
)


@app.options
async def surveys(api: Api) -> AsyncIterator[Option]:
    """The surveys that are not archived (refiner-api 3.12 [sure])."""
    async for form in api.pages("/v1/forms", into=Form, pages=_NUMBERED):
        if form.uuid:
            yield Option(form.uuid, form.name or form.uuid)


@app.options
async def segments(api: Api) -> AsyncIterator[Option]:
    """The segments (refiner-api 3.17 [sure])."""
    async for segment in api.pages("/v1/segments", into=Segment, pages=_NUMBERED):
        if segment.uuid:
            yield Option(segment.uuid, segment.name or segment.uuid)
