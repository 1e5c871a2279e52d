"""When the database goes away in the middle of a request: what was typed is handed back."""

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


def recoverable(view: View) -> View:
    """Answer 503 when the connection breaks, with all fields in a form that sends them again.

    A save is one transaction, so the old version is whole. Where the connection broke at the very
    commit, the second save meets the first one as another's: the form says so and asks.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            logger.error("The database went away from the desk", exc_info=error)
            return _hand_back(request)

    return guarded


def _hand_back(request: HttpRequest) -> HttpResponse:
    """A page that asks nothing of the database. Files can't be sent again from it."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {"typed": typed, "action": request.get_full_path(), "files": list(request.FILES)}
    response = render(request, "admin/desk/db_outage.html", context, status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response
