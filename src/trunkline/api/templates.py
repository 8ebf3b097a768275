"""Templates over HTTP: what an editor asks at each keystroke."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from trunkline.api.visitors import READ
from trunkline.services import Services
from trunkline.services.language import Question, Said, Vocabulary, vocabulary

_LONGEST = 128 * 1024


class AskedTemplate(BaseModel):
    """A template, and what runs before it."""

    model_config = ConfigDict(extra="forbid")

    template: Annotated[str, Field(max_length=_LONGEST)]
    offset: int | None = Field(default=None, description="Where the cursor stands.")
    scenario: dict[str, Any] | None = Field(
        default=None, description="The scenario file as values, saved or not."
    )
    module: int | None = Field(
        default=None, description="The module in it that the template belongs to."
    )
    bundles: dict[int, Any] | None = Field(
        default=None, description="Bundles by module number, to try the template on."
    )
    timezone: str = Field(default="UTC", description="The scenario's time zone.")


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/templates", tags=["templates"], dependencies=[READ])

    @router.get("/vocabulary")
    async def show_vocabulary() -> Vocabulary:
        """The functions of templates and the operators of filters, with help."""
        return vocabulary()

    @router.post("/explain")
    async def explain_template(asked: AskedTemplate) -> Said:
        """Pieces for highlighting, diagnostics, and at the cursor what could stand.

        Positions count characters from 0. With `bundles` it also says what the
        template gives.
        """
        return await services.language.answer(Question(**asked.model_dump()))

    return router
