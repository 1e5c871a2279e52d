"""The host's side of the site: Django's admin under the show's name and in the show's time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from show.models import Show

# Tells scripts of public pages that a host is reading. Worth nothing: it opens no door.
COOKIE = "desk"

View = Callable[..., HttpResponse]


class DeskSite(admin.AdminSite):
    index_title = "Desk"
    # Its place is worth more to lists and lines; the start page names everything.
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        show = getattr(request, "show", None) or Show.objects.current()
        title = f"{show.title} desk"
        return super().each_context(request) | {"site_title": title, "site_header": title}

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(in_show_zone(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        response = super().login(request, extra_context)
        if self.has_permission(request):
            response.set_cookie(
                COOKIE,
                "1",
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        response = super().logout(request, extra_context)
        if not self.has_permission(request):
            response.delete_cookie(COOKIE, samesite="Lax")
        return response


def in_show_zone(view: View) -> View:
    """Times are typed and shown in the show's zone, here and nowhere else."""

    @wraps(view)
    def zoned(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.show = Show.objects.current()  # type: ignore[attr-defined]
        with timezone.override(request.show.zone):  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
            # Otherwise it is rendered after the zone has been left.
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        return response

    return zoned
