"""An episode's history: who saved what and when, each revision in full, and restoring one."""

from dataclasses import dataclass
from itertools import pairwise

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from desk.history.differences import differences
from desk.history.origins import origin_of
from desk.history.transcripts import transcript_changes, transcript_text
from desk.publishing.page import render_tab
from desk.publishing.visibility import tell_visibility
from desk.shortcuts import (
    may_change_episodes,
    may_view_episodes,
    refuse_unless_draft,
    user_of,
)
from desk.writing.additions import forbidden_additions
from desk.writing.diff import Difference
from episodes.models import Episode
from episodes.rights import may_edit, may_publish
from notes.history import current_snapshot, last_revision, snapshot_of
from notes.models import Revision
from notes.restoring import (
    STATE,
    as_restored,
    lost_by_restoring,
    restore,
    restore_transcript,
    with_state_of,
)

PAGE_SIZE = 20
# Changes of one save: in the list, and on its own page.
MAX_CHANGES_LISTED, MAX_CHANGES = 30, 1000
MAX_REASONS = 5  # why a revision can't be restored


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of the history."""

    revision: Revision
    changes: list[Difference] | None  # None for the first: there is nothing to compare it with

    @property
    def origin(self) -> str:
        return origin_of(self.revision)


@may_view_episodes
@require_safe
def episode_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every save of an episode, newest first, with what it changed."""
    episode = get_object_or_404(Episode.with_deleted, pk=pk)
    revisions = Revision.objects.filter(episode=episode).select_related("user")
    page = Paginator(revisions, PAGE_SIZE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    older = found and revisions.filter(number__lt=found[-1].number).first()
    pairs = list(pairwise([*found, older] if older else found))
    of_transcript = transcript_changes((older, newer) for newer, older in pairs)
    saves = [
        HistoryEntry(newer, differences(snapshot_of(older), snapshot_of(newer)) + changes)
        for (newer, older), changes in zip(pairs, of_transcript, strict=True)
    ]
    if found and not older:
        saves.append(HistoryEntry(found[-1], None))
    return render_tab(
        request,
        "history/history.html",
        "history",
        episode,
        "History",
        saves=saves,
        page=page,
        most=MAX_CHANGES_LISTED,
    )


@may_view_episodes
@require_http_methods(["GET", "HEAD", "POST"])
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One revision in full, and what restoring it would change; POST restores it."""
    found = get_object_or_404(Revision.objects.select_related("user"), episode=pk, number=number)
    if request.method == "POST":
        return _restore(request, found)
    episode = Episode.with_deleted.get(pk=pk)
    now, then = current_snapshot(episode), snapshot_of(found)
    restored = with_state_of(as_restored(episode, then, now), now)
    changes = differences(now, restored)
    of_transcript = []
    if found.transcript_id:  # otherwise today's stays
        (of_transcript,) = transcript_changes([(last_revision(episode), found)])
    return render_tab(
        request,
        "history/revision.html",
        "history",
        episode,
        f"Revision {number}",
        revision=found,
        origin=origin_of(found),
        changes=changes + of_transcript,
        transcript=transcript_text(found),
        may_restore_transcript_alone=bool(changes and of_transcript),
        most=MAX_CHANGES,
        lost=lost_by_restoring(episode, then),
        of_state=differences(restored, as_restored(episode, then, now)),
        may_restore=may_edit(request.user, episode),
        may_change_state=may_publish(request.user),
    )


@may_change_episodes
def _restore(request: HttpRequest, found: Revision) -> HttpResponse:
    user = user_of(request)
    if refused := refuse_unless_draft(request, found.episode_id):
        return refused
    if request.POST.get("do") == "transcript" and found.transcript_id:
        restore_transcript(found, user)
        messages.success(request, f"The transcript of revision {found.number} is restored.")
        return redirect("admin:episodes_episode_history", found.episode_id)
    episode = Episode.with_deleted.get(pk=found.episode_id)
    with_state = "state" in request.POST
    puts_in_bin = with_state and (found.beside or {}).get("deleted") and episode.deleted_at is None
    if puts_in_bin and not user.has_perm("episodes.delete_episode"):
        raise PermissionDenied
    forbidden = list(forbidden_additions(snapshot_of(found).draft, user))
    if forbidden:
        reasons = " ".join(f"{each.value}: {each.message}" for each in forbidden[:MAX_REASONS])
        messages.error(request, f"Nothing was restored. {reasons}")
        return redirect("revision", found.episode_id, found.number)
    before = last_revision(episode)
    try:
        lost = restore(found, user, with_state=with_state)
    except ValidationError as error:
        messages.error(request, f"Nothing was restored: {' '.join(error.messages)}")
    except OSError as error:
        messages.error(request, f"Nothing was restored: a file could not be stored ({error}).")
    else:
        stays = "" if with_state else _what_stays(found, episode)
        messages.success(request, f"Revision {found.number} is restored.{stays}")
        tell_visibility(request, before, Episode.with_deleted.get(pk=episode.pk))
        for sentence in lost:
            messages.warning(request, sentence)
    return redirect("admin:episodes_episode_history", found.episode_id)


def _what_stays(found: Revision, episode: Episode) -> str:
    """A sentence on the state, if the revision had another; else nothing."""
    if episode.deleted_at:
        return " It stays in the bin."
    facts = current_snapshot(episode).facts or {}
    if all(found.facts.get(name) == facts[name] for name in STATE):
        return ""
    if episode.is_scheduled:
        return " It stays scheduled."
    if episode.status == Episode.Status.DRAFT:
        return " It stays a draft."
    return f" It stays {episode.status}, with its date."
