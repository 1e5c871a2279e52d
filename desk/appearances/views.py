"""The guests of an episode: their cards, saved in one transaction."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from desk.appearances.cards import (
    GuestCard,
    add_elsewhere,
    add_form,
    guest_admin,
    make_cards,
    posted_rows,
    rows_of,
)
from desk.appearances.forms import AddGuestForm
from desk.history.conflicts import changed_since
from desk.pending_files import store_chosen_files
from desk.publishing.page import fetch_episode_or_404, render_tab
from desk.shortcuts import (
    desk_page,
    finish,
    locked_episode,
    may_change_episodes,
    may_view_episodes,
    refuse_unless_draft,
)
from desk.submissions.waiting import links_without_news, news, pages_of
from desk.unsaved import forget_typed
from desk.workspace.bar import Save
from desk.workspace.returning import return_address
from episodes.models import Appearance, Episode
from episodes.rights import may_edit
from guests.models import Guest
from notes.history import current_snapshot, revision_at, snapshot_of

FORM = "guests_form"
MOST_LINKS = 100  # on the page about all episodes


@require_http_methods(["GET", "HEAD", "POST"])
@may_view_episodes
def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """An episode's guests, each as a card; a POST saves all of them or none."""
    episode = fetch_episode_or_404(pk)
    if request.method != "POST":
        return _page(request, episode, make_cards(request, episode, rows_of(episode)))
    if not _may_save(request, episode):
        return _refuse(request, pk)
    with transaction.atomic():
        rows = posted_rows(episode, request.POST.getlist("guest"))
        locked = locked_episode(pk)
        if not _may_save(request, locked):  # published a moment ago
            return _refuse(request, pk)
        cards, new = make_cards(request, locked, rows), add_form(request, locked)
        conflict = _conflict(locked, request.POST.get("seen", ""))
        is_valid = all(card.is_valid() for card in cards) and (new is None or new.is_valid())
        if not conflict and is_valid and not _is_twice(cards, new):
            _save(request, locked, cards, new)
            messages.success(request, "Guests saved.")
            following = return_address(request, request.get_full_path())
            return forget_typed(request, HttpResponseRedirect(following))
    for form in chain.from_iterable(card.forms for card in cards):
        store_chosen_files(form)
    return _page(request, fetch_episode_or_404(pk), cards, new, conflict)


@require_safe
@may_change_episodes
def sent_by_guests(request: HttpRequest) -> HttpResponse:
    """What guests of all episodes sent, and their links that are out."""
    return desk_page(
        request,
        "appearances/sent_by_guests.html",
        "Sent by guests",
        news=news(MOST_LINKS),
        links=links_without_news()[:MOST_LINKS],
    )


def _may_save(request: HttpRequest, episode: Episode) -> bool:
    return may_edit(request.user, episode) or request.user.has_perm("guests.change_guest")


def _refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that says why. Raises PermissionDenied if it isn't about drafts."""
    if refused := refuse_unless_draft(request, pk):
        return refused
    raise PermissionDenied


def _conflict(episode: Episode, seen: str) -> SafeString | None:
    """What someone else changed since, if it concerns the guests."""
    if not seen.isdecimal() or len(seen) > 9 or int(seen) == episode.edit_number:
        return None
    then, now = snapshot_of(revision_at(episode, int(seen))), current_snapshot(episode)
    if then.draft.guests == now.draft.guests and then.roles == now.roles:
        return None
    return changed_since(episode, int(seen))


def _is_twice(cards: list[GuestCard], new: AddGuestForm | None) -> bool:
    """Whether the guest to add is there already; the form then says so."""
    if new is None:
        return False
    chosen, name = new.cleaned_data.get("guest"), new.cleaned_data.get("name")
    guest = chosen or (Guest.objects.by_name([name]).get(name) if name else None)
    if guest is None or guest.pk not in {card.guest.pk for card in cards if not card.is_removed}:
        return False
    new.add_error("guest" if chosen else "name", f"{guest} is a guest of this episode already.")
    return True


def _save(
    request: HttpRequest, episode: Episode, cards: list[GuestCard], new: AddGuestForm | None
) -> None:
    for card in cards:
        if not card.is_removed:
            _save_profile(request, card)
    if new is None:  # the user may change guests, but not who is in this episode
        return
    for card in cards:
        if card.is_removed and card.row.pk:
            card.row.delete()
    staying = [card.row for card in sorted(cards, key=_place) if not card.is_removed]
    if added := new.added_guest():
        title = new.cleaned_data["title"]
        staying.append(Appearance(episode=episode, guest=added, title=title))
    shown = [card.guest.pk for card in cards]
    unseen = Appearance.objects.filter(episode=episode).exclude(guest__in=shown)
    for position, row in enumerate([*staying, *unseen]):
        row.position = position
        row.save()
    finish(request, Episode.objects.get(pk=episode.pk))


def _place(card: GuestCard) -> int:
    place = card.appearance.cleaned_data.get("place") if card.appearance else None
    return card.row.position if place is None else place


def _save_profile(request: HttpRequest, card: GuestCard) -> None:
    """As the guest's own form saves it, with the entry in the log that a conflict names."""
    form: Any = card.profile
    if form is None or not form.has_changed():
        return
    model_admin = guest_admin()
    model_admin.save_model(request, form.instance, form, change=True)
    message = model_admin.construct_change_message(request, form, [])
    model_admin.log_change(request, form.instance, message)


def _page(
    request: HttpRequest,
    episode: Episode,
    cards: list[GuestCard],
    new: AddGuestForm | None = None,
    conflict: SafeString | None = None,
) -> HttpResponse:
    add_elsewhere(episode, cards)
    pages = pages_of(episode.appearances.all()) if may_edit(request.user, episode) else []
    may_change = guest_admin().has_change_permission
    new = new or add_form(request, episode)
    used = [form for card in cards for form in card.forms] + ([new] if new else [])
    media = sum((form.media for form in used[1:]), used[0].media) if used else ""
    return render_tab(
        request,
        "appearances/guests.html",
        "guests",
        episode,
        "Guests",
        save=Save(FORM) if _may_save(request, episode) else None,
        cards=cards,
        new=new,
        conflict=conflict,
        guests_pages=[(page, may_change(request, page.appearance.guest)) for page in pages],
        has_errors=request.method == "POST",
        media=media,
    )
