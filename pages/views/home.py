"""The home page: is there something for me?"""

from django.http import HttpResponse
from django.urls import reverse

from episodes.counts import technologies_in_use, totals
from episodes.freshness import FreshRequest, per_content, public_page
from episodes.models import Episode
from pages.frame import page
from pages.metadata import metadata
from pages.structured import series, website
from pages.views.questions import counted_questions
from show.models import CallToAction, FollowLink, Show
from stack.models import Technology

RECENT = 6
TOPICS = 3
TECHNOLOGIES = 12
INTERVIEWS = 3


@public_page
def home(request: FreshRequest) -> HttpResponse:
    show = Show.objects.current()
    recent = list(Episode.objects.published().podcast().newest_first().for_cards()[: RECENT + 1])
    newest = recent[0] if recent else None
    interviews = Episode.objects.published().interviews().newest_first().with_guests()
    calls = CallToAction.objects.exclude(purpose=CallToAction.Purpose.CORRECT)
    return page(
        request,
        "pages/home.html",
        show=show,
        metadata=metadata(
            show, show.title, reverse("home"), structured=[website(show), series(show)]
        ),
        totals=per_content(request, "totals", totals),
        newest=newest,
        newest_topics=list(newest.topics.all()[:TOPICS]) if newest else [],
        recent=recent[1:],
        interviews=list(interviews[:INTERVIEWS]),
        questions=counted_questions(request, show),
        technologies=per_content(request, "most-used", _most_used),
        follow_links=list(FollowLink.objects.filter(closed=False)),
        calls=list(calls),
    )


def _most_used() -> list[Technology]:
    return list(technologies_in_use(most_used_first=True)[:TECHNOLOGIES])
