"""The module *Make an API Call*, the same for every app that has it."""

from typing import Any, Literal

from pydantic import Field

from trunkline.sdk.api import Api
from trunkline.sdk.fields import Input, Output, Pairs

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class ApiCall(Input):
    """Any call to the service; authorization is added by the connection."""

    url: str = Field(
        title="URL",
        description="Enter a path relative to the address of the service. "
        "For example: /v1/contacts",
    )
    method: Method = Field(
        default="GET",
        title="Method",
        description="Select the HTTP method you want to use: GET to retrieve "
        "information for an entry. POST to create a new entry. PUT to update/replace "
        "an existing entry. PATCH to make a partial entry update. DELETE to delete an "
        "entry.",
    )
    headers: Pairs = Field(
        default_factory=dict,
        title="Headers",
        description="Enter the desired request headers. You don't have to add "
        "authorization headers; we already did that for you.",
    )
    query_string: Pairs = Field(
        default_factory=dict,
        title="Query String",
        description="Enter the request query string.",
    )
    body: Any = Field(
        default=None,
        title="Body",
        description="Enter the body content for your API call. A text is sent as it "
        "is, a collection or an array as JSON.",
    )


class ApiResult(Output):
    """What the service answered."""

    status_code: int = Field(alias="statusCode", title="Status code")
    headers: dict[str, str] = Field(title="Headers")
    body: Any = Field(default=None, title="Body")


async def make_an_api_call(api: Api, fields: ApiCall) -> ApiResult:
    """Performs an arbitrary authorized API call."""
    answer = await api.request(
        fields.method,
        fields.url,
        headers={
            name: str(value)
            for name, value in fields.headers.items()
            if value is not None
        },
        params=fields.query_string,
        body=fields.body,
    )
    return ApiResult(
        status_code=answer.status, headers=dict(answer.headers), body=answer.content
    )
