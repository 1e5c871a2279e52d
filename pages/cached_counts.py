"""Counts that several pages show, made once per content version."""

from caching.http import CacheableRequest, per_content_version
from episodes.counts import Totals, totals
from search.models import Question
from search.retrieval.latest_moments import MomentCount
from search.saved_questions import with_counts
from show.models import Show


def site_totals(request: CacheableRequest) -> Totals:
    return per_content_version(request, "totals", totals)


def answered_questions(request: CacheableRequest, show: Show) -> list[tuple[Question, MomentCount]]:
    """The saved questions that have an answer, each with its number of moments."""
    rows = per_content_version(
        request, "questions", lambda: with_counts(Question.objects.all(), show.zone)
    )
    return [(question, count) for question, count in rows if count.moments]
