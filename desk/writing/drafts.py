"""The text of an episode's notes: autosaved while it is typed, applied once it has no errors.

Until it is first applied, a draft is only text. Its row exists so that the text can be saved; it
gets its number and address when the text is applied.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from desk.publishing.defaults import next_number
from desk.shortcuts import SOURCE
from desk.writing.analysis import NUMBERED, Analysis
from desk.writing.answers import store_names
from desk.writing.reading import ONLY_TEXT, is_only_text, read_text
from episodes.models import Episode
from notes.apply import apply_draft, apply_facts, finish_edit
from notes.read_rows import stored_draft
from notes.render import render
from notes.write_rows import free_episode_slug

UNTITLED = "Untitled draft"
LONGEST_TITLE = 200
DRAFT = ("draft_text", "draft_edit", "draft_user", "draft_saved_at")  # columns


def current_text(episode: Episode) -> str:
    """The autosaved text, or the notes rendered from the rows."""
    return episode.draft_text or render(stored_draft(episode))


def create_draft(text: str, user: User) -> Episode:
    """An episode that is only text. The same text sent twice gives the same draft."""
    existing = Episode.objects.filter(ONLY_TEXT, draft_text=text).first()
    if existing:
        return existing
    title = _title_in(text)
    # Without a number: the address with it must be free once the text is applied.
    numbered = NUMBERED.match(title)
    unnumbered = title[numbered.end() :] if numbered else title
    slug = free_episode_slug(Episode.Kind.PODCAST, None, unnumbered)
    return Episode.objects.create(
        title=title,
        slug=slug,
        draft_text=text,
        draft_edit=0,
        draft_user=user,
        draft_saved_at=timezone.now(),
    )


def find_namesake(episode: Episode | None, title: str) -> Episode | None:
    """Another episode with this title, whose notes may have been pasted here. A title that the
    episode has already says nothing, nor does another draft that is only text.
    """
    has_title = episode and not is_only_text(episode) and episode.title.lower() == title.lower()
    if not title or has_title:
        return None
    others = Episode.objects.filter(~ONLY_TEXT, title__iexact=title)
    return others.exclude(pk=episode.pk if episode else None).order_by("pk").first()


def autosave(episode: Episode, text: str, user: User) -> None:
    """Store the text without applying it; visitors see no change.

    Whoever changes it is the one who typed it, not who only looks at its preview.
    """
    if text != episode.draft_text:
        episode.draft_user, episode.draft_saved_at = user, timezone.now()
    if is_only_text(episode):
        episode.title, episode.draft_text = _title_in(text), text
    else:
        episode.draft_text = "" if text == render(stored_draft(episode)) else text
    episode.draft_edit = episode.edit_number if episode.draft_text else None
    episode.save(update_fields=[*DRAFT, "title"])


def discard(episode: Episode, text: str, user: User) -> None:
    """Drop the autosaved text; the applied notes remain. What is only text goes to the bin."""
    if is_only_text(episode):
        autosave(episode, text, user)
        episode.deleted_at = timezone.now()
        episode.save(update_fields=["deleted_at"])
        return
    _clear(episode)
    episode.save(update_fields=DRAFT)


def _clear(episode: Episode) -> None:
    episode.draft_text, episode.draft_edit = "", None
    episode.draft_user, episode.draft_saved_at = None, None


def _title_in(text: str) -> str:
    return read_text(text).draft.title[:LONGEST_TITLE] or UNTITLED


@transaction.atomic
def apply_text(episode: Episode, analysis: Analysis, user: User) -> None:
    """Make the rows say what the text says. The episode is locked and the text has no errors.

    A new draft also takes the date and audio that a post states.
    Raises IntegrityError when another save takes a name at the same moment.
    """
    is_new = is_only_text(episode)
    if is_new:
        episode.number = next_number(episode.kind)
        episode.slug = free_episode_slug(episode.kind, episode.number, analysis.draft.title)
    _clear(episode)
    episode.save(update_fields=[*DRAFT, "number", "slug"])
    if is_new:
        apply_facts(episode, analysis.facts)
    store_names(analysis.answers, analysis.draft.technologies)
    apply_draft(episode, analysis.draft)
    finish_edit(episode, user, SOURCE)
