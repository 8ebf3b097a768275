"""What an answer's body is read as."""

import pytest
from pydantic import BaseModel

from trunkline.sdk import Answer, DataError


def answer(body: bytes, content_type: str | None = "application/json") -> Answer:
    headers = {} if content_type is None else {"content-type": content_type}
    return Answer(200, headers, body, "http://acme.example/")


class Contact(BaseModel):
    name: str


@pytest.mark.parametrize(
    ("body", "content_type", "content"),
    [
        (b'{"a": [1, 2.5, null]}', "application/json", {"a": [1, 2.5, None]}),
        (b"[1]", "application/vnd.acme+json; charset=utf-8", [1]),
        (b'{"a": 1}', None, {"a": 1}),
        (b"plain", None, "plain"),
        (b'{"a": 1}', "text/html", '{"a": 1}'),
        (b"", "application/json", None),
        (b"", None, None),
        (b"\xef\xbb\xbf[true]", "application/json", [True]),
        (b'{"a": "\\ud83d half"}', "application/json", {"a": "? half"}),
        (b"123456789012345678901", "application/json", 123456789012345678901),
        (b"<oops>", "application/json", "<oops>"),
        (b"[" * 100_000, "application/json", "[" * 100_000),
        ("für".encode("latin-1"), "text/plain; charset=iso-8859-1", "für"),
        ("für".encode(), "text/plain; charset=no-such-thing", "für"),
        (b"\xff", "text/plain", "\ufffd"),
    ],
)
def test_content_is_json_where_it_is_json_and_text_where_it_is_not(
    body: bytes, content_type: str | None, content: object
) -> None:
    assert answer(body, content_type).content == content


@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b"[" * 100_000, b"\xff"])
def test_what_claims_to_be_json_and_is_not_is_an_error_where_a_model_is_asked(
    body: bytes,
) -> None:
    with pytest.raises(DataError, match="cannot be read as JSON"):
        answer(body).into(Contact)


def test_an_answer_becomes_the_model_asked_for() -> None:
    assert answer(b'{"name": "Ada", "more": 1}').into(Contact) == Contact(name="Ada")


def test_an_answer_that_does_not_fit_names_each_fault() -> None:
    with pytest.raises(DataError, match=r"not what Contact describes: name: Field req"):
        answer(b"{}").into(Contact)


def test_a_web_page_is_not_taken_for_a_model() -> None:
    with pytest.raises(DataError, match="not what Contact describes: the body"):
        answer(b"<html>", "text/html").into(Contact)


@pytest.mark.parametrize(("status", "ok"), [(200, True), (304, True), (400, False)])
def test_an_answer_is_ok_below_400(status: int, *, ok: bool) -> None:
    assert Answer(status, {}, b"", "").ok is ok
