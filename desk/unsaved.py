"""Browsers store what is typed in a form until it is saved (desk/static/desk/unsaved.js).

A form sends the id of what its browser has stored; a cookie brings back the ids that were saved.
"""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE = "desk_saved"
FIELD = "unsaved_id"
VALID = re.compile(r"[0-9a-z]{1,40}")
MOST = 20  # of the last saves whose ids no form has read yet


def forget_typed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser that this request saved its form."""
    key = request.POST.get(FIELD, "")
    if not VALID.fullmatch(key):
        return response
    earlier = filter(VALID.fullmatch, request.COOKIES.get(COOKIE, "").split("."))
    response.set_cookie(
        COOKIE,
        ".".join([*earlier, key][-MOST:]),
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
