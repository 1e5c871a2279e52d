"""A technology: who runs it, since when, and what they say about it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get
from episodes.counts import libraries_with, technologies_in_use, usage_by_year, used_with
from episodes.filters import Filters
from episodes.models import Episode, EpisodeQuerySet
from episodes.related import main_first
from pages.cached_counts import questions_answered_with
from pages.charts.by_year import histories, technology_chart
from pages.first_line import first_line
from pages.indexing import robots_of, with_indexing
from pages.json_ld.site import listing, thing
from pages.metadata import metadata
from pages.paging import page_description, page_query, page_title, paginate, with_page_number
from pages.redirects import not_found, redirect_or_404
from pages.rendering import render_page
from pages.social_image import card_image
from pages.voices import MOMENTS, VOICES, one_of_each
from search.retrieval.entity_moments import IN_OTHERS, IN_TAGGED, entity_moments_of_each
from show.models import CallToAction, Show
from text.affiliates import has_affiliates

EPISODES = 24  # on a page
USED_WITH = 8


@conditional_get
@with_page_number
def technology(request: CacheableRequest, slug: str, number: int) -> HttpResponse:
    """The first page has all about it, the others only more episodes."""
    rows = technologies_in_use().filter(slug=slug)
    found = with_indexing(rows).prefetch_related("names").first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    using = Episode.objects.published().filter(uses__technology=found)
    cards = main_first(using, found).for_cards()
    page = paginate(cards, number, EPISODES, count=found.episode_count)
    if page is None:
        return not_found(request)
    episodes = list(page)
    about = _about(request, show, found, using, episodes) if number == 1 else {"only": None}
    years = usage_by_year([found], show.zone)
    (history,) = histories([found], years)
    title = page_title(found.heading, number)
    description = f"{found.name} in production: who runs it, and what they say about it."
    return render_page(
        request,
        "pages/technology.html",
        metadata(
            show,
            title,
            request.path + page_query(number),
            description=page_description(description, number),
            image=card_image(show, found, years),
            robots=robots_of(found),
            json_ld=listing(
                show,
                [("Stack", reverse("stack")), (found.name, request.path)],
                episodes,
                title=title,
                query=page_query(number),
                label="title",
                about=thing(found.name, request.path, found.homepage),
            ),
        ),
        section="stack",
        technology=found,
        main=[each for each in episodes if each.is_main and each != about["only"]],
        others=[each for each in episodes if not each.is_main and each != about["only"]],
        found=page,
        history=history,
        year_chart=technology_chart(history, label="by-year"),
        has_affiliates=has_affiliates([found.introduction_html], [found.homepage]),
        **about,
    )


def _about(
    request: CacheableRequest, show: Show, found: Any, using: EpisodeQuerySet, episodes: list[Any]
) -> dict[str, Any]:
    """What they say and answer, what it is used with, where to become a guest."""
    names = [name.name for name in found.names.all()]
    (own, own_count), (others_say, mention_count) = entity_moments_of_each(
        names, using, [IN_TAGGED, IN_OTHERS], limit=MOMENTS
    )
    beside = list(used_with(found, Episode.objects.published().podcast())[:USED_WITH])
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.BECOME_GUEST)
    return {
        # If all moments are in the only episode, its card is shown above them.
        "only": episodes[0] if len(episodes) == 1 and own and not others_say else None,
        "voices": one_of_each(own, VOICES),
        "moment_count": own_count,
        "mentions": one_of_each(others_say, VOICES),
        "mention_count": mention_count,
        "answered": questions_answered_with(request, found, show),
        "narrowed": Filters(stack=(found,)).query,
        "used_with": [(each, Filters(stack=(found, each)).query) for each in beside],
        "used_line": first_line(f"{each.name} {each.together}" for each in beside),
        "libraries": list(libraries_with(found)[:USED_WITH]),
        "call": call.first(),
    }
