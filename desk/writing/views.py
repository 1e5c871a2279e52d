"""The page on which notes are written as text: for a new episode, and for one that is here."""

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from desk.publishing.frame import is_public
from desk.writing import keeping
from desk.writing.lines import line_of_topic, mended, with_repairs
from desk.writing.understanding import Understood, understand
from episodes.models import Episode
from notes.grammar.lines import LINE_ENDS
from stack.models import Technology

logger = logging.getLogger(__name__)

CHANGE, ADD = "episodes.change_episode", "episodes.add_episode"
PAGE, PANEL = "admin/desk/writing/page.html", "admin/desk/writing/panel.html"
CONFLICT = 409
SHOWN = 100  # problems, and changes, of one text


@dataclass(frozen=True, slots=True)
class Posted:
    """What the page sends: the text, what it was made from, and which button was pressed."""

    text: str
    seen: keeping.Seen
    shown: str  # the digest of the text whose changes were shown
    action: str

    @classmethod
    def read(cls, request: HttpRequest) -> "Posted":
        text = LINE_ENDS.sub("\n", request.POST.get("text", "").replace("\0", ""))
        shown = request.POST.get("shown", "")
        if shown == keeping.digest(text):  # else the lines may be others by now
            text = mended(text, request.POST.get("repair", ""))
        return cls(
            text=text,
            seen=keeping.Seen.read(request.POST.get("seen", "")),
            shown=shown,
            action=request.POST.get("do", "preview"),
        )


@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """An empty box for the notes of a new episode; what is posted becomes a draft's text."""
    _require(request, ADD, CHANGE)
    if request.method == "GET":
        return _page(request, None, "")
    posted = Posted.read(request)
    if not posted.text.strip():
        return _page(request, None, "", note="Paste the notes first.")
    episode = keeping.new_episode(posted.text)
    return _go_on(request, episode, posted)


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """An episode's notes as text: kept, previewed with what would change, applied."""
    _require(request, CHANGE)
    episode = get_object_or_404(Episode, pk=pk)
    if request.method == "GET":
        conflict = keeping.conflict_of_taking_up(episode)
        return _page(request, episode, keeping.text_of(episode), conflict=conflict)
    posted = Posted.read(request)
    discards = posted.action == "discard"
    conflict = (_discard if discards else _keep)(episode, posted)
    if conflict:
        return _page(request, episode, posted.text, conflict=conflict)
    if discards:
        return HttpResponseRedirect(reverse("desk_text", args=[episode.pk]))
    return _go_on(request, episode, posted)


@require_safe
def pencil(request: HttpRequest) -> HttpResponse:
    """From a topic of a public page, `?page=/podcast/37-…&t=1526`, to its line in the text.

    `n` tells topics at the same second apart, counted from 0.
    """
    _require(request, CHANGE)
    _, _, rest = request.GET.get("page", "").partition("/")
    section, _, slug = rest.partition("/")
    kinds = {"podcast": Episode.Kind.PODCAST, "interviews": Episode.Kind.INTERVIEW}
    kind = kinds.get(section)
    if kind is None:
        raise Http404("No page of an episode.")
    episode = get_object_or_404(Episode, kind=kind, slug=slug)
    seconds, place = _number(request, "t"), _number(request, "n")
    line = line_of_topic(keeping.text_of(episode), seconds, place)
    query = f"?{urlencode({'line': line})}" if line else ""
    return HttpResponseRedirect(reverse("desk_text", args=[episode.pk]) + query)


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0


def _require(request: HttpRequest, *permissions: str) -> None:
    if not all(map(request.user.has_perm, permissions)):
        raise PermissionDenied


def _understand(request: HttpRequest, episode: Episode | None, written: str) -> Understood:
    return understand(written, request.show, episode, request.POST)  # type: ignore[attr-defined]


@transaction.atomic
def _keep(episode: Episode, posted: Posted) -> keeping.Conflict | None:
    """Keep the text unless somebody else saved meanwhile; a second, knowing save counts."""
    locked = _locked(episode)
    conflict = keeping.conflict_of(locked, posted.seen, posted.text)
    if conflict is None:
        keeping.keep(locked, posted.text)
    return conflict


@transaction.atomic
def _discard(episode: Episode, posted: Posted) -> keeping.Conflict | None:
    """Leave what was typed for what is applied, unless somebody else typed it meanwhile."""
    locked = _locked(episode)
    conflict = keeping.conflict_of_kept(locked, posted.seen, posted.text)
    if conflict is None:
        keeping.discard(locked)
    return conflict


