"""Personal data replaced by what looks like it, the same by the same."""

import re
from collections.abc import Mapping
from typing import Any

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![\w.:-])\+?\d[\d ()/-]{7,}\d(?![\w.:-])")
_PERSONAL = re.compile(
    r"(^|_)(name|first_?name|last_?name|display_?name|full_?name|user_?name|email|"
    r"phone|mobile|address|street|city|zip|ip|birthday|remote_id|user_?id|cookie\w*)$",
    re.IGNORECASE,
)
_PERSON = "person{}@example.com"
_CALLED = "+420 000 {:06}"
_WORDS_OF_A_SENTENCE = 4


class Pseudonyms:
    """Replaces personal data in JSON values; one value always becomes the same.

    Texts under names like `email`, `display_name` or `remote_id` are replaced, and
    addresses and telephone numbers anywhere, and whole sentences, since people write
    about themselves. Numbers, dates and identifiers by which records hang together
    stay.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def mask(self, value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
        """The value without personal data; `name` is the key under which it stands."""
        if isinstance(value, Mapping):
            return {key: self.mask(one, str(key)) for key, one in value.items()}
        if isinstance(value, list):
            return [self.mask(one, name) for one in value]
        return self._masked(value, name) if isinstance(value, str) else value

    def _masked(self, value: str, name: str) -> str:
        if _EMAIL.fullmatch(value):
            return self._instead(value, _PERSON)
        if value and _PERSONAL.search(name):
            return self._instead(value, "Name {}")
        if len(value.split()) >= _WORDS_OF_A_SENTENCE:
            return self._instead(value, "Some text {}")
        value = _EMAIL.sub(lambda found: self._instead(found[0], _PERSON), value)
        return _PHONE.sub(lambda found: self._instead(found[0], _CALLED), value)

    def _instead(self, value: str, form: str) -> str:
        if value not in self._known:
            self._known[value] = form.format(len(self._known) + 1)
        return self._known[value]
