"""The page on which notes are written as text, for a new or an existing episode."""

import logging
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import edits_drafts_only
from desk.audio.recording import recording_url
from desk.publishing.visibility import tell_stale_chapters
from desk.shortcuts import (
    ONLY_DRAFTS,
    locked_episode,
    may_change_episodes,
    moved_to_bin,
    user_of,
)
from desk.workspace.bar import Save, workspace
from desk.workspace.returning import return_address
from desk.writing import drafts
from desk.writing.analysis import Analysis, analyse
from desk.writing.clipboard import read_clipboard
from desk.writing.conflicts import (
    BaseVersion,
    Conflict,
    digest,
    find_conflict,
    find_conflict_on_resume,
    find_text_conflict,
)
from desk.writing.lines import apply_repair, with_repairs
from desk.writing.merging import MergedText, merge_texts
from desk.writing.pencil import number_in
from desk.writing.reading import is_only_text
from episodes.models import Episode
from notes.grammar.lines import LINE_ENDS
from stack.models import Technology
from text.problems import Problem
from transfer.importers.pasted.html import LONGEST_HTML, TOO_LONG, looks_like_html, read_html

logger = logging.getLogger(__name__)

may_add = permission_required(
    ("episodes.add_episode", "episodes.change_episode"), raise_exception=True
)
PAGE, PANEL = "admin/desk/writing/page.html", "admin/desk/writing/panel.html"
CONVERSION = "admin/desk/writing/conversion.html"
CONFLICT = 409
DISCARD, MERGE = "discard", "merge"
CANNOT_MERGE = "Not joined: one of the texts has errors now. Choose one of them."
SHOWN = 100  # problems, and differences, of one text


@dataclass(frozen=True, slots=True)
class Posted:
    """The form: the text, the version it was made from, and the button pressed."""

    text: str
    base: BaseVersion
    shown: str  # the digest of the text whose differences were shown
    action: str
    conversion: list[Problem] | None = None  # of a text that was HTML: what it lost

    @classmethod
    def read(cls, request: HttpRequest) -> "Posted":
        """HTML becomes notes, unless it is being saved while somebody edits it."""
        posted = cls._as_sent(request)
        if posted.action == DISCARD or _wants_panel(request) or not looks_like_html(posted.text):
            return posted
        html = read_html(posted.text)
        return replace(posted, text=html.text, action="preview", conversion=html.problems)

    @classmethod
    def _as_sent(cls, request: HttpRequest) -> "Posted":
        text = LINE_ENDS.sub("\n", request.POST.get("text", "").replace("\0", ""))
        shown = request.POST.get("shown", "")
        if shown == digest(text):  # otherwise line numbers may have changed
            text = apply_repair(text, request.POST.get("repair", ""))
        return cls(
            text=text,
            base=BaseVersion.read(request.POST.get("seen", "")),
            shown=shown,
            action=request.POST.get("do", "preview"),
        )


@require_http_methods(["GET", "POST"])
@may_add
def paste(request: HttpRequest) -> HttpResponse:
    """An empty box for a new episode's notes; a POST creates a draft from them."""
    if request.method == "GET":
        return _page(request, None, "")
    posted = Posted.read(request)
    if not posted.text.strip():
        return _page(request, None, "", note="Paste the notes first.")
    created = drafts.create_draft(posted.text, user_of(request))
    return _apply_or_show(request, created, posted)


@require_http_methods(["GET", "POST"])
@may_change_episodes
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """An episode's notes as text: saved, compared with the episode, applied."""
    episode = get_object_or_404(Episode, pk=pk)
    if request.method == "GET":
        conflict = find_conflict_on_resume(episode)
        return _page(request, episode, drafts.current_text(episode), conflict=conflict)
    posted = Posted.read(request)
    if posted.action == MERGE:
        return _merge(request, episode, posted)
    if conflict := _save(episode, posted, user_of(request)):
        return _page(request, episode, posted.text, conflict=conflict, conversion=posted.conversion)
    if posted.action == DISCARD:
        return _discarded(request, episode)
    return _apply_or_show(request, episode, posted)


@require_POST
@may_change_episodes
def convert(request: HttpRequest) -> HttpResponse:
    """What the clipboard holds (`text`, `html`) as notes: `{"text": …, "notice": …}`.

    `whole` is stated if nothing else is in the box. 204: the plain text says as much.
    """
    plain, html = (request.POST.get(name, "").replace("\0", "") for name in ("text", "html"))
    if len(html) > LONGEST_HTML:
        raise RequestDataTooBig(TOO_LONG)
    plain = LINE_ENDS.sub("\n", plain)
    found = read_clipboard(plain, html, whole=bool(request.POST.get("whole")))
    if found is None:
        return HttpResponse(status=204)
    notice = render_to_string(CONVERSION, {"conversion": found.problems, "is_pasted": True})
    return JsonResponse({"text": found.text, "notice": notice})


def _analyse(request: HttpRequest, episode: Episode | None, written: str) -> Analysis:
    show = request.show  # type: ignore[attr-defined]
    return analyse(written, show, episode, request.POST, user_of(request))


@transaction.atomic
def _save(episode: Episode, posted: Posted, user: User) -> Conflict | None:
    """Save or discard the text. If someone else saved since, the page asks the host first."""
    locked = locked_episode(episode.pk)
    discards = posted.action == DISCARD
    if discards and is_only_text(locked) and edits_drafts_only(user):
        raise PermissionDenied(ONLY_DRAFTS)  # it would go to the bin
    find = find_text_conflict if discards else find_conflict
    if conflict := find(locked, posted.base, posted.text):
        return conflict
    if discards:
        drafts.discard(locked, posted.text, user)
    else:
        drafts.autosave(locked, posted.text, user)
    return None


