"""When the database fails during a request, the desk returns what was typed."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)

RETRY_AFTER = "10"  # seconds
View = Callable[..., HttpResponse]


def survives_db_outage(view: View) -> View:
    """Answer a lost connection with 503 and a form that submits the same fields again.

    A save is one transaction, so the stored version is complete. If the connection broke during
    the commit, the repeated save detects the first one as a conflict and asks.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            logger.error("The desk lost its database connection", exc_info=error)
            return _retry_form(request)

    return guarded


def _retry_form(request: HttpRequest) -> HttpResponse:
    """Needs no database. Uploaded files have to be chosen again."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {"fields": fields, "action": request.get_full_path(), "files": list(request.FILES)}
    response = render(request, "admin/desk/db_outage.html", context, status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response
