"""The home page."""

from django.http import HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.counts import technologies_in_use
from episodes.models import Episode
from pages.cached_counts import answered_questions, quoted, site_totals
from pages.json_ld.site import series, website
from pages.metadata import metadata
from pages.page_cards import home_image
from pages.rendering import render_page
from pages.start_here import start_here
from show.models import CallToAction, FollowLink, Show
from stack.models import Technology

RECENT = 6
QUOTES = 6
TOPICS = 3
TECHNOLOGIES = 12
INTERVIEWS = 3


@conditional_get
def home(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    recent, interviews = _newest()
    newest = recent[0] if recent else None
    follow_links = list(FollowLink.objects.open())
    questions = answered_questions(request, show)
    quotes = quoted(questions)[:QUOTES]
    calls = CallToAction.objects.exclude(purpose=CallToAction.Purpose.CORRECT)
    return render_page(
        request,
        "pages/home.html",
        metadata(
            show,
            show.title,
            reverse("home"),
            image=home_image(show),
            json_ld=[website(show), series(show, follow_links)],
        ),
        totals=site_totals(request),
        newest=newest,
        newest_topics=list(newest.topics.all()[:TOPICS]) if newest else [],
        recent=recent[1:],
        interviews=interviews,
        questions=questions,
        quotes=quotes,
        start=per_content_version(
            request,
            "start-here",
            lambda: start_here(questions, recent, [answer for _, answer in quotes]),
        ),
        technologies=per_content_version(request, "most-used", _most_used),
        follow_links=follow_links,
        calls=list(calls),
    )


def _newest() -> tuple[list[Episode], list[Episode]]:
    """The newest podcast episodes and written interviews, together three queries."""
    published = Episode.objects.published().newest_first()
    podcast = published.podcast().values("pk")[: RECENT + 1]
    interviews = published.interviews().values("pk")[:INTERVIEWS]
    # One list of keys: PostgreSQL would look for two lists in an OR in every row.
    both = published.filter(pk__in=podcast.union(interviews, all=True))
    rows = list(both.for_cards())
    return (
        [row for row in rows if not row.is_interview],
        [row for row in rows if row.is_interview],
    )


def _most_used() -> list[Technology]:
    return list(technologies_in_use(most_used_first=True)[:TECHNOLOGIES])
