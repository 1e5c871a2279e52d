"""The site asked as a browser would ask it, without a network between."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.management.base import CommandError

from media.storages import HashedStaticFiles

COLLECT_FIRST = "Collect the static files first: ./run manage collectstatic"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered. `blocks` are the body, to be read once."""

    status: int
    headers: dict[str, str]
    blocks: Iterator[bytes]

    @property
    def type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def body(self) -> bytes:
        return b"".join(self.blocks)


class Site:
    """The whole site, middleware and all, under the address that it is known by.

    Raises CommandError where static files aren't collected: every page would be a 500.
    """

    def __init__(self) -> None:
        files = staticfiles_storage
        if isinstance(files, HashedStaticFiles) and files.read_manifest() is None:
            raise CommandError(COLLECT_FIRST)
        # What an address answers is told by who asks it, not by the log.
        logging.getLogger("django.request").setLevel(logging.ERROR)
        self.handler = WSGIHandler()
        self.origin = settings.SITE_URL
        self.parts = urlsplit(self.origin)

    def ask(self, address: str) -> Answer:
        """GET a path with its query, percent-encoded as in a link."""
        path, _, query = address.partition("?")
        request = WSGIRequest(self._environ(path, query))
        # Not by WSGI's own door: at its end Django closes connections in a transaction.
        response = self.handler.get_response(request)
        return Answer(response.status_code, dict(response.headers), iter(response))

    def _environ(self, path: str, query: str) -> dict[str, Any]:
        is_https = self.parts.scheme == "https"
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),  # PEP 3333
            "QUERY_STRING": query,
            "SERVER_NAME": self.parts.hostname or "localhost",
            "SERVER_PORT": str(self.parts.port or (443 if is_https else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self.parts.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.parts.scheme,
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
