"""Erasing a guest's name: where it stands, what will stand there, and doing it."""

import logging

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from desk.erasing.erase import erase
from desk.erasing.occurrences import hindrances, places, spellings_of
from desk.erasing.spellings import Spellings
from desk.page import desk_page
from guests.models import Guest
from notes.grammar.lines import clean, one_line
from ops.retention import last_backup_expires

logger = logging.getLogger(__name__)

DEFAULT = "A guest"
MOST_SPELLINGS = 30


@require_http_methods(["GET", "HEAD", "POST"])
def erasing(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the name stands; POST looks again, or erases. No name is ever in the address."""
    # Who may delete guests may erase one.
    if not request.user.has_perm("guests.delete_guest"):
        raise PermissionDenied
    guest = get_object_or_404(Guest, pk=pk)
    typed = clean(request.POST.get("spellings", "")).splitlines()[:MOST_SPELLINGS]
    given = Spellings.of(typed if request.method == "POST" else spellings_of(guest))
    name = one_line(clean(request.POST.get("name", "")))[:100].strip() or _free_name()
    if request.method != "POST" or "erase" not in request.POST:
        return _looking(request, guest, given, name)
    if not request.POST.get("sure"):
        messages.error(request, "Say that you are sure: this can’t be undone.")
        return _looking(request, guest, given, name)
    return _erased(request, guest, given, name)


def _looking(request: HttpRequest, guest: Guest, given: Spellings, name: str) -> HttpResponse:
    return desk_page(
        request,
        "erase.html",
        "Erase this name",
        guest=guest,
        spellings="\n".join(given.names),
        name=name,
        places=places(given, guest),
        hindrances=hindrances(given),
        expires=last_backup_expires(timezone.now()),
    )


def _erased(request: HttpRequest, guest: Guest, given: Spellings, name: str) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    try:
        left = erase(guest.pk, given, name, settings.SITE_URL, user)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return _looking(request, guest, given, name)
    except Guest.DoesNotExist:
        messages.error(request, "Someone has deleted this guest meanwhile. Nothing was changed.")
        return redirect("admin:guests_guest_changelist")
    except (IntegrityError, DataError, OSError) as error:
        logger.error("A name could not be erased", exc_info=error)
        messages.error(request, "Nothing was changed: the database or the storage refused it.")
        return _looking(request, guest, given, name)
    for place in left:
        messages.warning(request, f"Still there: {place.label}, in {place.rows}.")
    expires = date_format(timezone.localtime(last_backup_expires(timezone.now())), "j F Y")
    messages.success(
        request, f"The name is erased. The last backup that may hold it expires on {expires}."
    )
    return redirect("admin:guests_guest_change", guest.pk)


def _free_name() -> str:
    """What stands in the name's place, unless another erased guest is called so."""
    number, name = 1, DEFAULT
    while Guest.objects.by_name([name]):
        number += 1
        name = f"{DEFAULT} {number}"
    return name
