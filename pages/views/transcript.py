"""An episode's transcript."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import conditional_get
from episodes.models import Episode
from pages.indexing import NOINDEX
from pages.json_ld.site import breadcrumbs
from pages.metadata import metadata
from pages.moments import parse_moment, redirect_to_spelling
from pages.redirects import redirect_or_404
from pages.rendering import render_page
from pages.social_image import episode_image
from show.models import Show
from topics.paragraphs import cues_of, paragraph_at, parts


@conditional_get
def transcript(request: HttpRequest, slug: str) -> HttpResponse:
    """A published episode's transcript; `?t=` marks the paragraph at that time.

    Search engines may list reviewed ones.
    """
    published = Episode.objects.published().podcast().filter(slug=slug, transcript__isnull=False)
    found = published.for_cards().first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    topics = list(found.topics.all())
    moment = parse_moment(request.GET.get("t", ""), topics, found.seconds)
    if redirect := redirect_to_spelling(request, moment):
        return redirect
    read = parts(cues_of(found.transcript), topics)
    return render_page(
        request,
        "pages/transcript.html",
        metadata(
            show,
            f"Transcript: {found.title}",
            request.path,
            description=f"The full transcript of “{found.title}”, each paragraph with its time.",
            og_type="article",
            image=episode_image(show, found),
            robots="" if found.transcript.reviewed else NOINDEX,
            json_ld=[
                breadcrumbs(
                    show,
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
        current=paragraph_at(read, moment.seconds) if moment else None,
    )
