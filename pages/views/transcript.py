"""What is said in an episode, to read."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import conditional_get
from episodes.models import Episode
from pages.indexing import NOT_LISTED
from pages.metadata import episode_picture, metadata
from pages.moments import asked_moment
from pages.redirects import elsewhere
from pages.rendering import page
from pages.structured import breadcrumbs
from show.models import Show
from topics.passages import cues_of, parts, passage_at


@conditional_get
def transcript(request: HttpRequest, slug: str) -> HttpResponse:
    """A published episode's transcript, with `?t=` the passage said then marked.

    Search engines may list what a person has read through.
    """
    published = Episode.objects.published().podcast().filter(slug=slug, transcript__isnull=False)
    found = published.for_cards().select_related("transcript").first()
    if found is None:
        return elsewhere(request)
    show = Show.objects.current()
    topics = list(found.topics.all())
    moment = asked_moment(request.GET.get("t", ""), topics, found.seconds)
    read = parts(cues_of(found.transcript), topics)
    title = f"Transcript: {found.title}"
    return page(
        request,
        "pages/transcript.html",
        show=show,
        metadata=metadata(
            show,
            title,
            request.path,
            description=f"All that is said in “{found.title}”, each passage with its time.",
            kind="article",
            picture=episode_picture(show, found),
            robots="" if found.transcript.reviewed else NOT_LISTED,
            structured=[
                breadcrumbs(
                    (show.title, reverse("home")),
                    ("Episodes", reverse("episodes")),
                    (found.title, found.get_absolute_url()),
                    ("Transcript", request.path),
                )
            ],
        ),
        section="episodes",
        episode=found,
        language=found.transcript.language or found.language or show.language,
        parts=read,
        moment=moment,
        current=passage_at(read, moment.seconds) if moment else None,
    )
