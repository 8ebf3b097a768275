"""HTTP messages cut out of a stream, for peers that we know to be plain."""

HEAD_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


def message_length(data: bytes) -> int | None:
    """Bytes of the message that `data` begins with; None while its head is cut.

    Raises:
        ValueError: the message is sent in chunks, which nobody here does.
    """
    end = data.find(HEAD_END)
    if end < 0:
        return None
    head = data[: end + 2].lower()
    at = head.find(_LENGTH)
    if at >= 0:
        at += len(_LENGTH)
        return end + len(HEAD_END) + int(head[at : head.index(b"\r", at)])
    if b"\r\ntransfer-encoding:" in head:
        raise ValueError("The benchmark's peers are expected to send no chunks.")
    return end + len(HEAD_END)


def answer(content: bytes) -> bytes:
    """A whole answer of status 200 with a JSON body."""
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(content)}"  # noqa: E501 - one head, one line
    return head.encode() + HEAD_END + content
