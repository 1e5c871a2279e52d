"""Well-known addresses (RFC 8615) for people and programs that know no other of this site."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from episodes.addresses import absolute_url

# RFC 9116 recommends less than a year (section 2.5.5).
VALID = timedelta(days=180)


@require_safe
@cache_control(public=True, max_age=86400)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability, as the settings say (RFC 9116); 404 if they don't."""
    if not settings.SECURITY_CONTACT:
        raise Http404("There is no SECURITY_CONTACT.")
    fields = [("Contact", address) for address in settings.SECURITY_CONTACT]
    fields.append(("Expires", expiry(timezone.now()).strftime("%Y-%m-%dT%H:%M:%SZ")))
    fields.append(("Canonical", absolute_url(reverse("security_txt"))))
    fields.append(("Preferred-Languages", ", ".join(settings.SECURITY_LANGUAGES)))
    fields.append(("Policy", settings.SECURITY_POLICY))
    text = "".join(f"{name}: {value}\n" for name, value in fields if value)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def expiry(now: datetime) -> datetime:
    """The first day, in UTC, of the month after VALID: the file changes once a month."""
    last = now + VALID
    return datetime(last.year + last.month // 12, last.month % 12 + 1, 1, tzinfo=now.tzinfo)


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, where programs look that read no page, such as feed readers."""
    return HttpResponse(_favicon(), content_type="image/x-icon")


@cache
def _favicon() -> bytes:
    return Path(cast(str, find("img/favicon.ico"))).read_bytes()


@require_safe
@cache_control(no_store=True)
def change_password(request: HttpRequest) -> HttpResponse:
    """Password managers lead here (W3C, “A Well-Known URL for Changing Passwords”)."""
    return HttpResponseRedirect(reverse("admin:password_change"))
