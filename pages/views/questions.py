"""The questions the host keeps, each with the moments that answer it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from pages.indexing import NOT_LISTED
from pages.metadata import metadata
from pages.paging import numbered, page_description, page_query, page_title
from pages.redirects import elsewhere, missing
from pages.rendering import page
from pages.structured import breadcrumbs, collection
from search.models import Question
from search.retrieval.latest_moments import Count
from search.retrieval.results import MOST_COUNTED
from search.saved_questions import answers, with_counts
from show.models import Show

MOMENTS = 30  # to a page


def counted_questions(request: CacheableRequest, show: Show) -> list[tuple[Question, Count]]:
    """Every question that something answers, with how many moments do."""
    rows = per_content_version(
        request, "questions", lambda: with_counts(Question.objects.all(), show.zone)
    )
    return [(question, count) for question, count in rows if count.moments]


@conditional_get
def questions(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    asked = counted_questions(request, show)
    return page(
        request,
        "pages/questions.html",
        show=show,
        metadata=metadata(
            show,
            "Questions every guest answers",
            request.path,
            description=f"What guests of {show.title} are asked, and the moments they answer in.",
            structured=[
                collection(
                    "Questions every guest answers",
                    request.path,
                    [(each.title, each.get_absolute_url()) for each, _ in asked],
                ),
                breadcrumbs((show.title, reverse("home")), ("Questions", request.path)),
            ],
        ),
        section="questions",
        questions=asked,
    )


@conditional_get
@numbered
def answered(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    question = Question.objects.filter(slug=slug).first()
    if question is None:
        return elsewhere(request)
    show = Show.objects.current()
    if MOMENTS * (number - 1) >= MOST_COUNTED:
        return missing(request)
    heard, count = answers(question.query, show.zone, limit=MOMENTS, offset=MOMENTS * (number - 1))
    pages = Paginator(range(count.moments), MOMENTS)
    if number not in pages.page_range:
        return missing(request)
    title = page_title(question.title, number)
    return page(
        request,
        "pages/question.html",
        show=show,
        metadata=metadata(
            show,
            title,
            request.path + page_query(number),
            description=page_description(
                f"{question.title}: what guests of {show.title} say, moment by moment.", number
            ),
            robots="" if count.moments else NOT_LISTED,
            structured=[
                collection(
                    title,
                    request.path + page_query(number),
                    [(each.plain, each.get_absolute_url()) for each in heard],
                ),
                breadcrumbs(
                    (show.title, reverse("home")),
                    ("Questions", reverse("questions")),
                    (question.title, request.path),
                ),
            ],
        ),
        section="questions",
        question=question,
        count=count,
        heard=heard,
        found=pages.page(number),
    )
