"""The saved questions, each with the moments that answer it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get
from episodes.filters import Filters
from pages.cached_counts import (
    answered_questions,
    saved_questions,
    technologies_of_answers,
)
from pages.first_line import first_line
from pages.indexing import NOINDEX
from pages.json_ld.site import listing
from pages.metadata import excerpt, metadata
from pages.page_cards import list_image, question_image
from pages.paging import page_description, page_title
from pages.redirects import not_found, redirect_or_404
from pages.rendering import render_page
from pages.stack_filter import narrowed_title, with_technologies
from search.retrieval.results import MAX_COUNT
from search.saved_questions import with_answers
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
@with_technologies
def question(request: CacheableRequest, slug: str, filters: Filters) -> HttpResponse:
    """`?stack=` narrows it to the answers of guests who run a technology."""
    saved = saved_questions(request)
    found = next((each for each in saved if each.slug == slug), None)
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    number, offset = filters.page, PER_PAGE * (filters.page - 1)
    if offset >= MAX_COUNT:
        return not_found(request)
    ((_, count, moments),) = with_answers(
        [found], show.zone, limit=PER_PAGE, offset=offset, stack=filters.stack
    )
    pages = Paginator(range(count.moments), PER_PAGE)
    if number not in pages.page_range:
        return not_found(request)
    heading = narrowed_title(found.title, filters)
    title = page_title(heading, number)
    # The whole question represents what technologies narrow.
    canonical = request.path + ("" if filters.is_narrow else filters.query)
    description = excerpt(found.introduction_html) or (
        f"{found.title}: what guests of {show.title} say, moment by moment."
    )
    technologies = technologies_of_answers(request, found, show)
    return render_page(
        request,
        "pages/question.html",
        metadata(
            show,
            title,
            canonical,
            description=page_description(description, number),
            image=question_image(show, found),
            robots="" if count.moments and not filters.is_narrow else NOINDEX,
            json_ld=listing(
                show,
                [("Questions", reverse("questions")), (found.title, request.path)],
                moments,
                title=title,
                query=filters.query,
                label="plain",
            ),
        ),
        section="questions",
        question=found,
        heading=heading,
        filters=filters,
        technologies=[(each, Filters(stack=(each,)).query) for each in technologies],
        technologies_line=first_line(f"{each.name} {each.episode_count}" for each in technologies),
        others=[each for each in saved if each != found],
        count=count,
        moments=moments,
        found=pages.page(number),
    )
