"""Failures of the database or the storage during a request to the desk."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import DataError, Error, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from caching.db_outage import is_db_outage

logger = logging.getLogger(__name__)

RETRY_AFTER = "10"  # seconds
REFUSALS = (IntegrityError, DataError, OSError)
View = Callable[..., HttpResponse]


def survives_failures(view: View) -> View:
    """Answer a lost connection with a form that submits again, and refused writes with a message.

    Forms report most errors before the write. Only the database notices a name that is taken at
    this moment, and only the storage a full disk.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Error, OSError) as error:
            if is_db_outage(error):
                logger.error("The desk lost its database connection", exc_info=error)
                return _retry_form(request)
            if request.method != "POST" or not isinstance(error, REFUSALS):
                raise
            return _refuse(request, error)

    return guarded


def _retry_form(request: HttpRequest) -> HttpResponse:
    """A form that submits again. It needs no database; files have to be chosen again.

    A save is one transaction, so the stored version is complete. If the connection broke during
    the commit, the repeated save detects the first one as a conflict and asks.
    """
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {"fields": fields, "action": request.get_full_path(), "files": list(request.FILES)}
    response = render(request, "admin/desk/db_outage.html", context, status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response


def _refuse(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, OSError):
        logger.error("A file from the desk could not be stored", exc_info=error)
        reason = f"the file could not be stored ({error})"
    else:
        logger.warning("The database refused a write from the desk", exc_info=error)
        reason = f"the database refused it ({str(error).splitlines()[0]})"
    messages.error(request, f"Nothing was saved: {reason}.")
    return HttpResponseRedirect(request.get_full_path())
