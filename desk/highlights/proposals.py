"""What the host could show under “Start here”: the most played episodes, and answers."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from episodes.models import Episode
from pages.cached_counts import AnsweredQuestion, answers_of
from pages.start_here import EPISODES, MOMENTS, Place, proposed_episodes, proposed_moments
from search.models import Question
from search.retrieval.latest_moments import LatestMoment
from show.models import Show


@dataclass(frozen=True, slots=True)
class ProposedHighlight:
    """An episode or moment, and why it is proposed."""

    path: str
    text: str
    reason: str


def proposals(picked: Container[Place], newest: Episode | None) -> list[ProposedHighlight]:
    """The proposals that the host hasn't picked: the most played episodes, and what the home page
    chooses by itself; not the `newest`, which stands above. Some ten queries.
    """
    show = Show.objects.current()
    answered = answers_of(list(Question.objects.all()[:MOMENTS]), show)
    moments = [
        ProposedHighlight(
            each.get_absolute_url(),
            f"{each.time} {each.plain}",
            f"answers “{_question_of(each, answered)}”",
        )
        for each in proposed_moments(answered, picked)
    ]
    own = [
        ProposedHighlight(each.get_absolute_url(), str(each), "the newest with its main technology")
        for each in proposed_episodes([newest] if newest else [], picked)
    ]
    played = _most_played(picked, newest)
    known = {each.path for each in played}
    return [*played, *(each for each in own if each.path not in known), *moments]


def _question_of(answer: LatestMoment, answered: Sequence[AnsweredQuestion]) -> str:
    return next(each.question.title for each in answered if answer in each.answers)


def _most_played(picked: Container[Place], newest: Episode | None) -> list[ProposedHighlight]:
    """By the site's own download counts; none before it has counted any."""
    played = Sum("daily_downloads__count")
    others = Episode.objects.published().podcast().exclude(pk=newest and newest.pk)
    rows: Any = others.annotate(played=played)
    most = rows.filter(played__gt=0).order_by("-played", "-published_at")[:EPISODES]
    return [
        ProposedHighlight(
            each.get_absolute_url(),
            str(each),
            f"{each.played:,} download{'s' * (each.played != 1)}",
        )
        for each in most
        if (each.slug, None) not in picked
    ]
