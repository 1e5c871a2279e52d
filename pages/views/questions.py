"""The saved questions, each with the moments that answer it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get
from pages.cached_counts import answered_questions, saved_questions
from pages.indexing import NOINDEX
from pages.json_ld.site import listing
from pages.metadata import excerpt, metadata
from pages.page_cards import list_image, question_image
from pages.paging import page_description, page_query, page_title, with_page_number
from pages.redirects import not_found, redirect_or_404
from pages.rendering import render_page
from search.retrieval.results import MAX_COUNT
from search.saved_questions import answers
from show.models import Show

PER_PAGE = 30
TITLE = "Questions guests answer"


@conditional_get
def questions(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    answered = answered_questions(request, show)
    rows = [each.question for each in answered]
    return render_page(
        request,
        "pages/questions.html",
        metadata(
            show,
            TITLE,
            request.path,
            description=f"Questions that guests of {show.title} answer, with each answer’s moment.",
            image=list_image(show, "questions"),
            json_ld=listing(show, [("Questions", request.path)], rows, title=TITLE, label="title"),
        ),
        section="questions",
        questions=answered,
    )


@conditional_get
@with_page_number
def question(request: CacheableRequest, slug: str, number: int) -> HttpResponse:
    saved = saved_questions(request)
    found = next((each for each in saved if each.slug == slug), None)
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    offset = PER_PAGE * (number - 1)
    if offset >= MAX_COUNT:
        return not_found(request)
    moments, count = answers(found.query, show.zone, limit=PER_PAGE, offset=offset)
    pages = Paginator(range(count.moments), PER_PAGE)
    if number not in pages.page_range:
        return not_found(request)
    title = page_title(found.title, number)
    path = request.path + page_query(number)
    description = excerpt(found.introduction_html) or (
        f"{found.title}: what guests of {show.title} say, moment by moment."
    )
    return render_page(
        request,
        "pages/question.html",
        metadata(
            show,
            title,
            path,
            description=page_description(description, number),
            image=question_image(show, found),
            robots="" if count.moments else NOINDEX,
            json_ld=listing(
                show,
                [("Questions", reverse("questions")), (found.title, request.path)],
                moments,
                title=title,
                query=page_query(number),
                label="plain",
            ),
        ),
        section="questions",
        question=found,
        others=[each for each in saved if each != found],
        count=count,
        moments=moments,
        found=pages.page(number),
    )
