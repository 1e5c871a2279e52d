"""The page on which a host erases a guest's name."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from accounts.security_log import Kind, record
from desk.entities.base import ERASING_PERMISSIONS
from desk.erasing.erase import erase
from desk.erasing.occurrences import blockers, find_occurrences, suggest_spellings
from desk.erasing.spellings import Spellings
from desk.shortcuts import desk_page, user_of
from guests.models import Guest
from notes.grammar.lines import clean, one_line

logger = logging.getLogger(__name__)

DEFAULT_NAME = "A guest"
MAX_SPELLINGS = 30


@require_http_methods(["GET", "HEAD", "POST"])
def erasing(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the name occurs; POST shows it for other spellings, or erases.

    The address holds the guest's key, never the name.
    """
    if not request.user.has_perms(ERASING_PERMISSIONS):
        raise PermissionDenied
    guest = get_object_or_404(Guest, pk=pk)
    suggested, short = suggest_spellings(guest)
    typed = clean(request.POST.get("spellings", "")).splitlines()[:MAX_SPELLINGS]
    spellings = Spellings.of(typed if request.method == "POST" else suggested)
    name = one_line(clean(request.POST.get("name", "")))[:100].strip() or _free_name()
    if request.method == "POST" and "erase" in request.POST:
        if not request.POST.get("sure"):
            messages.error(request, "Tick to confirm. This can’t be undone.")
        elif done := _erase(request, guest, spellings, name):
            return done
    return desk_page(
        request,
        "erasing/form.html",
        "Erase this name",
        guest=guest,
        spellings="\n".join(spellings.names),
        short=short,
        name=name,
        occurrences=find_occurrences(spellings, guest),
        blockers=blockers(spellings),
        expires=_last_backup_expires(),
    )


def _erase(
    request: HttpRequest, guest: Guest, spellings: Spellings, name: str
) -> HttpResponse | None:
    """None if nothing was changed, and a message says why."""
    user = user_of(request)
    try:
        remaining = erase(guest.pk, spellings, name, settings.SITE_URL, user)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return None
    except Guest.DoesNotExist:
        messages.error(request, "Someone has deleted this guest meanwhile. Nothing was changed.")
        return redirect("admin:guests_guest_changelist")
    except (IntegrityError, DataError, OSError) as error:
        logger.error("A name could not be erased", exc_info=error)
        messages.error(request, "Nothing was changed: the database or the storage refused it.")
        return None
    record(request, Kind.ERASED, user.get_username(), f"guest {guest.pk}, now “{name}”")
    for place in remaining:
        rows = f"{place.rows} row" + ("" if place.rows == 1 else "s")
        messages.warning(request, f"Still found: {place.label} ({rows}).")
    expires = date_format(timezone.localtime(_last_backup_expires()), "j M Y")
    messages.success(
        request, f"The name is erased. The last backup that may hold it expires on {expires}."
    )
    return redirect("admin:guests_guest_change", guest.pk)


def _last_backup_expires() -> datetime:
    """When the last backup that may hold the name is removed (ops.backups.retention)."""
    return timezone.now() + timedelta(days=settings.BACKUP_DAYS)


def _free_name() -> str:
    """`A guest`, with a number if another erased guest has that name already."""
    number, name = 1, DEFAULT_NAME
    while Guest.objects.by_name([name]):
        number += 1
        name = f"{DEFAULT_NAME} {number}"
    return name
