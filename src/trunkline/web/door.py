"""`/`: the web interface, as the files that were built from `ui/`."""

import mimetypes
import secrets
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_STATIC = Path(str(files("trunkline.web"))) / "static"
_NONCE = "__NONCE__"
_FOR_EVER = "public, max-age=31536000, immutable"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_NOT_BUILT = (
    "The web interface was not built when Trunkline was installed "
    "(TRUNKLINE_SKIP_UI was set, or there was no way to Node's packages).\n"
    "Install a wheel that holds it, or install this one again without "
    "TRUNKLINE_SKIP_UI.\nEverything else works; the API is at /api/v1.\n"
)


class WebDoor:
    """Serves the interface's files; any other path is one of its pages.

    A missing file below `/assets/` is missing: to answer it with the page would leave
    browsers with a blank screen after an update.
    """

    def __init__(self, folder: Path = _STATIC) -> None:
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse(
                "Pages are read with GET.", 405, {"allow": "GET, HEAD"}
            )
        if path in self._files:
            return self._file(path, Headers(scope=scope))
        if path.startswith("/assets/"):
            return PlainTextResponse("There is no such file.", 404)
        return self._page()

    @cached_property
    def _files(self) -> frozenset[str]:
        """What may be served: nothing that is not here can be asked for."""
        found = (one for one in self._folder.rglob("*") if one.is_file())
        names = (f"/{one.relative_to(self._folder).as_posix()}" for one in found)
        hidden = ("/index.html", "/.", "/assets/.")
        return frozenset(
            one for one in names if not one.startswith(hidden) and one[-3:] != ".gz"
        )

    def _file(self, path: str, headers: Headers) -> Response:
        file = self._folder / path[1:]
        packed = file.with_name(f"{file.name}.gz")
        lasting = path.startswith("/assets/")
        sent = {
            **_HEADERS,
            "cache-control": _FOR_EVER if lasting else "no-cache",
            "vary": "accept-encoding",
        }
        if "gzip" in headers.get("accept-encoding", "") and packed.exists():
            file, sent = packed, {**sent, "content-encoding": "gzip"}
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return Response(file.read_bytes(), headers=sent, media_type=kind)

    def _page(self) -> Response:
        page = self._folder / "index.html"
        if not page.exists():
            return PlainTextResponse(_NOT_BUILT, 503)
        nonce = secrets.token_urlsafe(16)
        return Response(
            page.read_text().replace(_NONCE, nonce),
            headers={
                **_HEADERS,
                "cache-control": "no-store",
                "content-security-policy": _POLICY.format(nonce=nonce),
            },
            media_type="text/html; charset=utf-8",
        )
