"""The deliveries that are sent: Refiner's sample, each with an id of its own."""

from pathlib import Path

import msgspec

_SAMPLE = (
    Path(__file__).parent.parent
    / "src/trunkline/apps/refiner/samples/completed_survey.json"
)
_ID_DIGITS = 36


def event_id(run: int, index: int) -> str:
    """A UUID's shape that tells the run and the place in it."""
    return f"{run:08x}-0000-4000-8000-{index:012x}"


def run_and_index(id_: str) -> tuple[int, int]:
    return int(id_[:8], 16), int(id_[24:], 16)


def sample() -> bytes:
    """The payload of a completed survey, about 1.7 kB as Refiner sends it."""
    return msgspec.json.encode(msgspec.json.decode(_SAMPLE.read_bytes()))


class SurveyRequest:
    """A prepared POST; only the response's UUID differs from one to the next.

    Its body has `size` bytes, where those are more than the sample has.
    """

    def __init__(self, path: str, secret: str, port: int, size: int = 0) -> None:
        record = msgspec.json.decode(_SAMPLE.read_bytes())
        mark = "#" * _ID_DIGITS
        record["response"]["uuid"] = mark
        body = msgspec.json.encode(record)
        body += b" " * (size - len(body))
        head = (
            f"POST {path} HTTP/1.1\r\n"
            f"host: 127.0.0.1:{port}\r\n"
            "content-type: application/json\r\n"
            f"authorization: Bearer {secret}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self._before, self._after = (head.encode() + body).split(mark.encode())

    def with_id(self, id_: str) -> bytes:
        return b"%b%b%b" % (self._before, id_.encode(), self._after)
