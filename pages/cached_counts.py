"""Counts and answers that several pages show, read once per content version."""

from dataclasses import dataclass
from typing import Any

from caching.http import CacheableRequest, per_content_version
from episodes.counts import Totals, technologies_in_use, totals
from episodes.models import Episode
from pages.voices import one_of_each
from search.models import Question
from search.retrieval.latest_moments import LatestMoment, MomentCount
from search.retrieval.results import MAX_COUNT
from search.saved_questions import answering_episodes, with_answers
from show.models import Show
from stack.models import Technology

LATEST = 20  # answers that are read of each question, so that several guests are among them
ANSWERS = 5
TECHNOLOGIES = 12  # that narrow a question's answers


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


def questions_answered_with(
    request: CacheableRequest, technology: Technology, show: Show
) -> list[tuple[Question, MomentCount]]:
    """The saved questions that guests who run it answer, and with how many moments."""

    def answered() -> list[tuple[Question, MomentCount]]:
        rows = with_answers(saved_questions(request), show.zone, limit=1, stack=(technology,))
        return [(question, count) for question, count, _ in rows if count.moments]

    return per_content_version(request, f"questions-with-{technology.pk}", answered)


def technologies_of_answers(request: CacheableRequest, question: Question, show: Show) -> list[Any]:
    """What is run most by those who answer it; `episode_count` says in how many such episodes."""

    def most_used() -> list[Any]:
        keys = answering_episodes(question.query, show.zone, limit=MAX_COUNT)
        answering = Episode.objects.published().filter(pk__in=keys)
        return list(technologies_in_use(answering, most_used_first=True)[:TECHNOLOGIES])

    return per_content_version(request, f"technologies-of-{question.pk}", most_used)


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