@transaction.atomic
def _merge(request: HttpRequest, episode: Episode, posted: Posted) -> HttpResponse:
    """Save the text together with what others saved since the version it was made from."""
    locked = locked_episode(episode.pk)
    base = BaseVersion.read(request.POST.get("merge_base", ""))
    merged = merge_texts(locked, base, posted.text)
    if merged is None:
        conflict = find_conflict(locked, base, posted.text)
        return _page(request, locked, posted.text, note=CANNOT_MERGE, conflict=conflict)
    drafts.autosave(locked, merged.text, user_of(request))
    return _page(request, locked, merged.text, merged=merged)


def _discarded(request: HttpRequest, episode: Episode) -> HttpResponse:
    """Back to the notes; what was only text is in the bin."""
    if not is_only_text(episode):
        return HttpResponseRedirect(reverse("desk_text", args=[episode.pk]))
    messages.success(request, moved_to_bin(request, episode.pk, str(episode)))
    return HttpResponseRedirect(reverse("admin:index"))


def _apply_or_show(request: HttpRequest, episode: Episode, posted: Posted) -> HttpResponse:
    """Apply the saved text if the host asked for it and it has no errors; otherwise show it."""
    if posted.action != "apply":
        return _page(request, episode, posted.text, conversion=posted.conversion)
    with transaction.atomic():
        locked = locked_episode(episode.pk)
        conflict = find_conflict(locked, posted.base, posted.text)
        if conflict:  # since it was saved a moment ago
            return _page(request, episode, posted.text, conflict=conflict)
        analysis = _analyse(request, locked, posted.text)
        is_new = is_only_text(locked)
        note = _why_not(locked, analysis, posted) or _apply(request, locked, analysis)
    if note:
        return _page(request, episode, posted.text, note=note)
    if not is_new:
        messages.success(request, f"The text was applied to “{locked}”.")
        tell_stale_chapters(request, locked)
        following = "desk_text"
    elif analysis.facts.enclosure:
        messages.success(request, f"Draft “{locked}” created, with the audio that the post states.")
        following = "desk_checklist"
    else:
        messages.success(request, f"Draft “{locked}” created. Next: upload the recording.")
        following = "desk_audio"
    return HttpResponseRedirect(return_address(request, reverse(following, args=[episode.pk])))


def _save_button(is_new: bool) -> Save:
    label = "Create the draft" if is_new else "Apply"
    return Save("writing", label, name="do", value="apply", on_enter="preview")


def _why_not(episode: Episode, analysis: Analysis, posted: Posted) -> str:
    """Why the text isn't applied; empty if it can be."""
    if not analysis.can_be_applied:
        return "Not applied: the text has errors. It is saved."
    if posted.shown == digest(posted.text):
        return ""
    if not is_only_text(episode):
        note = "Not applied yet: review the changes below, then apply again."
        return note if analysis.differences else ""
    if drafts.find_namesake(episode, analysis.draft.title):
        return (
            "Not applied yet: an episode with this title exists. Apply again to create a new one."
        )
    return ""


def _apply(request: HttpRequest, episode: Episode, analysis: Analysis) -> str:
    """Apply the text. Returns why that failed, if only the database could know."""
    try:
        with transaction.atomic():
            drafts.apply_text(episode, analysis, user_of(request))
    except (IntegrityError, DataError) as error:
        logger.warning("The database refused to apply show notes", exc_info=error)
        reason = str(error).splitlines()[0]
        return f"Not applied: the database refused it ({reason}). The text is saved."
    return ""


def _page(
    request: HttpRequest,
    episode: Episode | None,
    written: str,
    *,
    note: str = "",
    conflict: Conflict | None = None,
    conversion: list[Problem] | None = None,
    merged: MergedText | None = None,
) -> HttpResponse:
    """The page, or only the panel if the page's script asks for it."""
    only_panel = _wants_panel(request)
    if episode:
        episode = Episode.objects.select_related("enclosure", "draft_user").get(pk=episode.pk)
    analysis = _analyse(request, episode, written)
    is_new = episode is None or is_only_text(episode)
    context: dict[str, Any] = {
        "episode": episode,
        "text": written,
        "analysis": analysis,
        "problems": with_repairs(written, analysis.problems[:SHOWN]),
        "note": note,
        "conflict": conflict,
        "can_merge": conflict and merge_texts(conflict.episode, conflict.base, written),
        "merged": merged,
        "seen": BaseVersion.of(episode) if episode else "",
        "shown": digest(written),
        "most": SHOWN,
        "is_new": is_new,
        "is_html": looks_like_html(written),
        "conversion": conversion,
        "namesake": drafts.find_namesake(episode, analysis.draft.title),
        "may_discard": is_new and not edits_drafts_only(request.user),
        "is_unapplied": bool(episode and episode.draft_text) and not is_new,
    }
    if not only_panel:
        context |= admin.site.each_context(request) | {
            "title": "Text" if episode else "New episode",
            "subtitle": episode or "",
            "workspace": workspace(request.user, episode, "text", _save_button(is_new)),
            "line": number_in(request, "line"),
            "recording": recording_url(episode) if episode else "",
            "technologies": Technology.objects.values_list("name", flat=True),
        }
    status = CONFLICT if conflict and not conflict.is_on_resume else 200
    return TemplateResponse(request, PANEL if only_panel else PAGE, context, status=status)


def _wants_panel(request: HttpRequest) -> bool:
    return request.headers.get("X-Part") == "panel"