def _locked(episode: Episode) -> Episode:
    """Raises Http404 when somebody put it into the bin since the request began."""
    return get_object_or_404(Episode.objects.select_for_update(of=("self",)), pk=episode.pk)


def _go_on(request: HttpRequest, episode: Episode, posted: Posted) -> HttpResponse:
    """The text is kept: apply it if that was asked for and can be done, or show it."""
    if posted.action != "apply":
        return _page(request, episode, posted.text)
    with transaction.atomic():
        locked = _locked(episode)
        conflict = keeping.conflict_of(locked, posted.seen, posted.text)
        if conflict:  # since it was kept, a moment ago
            return _page(request, episode, posted.text, conflict=conflict)
        understood = _understand(request, locked, posted.text)
        is_new = keeping.is_only_text(locked)
        note = _why_not(locked, understood, posted)
        if not note:
            note = _apply(request, locked, understood)
    if note:
        return _page(request, episode, posted.text, note=note)
    if is_new:
        messages.success(
            request, f"“{locked}” is made, as a draft. What it needs is its recording."
        )
    else:
        messages.success(request, f"“{locked}” now says what the text says.")
    following = "desk_audio" if is_new else "admin:episodes_episode_change"
    return HttpResponseRedirect(reverse(following, args=[episode.pk]))


def _why_not(episode: Episode, understood: Understood, posted: Posted) -> str:
    """Why the text isn't applied; empty when it can be."""
    if not understood.can_be_applied:
        return "Not applied: the text is kept, but has errors."
    if posted.shown == keeping.digest(posted.text):
        return ""
    if not keeping.is_only_text(episode):
        shall = "Not applied yet: this is what will change. Apply once more if it is meant."
        return shall if understood.changes else ""
    if keeping.namesake(episode, understood.draft.title):
        return "Not applied yet: there is an episode of this title. If this is another, go on."
    return ""


def _apply(request: HttpRequest, episode: Episode, understood: Understood) -> str:
    """Apply the text; what went wrong if only the database could know, else nothing."""
    if understood.answers and not request.user.has_perm("stack.add_technology"):
        return "Not applied: you may not add technologies. The text is kept."
    try:
        with transaction.atomic():
            user = request.user if request.user.is_authenticated else None
            keeping.apply_text(episode, understood, user)
    except (IntegrityError, DataError) as refusal:
        logger.warning("The database refused notes", exc_info=refusal)
        reason = str(refusal).splitlines()[0]
        return f"Not applied: the database refused it ({reason}). The text is kept."
    return ""


def _page(
    request: HttpRequest,
    episode: Episode | None,
    written: str,
    *,
    note: str = "",
    conflict: keeping.Conflict | None = None,
) -> HttpResponse:
    """The page, or for its script the panel alone."""
    only_panel = request.headers.get("X-Part") == "panel"
    if episode:
        episode = Episode.objects.select_related("enclosure").get(pk=episode.pk)
    understood = _understand(request, episode, written)
    is_new = episode is None or keeping.is_only_text(episode)
    context: dict[str, Any] = {
        "episode": episode,
        "text": written,
        "understood": understood,
        "problems": with_repairs(written, understood.problems[:SHOWN]),
        "note": note,
        "conflict": conflict,
        "seen": keeping.seen_of(episode) if episode else "",
        "shown": keeping.digest(written),
        "most": SHOWN,
        "is_new": is_new,
        "namesake": keeping.namesake(episode, understood.draft.title) if is_new else None,
        "is_kept": bool(episode and episode.draft_text),
    }
    if not only_panel:
        context |= admin.site.each_context(request) | {
            "title": f"Notes of “{episode}”" if episode else "New episode",
            "line": _number(request, "line"),
            "is_public": bool(episode and is_public(episode)),
            "recording": _recording(episode),
            "technologies": Technology.objects.values_list("name", flat=True),
        }
    status = CONFLICT if conflict and not conflict.is_of_kept else 200
    return TemplateResponse(request, PANEL if only_panel else PAGE, context, status=status)


def _recording(episode: Episode | None) -> str:
    """Where the recording can be heard before it is published; its stored name is unguessable."""
    audio = getattr(episode, "enclosure", None)
    if audio is None:
        return ""
    return audio.file.url if audio.file else audio.url
