"""The site, as gunicorn serves it."""

import os
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podcast.settings")
# Nobody waits longer than this for the database, in milliseconds; commands may. libpq's own
# variable: what DATABASE_URL says for itself goes before it.
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=20000 -c lock_timeout=10000")


class Utf8Request(WSGIRequest):
    """Reads everything as UTF-8, whichever encoding a body claims to be in.

    Django would read the query in that too, and fail before it can answer where Python's codec is
    none of text, such as “hex”. podcast.middleware.refuse_encodings tells who sent it.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        kind = meta.get("CONTENT_TYPE", "")
        self.content_type, self.content_params = parse_header_parameters(kind)


application = get_wsgi_application()
application.request_class = Utf8Request
