"""What the show lacks and which questions it could save, until that is done or dismissed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from feeds.show_gaps import GAPS, Gap, open_gaps
from search.question_proposals import PREFIX, proposed_questions
from show.models import Show
from text.names import slug_for


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link to the form that does it; `key` dismisses it."""

    key: str
    text: str
    path: str
    episodes: int = 0


def lacking(show: Show) -> list[Proposal]:
    """What the show lacks, each with the form that has the field."""
    return [Proposal(gap.key, gap.message, _path(show, gap)) for gap in open_gaps(show)]


def dismissed(show: Show) -> list[tuple[str, str]]:
    """The key and the text of everything that the host dismissed."""
    return [(key, text) for key in show.dismissed if (text := text_of(key))]


def text_of(key: str) -> str:
    """What a proposal says; empty for a key that belongs to none."""
    if key.startswith(PREFIX):
        phrase = key.removeprefix(PREFIX)
        return phrase[:1].upper() + phrase[1:]
    return next((gap.message for gap in GAPS if gap.key == key), "")


def _path(show: Show, gap: Gap) -> str:
    if not gap.field:
        return reverse(f"admin:{gap.page}")
    if show._state.adding:
        return reverse("admin:show_show_add")
    return f"{reverse('admin:show_show_change', args=[show.pk])}#id_{gap.field}"


def questions(show: Show) -> list[Proposal]:
    """Questions that many episodes answer, each with the form filled in."""
    form = reverse("admin:search_question_add")
    return [
        Proposal(
            each.key,
            each.title,
            f"{form}?{_filled_in(each.title, each.query)}",
            each.episodes,
        )
        for each in proposed_questions(show.dismissed, show.zone)
    ]


def _filled_in(title: str, query: str) -> str:
    return urlencode({"title": title, "slug": slug_for(title), "query": query})
