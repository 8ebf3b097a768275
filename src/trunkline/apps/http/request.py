"""Makes a request to any address."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from trunkline.apps.http.web import app
from trunkline.sdk import Answer, Api, Input, ModuleError, Output, Pairs

_FORM = "application/x-www-form-urlencoded"


class MakeARequest(Input):
    """The request, and what to make of the answer."""

    url: str = Field(
        title="URL",
        description="Enter the whole address, such as https://api.example.com/users. "
        "With a connection, enter a path on its host, such as /users.",
    )
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = Field(
        default="GET",
        title="Method",
        description="Select the HTTP method you want to use.",
    )
    headers: Pairs = Field(
        default_factory=dict,
        title="Headers",
        description="Enter the desired request headers.",
    )
    query_string: Pairs = Field(
        default_factory=dict,
        title="Query String",
        description="Enter the request query string.",
    )
    body: Any = Field(
        default=None,
        title="Body",
        description="Enter (map) the body content. A text is sent as it is, a "
        "collection or an array as JSON.",
    )
    content_type: str | None = Field(
        default=None,
        title="Content type",
        description="What the body is, if not what it looks like. A collection is sent "
        f"as a form if it is {_FORM}.",
    )
    parse_response: bool = Field(
        default=True,
        title="Parse response",
        description="Turns JSON into fields to map; otherwise the answer stays a text.",
    )
    stop_on_http_error: bool = Field(
        default=True,
        title="Stop on HTTP error",
        description="A status of 400 and above is an error; otherwise the answer is "
        "given on, whatever its status.",
    )

    repeatable: bool = Field(
        default=False,
        title="Repeat after a broken connection",
        description="The target does nothing new when the same request comes twice, or "
        "honours the Idempotency-Key header, which every request with an effect "
        "carries.",
    )

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        if isinstance(self.body, dict | list) and not (
            self._is_json or (self._is_form and isinstance(self.body, dict))
        ):
            raise ValueError(
                "A collection or an array is sent as JSON, a collection also as "
                f"{_FORM}. For {self._type} map a text."
            )
        return self

    @property
    def _type(self) -> str:
        return (self.content_type or "").partition(";")[0].strip().lower()

    @property
    def _is_form(self) -> bool:
        return self._type == _FORM

    @property
    def _is_json(self) -> bool:
        return self._type in ("", "application/json") or self._type.endswith("+json")

    def wire_headers(self) -> dict[str, str]:
        """The headers, the content type among them; one set by hand wins."""
        kind = {"content-type": self.content_type} if self.content_type else {}
        by_hand = {
            name.lower(): str(value)
            for name, value in self.headers.items()
            if value is not None
        }
        return {**kind, **by_hand}

    def form(self) -> Mapping[str, Any] | None:
        """The fields, where the body is a form."""
        return self.body if self._is_form and isinstance(self.body, dict) else None


class HttpAnswer(Output):
    """What was answered."""

    status_code: int = Field(alias="statusCode", title="Status code")
    headers: dict[str, str] = Field(title="Headers")
    data: Any = Field(default=None, title="Data")


@app.action("Make a request")
async def make_a_request(api: Api, fields: MakeARequest) -> HttpAnswer:
    """Makes a request to any address and gives back what it answers."""
    answer = await _answer(api, fields)
    return HttpAnswer(
        status_code=answer.status,
        headers=dict(answer.headers),
        data=answer.content if fields.parse_response else answer.text,
    )


async def _answer(api: Api, fields: MakeARequest) -> Answer:
    form = fields.form()
    try:
        return await api.request(
            fields.method,
            fields.url,
            headers=fields.wire_headers(),
            params=fields.query_string,
            form=form,
            body=None if form is not None else fields.body,
            repeatable=fields.repeatable,
        )
    except ModuleError:
        if fields.stop_on_http_error or api.refused is None:
            raise
        return api.refused
