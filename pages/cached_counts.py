"""Counts and answers that several pages show, read once per content version."""

from dataclasses import dataclass

from caching.http import CacheableRequest, per_content_version
from episodes.counts import Totals, totals
from pages.voices import one_of_each
from search.models import Question
from search.retrieval.latest_moments import LatestMoment, MomentCount
from search.saved_questions import with_answers
from show.models import Show

LATEST = 20  # answers that are read of each question, so that several guests are among them
ANSWERS = 5


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """`answers`: the latest ones, one of each guest."""

    question: Question
    count: MomentCount
    answers: tuple[LatestMoment, ...]


def site_totals(request: CacheableRequest) -> Totals:
    return per_content_version(request, "totals", totals)


def saved_questions(request: CacheableRequest) -> list[Question]:
    return per_content_version(request, "saved-questions", lambda: [*Question.objects.all()])


def answered_questions(request: CacheableRequest, show: Show) -> list[AnsweredQuestion]:
    """The saved questions that have an answer."""
    return per_content_version(
        request, "questions", lambda: answers_of(saved_questions(request), show)
    )


def answers_of(questions: list[Question], show: Show) -> list[AnsweredQuestion]:
    """Those that have an answer. One query, and two more for each question that filters by
    technologies or guests.
    """
    rows = with_answers(questions, show.zone, limit=LATEST)
    return [
        AnsweredQuestion(
            question, count, tuple(voice.first for voice in one_of_each(moments, ANSWERS))
        )
        for question, count, moments in rows
        if count.moments
    ]


def quoted(answered: list[AnsweredQuestion]) -> list[tuple[AnsweredQuestion, LatestMoment]]:
    """Each question with one answer: of another guest than the questions above, where there is."""
    guests: set[tuple[str, ...]] = set()
    quotes = []
    for each in answered:
        answer = next((one for one in each.answers if one.guests not in guests), each.answers[0])
        guests.add(answer.guests)
        quotes.append((each, answer))
    return quotes
