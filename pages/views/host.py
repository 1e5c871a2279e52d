"""Pages of the host's own: how to follow the show, and what he writes himself."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from episodes.freshness import public_page
from pages import frame
from pages.addresses import absolute
from pages.metadata import metadata
from pages.structured import series
from pages.views.moved import elsewhere
from show.models import FollowLink, Page, Show


@public_page
def follow(request: HttpRequest) -> HttpResponse:
    show = Show.objects.current()
    return frame.page(
        request,
        "pages/follow.html",
        show=show,
        metadata=metadata(
            show,
            "Follow the show",
            request.path,
            description=f"Follow {show.title} in your podcast app, or any of its feeds.",
            structured=[series(show)],
        ),
        section="follow",
        follow_links=list(FollowLink.objects.filter(closed=False)),
        feeds=[
            (show.title, absolute(reverse("feed"))),
            (show.interviews_title or "Written interviews", absolute(reverse("interviews_feed"))),
        ],
    )


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page the host edits, such as /thanks."""
    found = Page.objects.published().filter(slug=slug).first()
    if found is None:
        return elsewhere(request)
    show = Show.objects.current()
    head = metadata(
        show,
        found.title,
        request.path,
        description=found.description,
        robots="" if found.indexed else "noindex",
    )
    return frame.page(request, "pages/page.html", show=show, metadata=head, page=found)
