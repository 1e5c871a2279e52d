"""The pages about people."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required, user_passes_test
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.link_page import forget
from accounts.mail import send_link, tell
from accounts.models import DeskSession
from accounts.roles import sees_people
from accounts.security_log import Kind, record
from accounts.sign_in import LIFETIMES, Purpose, create_link, end_links
from accounts.two_factor import has_second_step, remove
from desk.accounts.admin import access_of
from desk.accounts.rights import may_change
from desk.people.forms import PersonForm
from desk.people.people import (
    is_invited,
    list_people,
    lock_hosts,
    may_choose_role,
    name_of,
    roles_of,
)
from desk.shortcuts import desk_page, user_of
from episodes.addresses import absolute_url

LINK_ENDED = " The link sent before no longer works: press “Send link” for a new one."
LAST_HOST = "{} is the last host: make somebody else a host first."


def _check(user: Any) -> bool:
    if not sees_people(user):
        raise PermissionDenied
    return True


may_see_people = user_passes_test(_check)


@may_see_people
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    rows = list_people(request.user)
    return desk_page(
        request,
        "people/list.html",
        "People",
        people=[row for row in rows if row.user.is_active],
        former=[row for row in rows if not row.user.is_active],
        may_invite=request.user.has_perm("auth.add_user"),
        has_mail=settings.MAIL,
    )


@permission_required(("auth.add_user", "auth.change_user"), raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """A form for a new person; a POST shows the link that they choose a password by."""
    form = PersonForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = form.save()
            _report(request, Kind.ROLES, user, f"invited: {access_of(user.pk)}")
        return _send(request, user)
    return desk_page(request, "people/invite.html", "Invite somebody", form=form)


@may_see_people
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person; a POST does what its button says."""
    user = get_object_or_404(User, pk=pk, is_staff=True)
    may = request.user.has_perm("auth.change_user") and may_change(request.user, user)
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("do", ""))
        if not may:
            raise PermissionDenied
        return action(request, user) if action else redirect("desk_person", pk)
    return _page(request, user, PersonForm(by=request.user, user=user) if may else None)


def _page(request: HttpRequest, user: User, form: PersonForm | None) -> HttpResponse:
    return desk_page(
        request,
        "people/person.html",
        name_of(user),
        person=user,
        form=form,
        roles=roles_of(user),
        is_self=user.pk == request.user.pk,
        may_choose_role=may_choose_role(request.user, user),
        is_invited=is_invited(user),
        has_second_step=has_second_step(user),
        sessions=DeskSession.objects.filter(user=user, expire_date__gt=timezone.now()).count(),
    )


def _save(request: HttpRequest, user: User) -> HttpResponse:
    before, former = access_of(user.pk), user.email
    form = PersonForm(request.POST, by=request.user, user=user)
    if not form.is_valid():
        return _page(request, user, form)
    ended = 0
    with transaction.atomic():
        hosts = lock_hosts()
        form.save()
        if not hosts.exists():
            transaction.set_rollback(True)
            messages.error(request, LAST_HOST.format(name_of(user)))
            return redirect("desk_person", user.pk)
        after = access_of(user.pk)
        if after != before:
            _report(request, Kind.ROLES, user, f"{before} → {after}")
        if former != user.email:
            ended = end_links(user)
            _report(request, Kind.PASSWORD, user, "e-mail changed")
    messages.success(request, f"{name_of(user)} is saved.{LINK_ENDED if ended else ''}")
    return redirect("desk_people")


def _link(request: HttpRequest, user: User) -> HttpResponse:
    if user.pk == request.user.pk:  # there, the former password is asked for
        return redirect("admin:password_change")
    if not user.is_active:
        raise PermissionDenied
    return _send(request, user)


def _send(request: HttpRequest, user: User) -> HttpResponse:
    """Make a link, mail it where that is possible, and show it: this once."""
    purpose = Purpose.INVITATION if is_invited(user) else Purpose.PASSWORD
    replaced = end_links(user)
    link = absolute_url(reverse("desk_sign_in_link", args=[create_link(user, purpose)]))
    show = request.show.title  # type: ignore[attr-defined]
    is_sent = send_link(user, purpose, link, show, name_of(user_of(request)))
    _report(request, Kind.PASSWORD, user, "link " + ("mailed" if is_sent else "made"))
    return desk_page(
        request,
        "people/link.html",
        f"A link for {name_of(user)}",
        person=user,
        link=link,
        is_invitation=purpose == Purpose.INVITATION,
        until=timezone.now() + LIFETIMES[purpose],
        replaces=bool(replaced),
        is_sent=is_sent,
        has_mail=settings.MAIL,
        has_second_step=has_second_step(user),
    )


def _end_sessions(request: HttpRequest, user: User) -> HttpResponse:
    rows = DeskSession.objects.filter(user=user).exclude(pk=request.session.session_key)
    ended, _ = rows.delete()
    if ended:
        _report(request, Kind.SESSIONS, user, f"{ended} ended")
    messages.success(request, f"Ended {ended} session{pluralize(ended)} of {name_of(user)}.")
    return redirect("desk_people")


def _remove_second_step(request: HttpRequest, user: User) -> HttpResponse:
    if user.pk == request.user.pk:
        return redirect("desk_second_step")
    if remove(user):
        _report(request, Kind.SECOND_STEP, user, "removed")
        tell(user, "The second step was removed")
    messages.success(request, f"{name_of(user)} signs in without a second step, until a new one.")
    return redirect("desk_people")


@transaction.atomic
def _remove(request: HttpRequest, user: User) -> HttpResponse:
    """End their access. The account stays, so that their edits remain theirs."""
    if user.pk == request.user.pk:
        raise PermissionDenied
    if not lock_hosts().exclude(pk=user.pk).exists():
        messages.error(request, LAST_HOST.format(name_of(user)))
        return redirect("desk_people")
    User.objects.filter(pk=user.pk).update(is_active=False)
    forget(user)
    _report(request, Kind.ROLES, user, "removed")
    messages.success(request, f"{name_of(user)} can’t sign in any more. What they wrote stays.")
    return redirect("desk_people")


def _let_in_again(request: HttpRequest, user: User) -> HttpResponse:
    User.objects.filter(pk=user.pk).update(is_active=True)
    _report(request, Kind.ROLES, user, "let in again")
    messages.success(request, f"{name_of(user)} may sign in again.")
    return redirect("desk_people")


def _report(request: HttpRequest, kind: Kind, user: User, detail: str) -> None:
    by = user_of(request).get_username()
    record(request, kind, user.get_username(), f"by {by}: {detail}")


ACTIONS = {
    "save": _save,
    "link": _link,
    "sessions": _end_sessions,
    "second-step": _remove_second_step,
    "remove": _remove,
    "again": _let_in_again,
}
