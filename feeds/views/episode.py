"""What a feed's item links to for players: an episode's chapters, and what is said in it."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from caching.http import CacheableRequest, conditional_get_by_date
from episodes.models import Episode
from feeds.http import for_any_site
from topics.chapters import json_chapters
from topics.formats.cues import CueDraft
from topics.formats.podcast_json import write_podcast_json
from topics.formats.webvtt import write_webvtt
from topics.passages import cues_of


@for_any_site
@conditional_get_by_date
def chapters(request: CacheableRequest, slug: str) -> HttpResponse:
    """A published episode's topics as Podcasting 2.0 chapters."""
    episode = get_object_or_404(Episode.objects.published().podcast(), slug=slug)
    return JsonResponse(
        json_chapters(episode, list(episode.topics.all())),
        content_type="application/json+chapters",
    )


@for_any_site
@conditional_get_by_date
def transcript_vtt(request: CacheableRequest, slug: str) -> HttpResponse:
    """A published episode's transcript as WebVTT, speakers by the names the show knows."""
    return HttpResponse(write_webvtt(cues(slug)), content_type="text/vtt; charset=utf-8")


@for_any_site
@conditional_get_by_date
def transcript_json(request: CacheableRequest, slug: str) -> HttpResponse:
    """The same as a Podcasting 2.0 JSON transcript."""
    return JsonResponse(write_podcast_json(cues(slug)))


def cues(slug: str) -> list[CueDraft]:
    """The cues in their order. Two queries. Raises Http404 where there is no transcript."""
    episodes = Episode.objects.published().podcast().filter(transcript__isnull=False)
    episode = get_object_or_404(episodes.select_related("transcript"), slug=slug)
    return cues_of(episode.transcript)
