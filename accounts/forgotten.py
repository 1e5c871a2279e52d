"""The way back from a forgotten password: a link by mail, or else from a host."""

from datetime import timedelta
from threading import Thread
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.mail import send_link
from accounts.models import SignInLink
from accounts.security_log import UNKNOWN, Kind, record, record_delay
from accounts.sign_in import LIFETIMES, Purpose, create_link, delayed, too_many
from accounts.throttling import seconds_to_wait

# Attempts are counted as those to sign in, but under another name: asking for a link, however
# often, delays nobody who signs in.
COUNTED_AS = "forgotten password: "
PAUSE = timedelta(minutes=10)  # between two mails to the same account
MOST_ACCOUNTS = 3  # that share an e-mail address


class ForgottenForm(forms.Form):
    name = forms.CharField(
        label="Name or e-mail",
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autofocus": True}),
    )


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Mail a link to whoever has an account. The answer is the same for those who have none."""
    form, wait, is_done = ForgottenForm(request.POST or None), 0, False
    if settings.MAIL and request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["name"]
        if wait := seconds_to_wait(request, COUNTED_AS + typed):
            record_delay(request, UNKNOWN)
            form.add_error(None, too_many(wait))
        else:
            _send(request, typed)
            is_done = True
    context = admin.site.each_context(request) | {
        "title": "Forgotten your password?", "form": form, "is_done": is_done,
        "has_mail": settings.MAIL, "hours": LIFETIMES[Purpose.PASSWORD] // timedelta(hours=1),
    }  # fmt: skip
    return delayed(TemplateResponse(request, "admin/accounts/forgotten.html", context), wait)


def _send(request: HttpRequest, typed: str) -> None:
    """Mail in the background: how long a server takes would tell that there is an account."""
    show = str(admin.site.each_context(request)["site_header"]).removesuffix(" desk")
    for user in _accounts(typed):
        if _was_sent_lately(user):
            continue
        token = create_link(user, Purpose.PASSWORD)
        link = f"{settings.SITE_URL}{reverse('desk_sign_in_link', args=[token])}"
        record(request, Kind.PASSWORD, user.get_username(), "asked for a link by mail")
        Thread(target=send_link, args=(user, Purpose.PASSWORD, link, show)).start()


def _accounts(typed: str) -> Any:
    """Those who may sign in, and have an address."""
    typed = typed.strip().replace("\0", "")
    named = User.objects.filter(Q(username=typed) | Q(email__iexact=typed))
    return named.filter(is_active=True, is_staff=True).exclude(email="")[:MOST_ACCOUNTS]


def _was_sent_lately(user: User) -> bool:
    since = timezone.now() + LIFETIMES[Purpose.PASSWORD] - PAUSE
    links = SignInLink.objects.filter(user=user, purpose=Purpose.PASSWORD)
    return links.filter(expires_at__gt=since).exists()
