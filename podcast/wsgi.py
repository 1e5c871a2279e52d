"""The site, as gunicorn serves it."""

import os
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podcast.settings")
# Milliseconds that a request may wait for the database; commands may wait longer. DATABASE_URL
# overrides this variable of libpq. A pooler refuses such options.
if not settings.DATABASE_POOLER:
    os.environ.setdefault("PGOPTIONS", "-c statement_timeout=20000 -c lock_timeout=10000")


class Utf8Request(WSGIRequest):
    """Reads everything as UTF-8, whatever encoding the body declares.

    Django would decode the query with it, too, and crash on codecs that aren't for text, such as
    “hex”. podcast.middleware.refuse_malformed answers such requests.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        kind = meta.get("CONTENT_TYPE", "")
        self.content_type, self.content_params = parse_header_parameters(kind)


application = get_wsgi_application()
application.request_class = Utf8Request
