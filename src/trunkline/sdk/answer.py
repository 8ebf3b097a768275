"""What a service answered to one call."""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct
from pydantic import ValidationError

from trunkline.errors import DataError
from trunkline.sdk.webhook import Model, explain

Json = Any
"""A JSON value; what is in it shows at run time."""

_JSON = re.compile(r"\s*(application|text)/(json|[\w.+-]+\+json)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_decode = msgspec.json.Decoder().decode


class Answer(Struct, frozen=True):
    """Status, lower-cased headers and body, as they came but for masked secrets."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def ok(self) -> bool:
        """Whether the service did what was asked."""
        return self.status < 400  # noqa: PLR2004 - where HTTP's errors begin

    @property
    def is_json(self) -> bool:
        """Whether the service says that the body is JSON."""
        return _JSON.match(self.headers.get("content-type", "")) is not None

    @property
    def text(self) -> str:
        """The body as text; what its charset cannot read is shown as U+FFFD."""
        named = _CHARSET.search(self.headers.get("content-type", ""))
        try:
            return self.body.decode(named[1] if named else "utf-8-sig", "replace")
        except (LookupError, ValueError):  # a charset that Python does not have
            return self.body.decode("utf-8-sig", "replace")

    @property
    def content(self) -> Json:
        """The JSON value where it is one, else the text; `None` where it is empty."""
        if not self.body:
            return None
        if not self.is_json and "content-type" in self.headers:
            return self.text
        try:
            return self.json()
        except DataError:
            return self.text

    def value(self) -> Json:
        """The same as `content`, but what says that it is JSON has to be it.

        Raises:
            DataError: it is not.
        """
        return self.json() if self.is_json else self.content

    def into(self, model: type[Model]) -> Model:
        """The JSON value, checked against `model`; an empty body is an empty object.

        Raises:
            DataError: it is not JSON, or not what the model describes.
        """
        value = self.value()
        return read_into({} if value is None else value, model)

    def json(self) -> Json:
        """The JSON value of the body; `None` where it is empty.

        Raises:
            DataError: the body is not JSON.
        """
        if not self.body:
            return None
        try:
            return _decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._lenient_json()

    def _lenient_json(self) -> Json:
        """Reads what others do write: a byte order mark, half of a surrogate pair."""
        try:
            value = json.loads(self.body.removeprefix(_BYTE_ORDER_MARK))
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            return _decode(text.encode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise DataError(
                "The service says it answers with JSON, but its answer cannot be read "
                f"as JSON: {error}. Try again later, or ask the service's support.",
                status=self.status,
            ) from None


def read_into(value: object, model: type[Model]) -> Model:
    """A JSON value of a service, checked against `model`.

    Raises:
        DataError: it is not what the model describes.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise DataError(
            f"The service's answer is not what {model.__name__} describes: "
            f"{explain(error)}. Its API may have changed: look at the answer with "
            "the module that makes an API call."
        ) from None
