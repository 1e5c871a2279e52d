"""Requests to this site, in-process: no server needs to run."""

import logging
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.management.base import CommandError
from django.http import HttpResponseBase

from media.storages import HashedStaticFiles
from transfer.console import require_migrated

COLLECT_FIRST = "Collect the static files first: ./run manage collectstatic"


class SiteClient:
    """The whole site, middleware included, under its public address.

    Raises CommandError where static files aren't collected or the database isn't migrated: every
    page would be a 500.
    """

    def __init__(self) -> None:
        require_migrated()
        files = staticfiles_storage
        if isinstance(files, HashedStaticFiles) and files.read_manifest() is None:
            raise CommandError(COLLECT_FIRST)
        # The commands print what addresses answer; the log needn't repeat it.
        logging.getLogger("django.request").setLevel(logging.ERROR)
        self.handler = WSGIHandler()
        self.origin = settings.SITE_URL
        self.parts = urlsplit(self.origin)

    def get(self, address: str) -> HttpResponseBase:
        """The response for a path with its query, percent-encoded as in a link.

        Don't close it: Django then closes database connections, also in a transaction.
        """
        return self._request("GET", address)

    def head(self, address: str) -> HttpResponseBase:
        """Likewise without the body, as a recording that nobody reads would go on streaming."""
        return self._request("HEAD", address)

    def _request(self, method: str, address: str) -> HttpResponseBase:
        path, _, query = address.partition("?")
        return self.handler.get_response(WSGIRequest(self._environ(method, path, query)))

    def _environ(self, method: str, path: str, query: str) -> dict[str, Any]:
        environ = {
            "REQUEST_METHOD": method,
            "SERVER_NAME": self.parts.hostname or "localhost",
            "HTTP_HOST": self.parts.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),  # PEP 3333
            "QUERY_STRING": query,
            "wsgi.url_scheme": self.parts.scheme,
        }
        if self.parts.port:
            environ["SERVER_PORT"] = str(self.parts.port)
        setup_testing_defaults(environ)
        return environ


def content_type(response: HttpResponseBase) -> str:
    """The content type without its parameters."""
    return response.headers.get("Content-Type", "").partition(";")[0]
