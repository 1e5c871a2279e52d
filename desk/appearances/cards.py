"""The guests of an episode as cards, which are edited and saved together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest

from desk.appearances.forms import AddGuestForm, AppearanceForm, ProfileForm
from desk.entities.guests import GuestAdmin
from episodes.models import Appearance, Episode
from episodes.rights import may_edit
from guests.handles import PROFILES
from guests.models import Guest

MOST = 50  # cards that one form may have
# The guest's own form has these as well.
ONLY_THERE = ("slug", "introduction", "website_href", "values_seen")
LINKS = ("website", *PROFILES)


@dataclass(slots=True)
class GuestCard:
    """One guest. Without a form, what it edits is shown read-only."""

    guest: Guest
    row: Appearance
    appearance: AppearanceForm | None
    profile: forms.ModelForm | None
    elsewhere: tuple[Episode, ...] = ()
    links: ClassVar = LINKS

    @property
    def forms(self) -> list[forms.BaseForm]:
        return [form for form in (self.appearance, self.profile) if form]

    @property
    def is_removed(self) -> bool:
        return bool(self.appearance and self.appearance.cleaned_data.get("remove"))

    def is_valid(self) -> bool:
        """A guest who leaves the episode keeps what they are, whatever else was typed."""
        if self.appearance and self.appearance.is_valid() and self.is_removed:
            return True
        return all(form.is_valid() for form in self.forms)


def guest_admin() -> GuestAdmin:
    found: Any = admin.site.get_model_admin(Guest)
    return found


def rows_of(episode: Episode) -> list[Appearance]:
    """The episode's appearances in order, with guests and their names. Two queries."""
    rows = Appearance.objects.filter(episode=episode).prefetch_related("guest__names")
    return list(rows.order_by("position"))


def make_cards(
    request: HttpRequest, episode: Episode, rows: Iterable[Appearance]
) -> list[GuestCard]:
    """A card for each row, with forms as far as the user may change it; bound to a POST."""
    may_appear = may_edit(request.user, episode)
    may_change = guest_admin().has_change_permission
    sent: dict[str, Any] = {"label_suffix": ""}
    if request.method == "POST":
        sent |= {"data": request.POST, "files": request.FILES}
    return [
        GuestCard(
            row.guest,
            row,
            AppearanceForm(instance=row, prefix=f"in-{row.guest_id}", **sent)
            if may_appear
            else None,
            _profile_class(request, row.guest)(
                instance=row.guest, prefix=f"guest-{row.guest_id}", **sent
            )
            if may_change(request, row.guest)
            else None,
        )
        for row in rows
    ]


def _profile_class(request: HttpRequest, guest: Guest) -> Any:
    """The form of the guest's own page, with the fields that a card has room for."""
    model_admin = guest_admin()
    listed = flatten_fieldsets(model_admin.get_fieldsets(request))
    fields = [name for name in listed if name not in ONLY_THERE]
    return model_admin.get_form(
        request, guest, change=True, form=ProfileForm, fields=[*fields, "values_seen"]
    )


def add_form(request: HttpRequest, episode: Episode) -> AddGuestForm | None:
    """The form to add a guest; None if the user may not."""
    if not may_edit(request.user, episode):
        return None
    data = request.POST if request.method == "POST" else None
    may_add = request.user.has_perm("guests.add_guest")
    return AddGuestForm(data, prefix="new", label_suffix="", may_add_guests=may_add)


def add_elsewhere(episode: Episode, cards: Iterable[GuestCard]) -> None:
    """Fill in the other episodes of each guest, oldest first. One query."""
    by_guest = {card.guest.pk: card for card in cards}
    others: QuerySet[Appearance] = (
        Appearance.objects.filter(guest__in=by_guest, episode__deleted_at=None)
        .exclude(episode=episode)
        .select_related("episode")
        .order_by("episode__number", "episode__pk")
    )
    for row in others:
        by_guest[row.guest_id].elsewhere += (row.episode,)


def posted_rows(episode: Episode, keys: Iterable[str]) -> list[Appearance]:
    """Rows for the guests that a form sent, also for those whom somebody removed meanwhile.

    Guests who no longer exist are left out. The guests are locked before their episode, in the
    order of their keys.
    """
    wanted = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 10][:MOST]
    locked = Guest.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    guests: Mapping[int, Guest] = {row.pk: row for row in locked.prefetch_related("names")}
    stored = {row.guest_id: row for row in Appearance.objects.filter(episode=episode)}
    rows = []
    for key in dict.fromkeys(wanted):
        if guest := guests.get(key):
            row = stored.get(key) or Appearance(episode=episode, guest=guest)
            row.guest = guest
            rows.append(row)
    return rows
