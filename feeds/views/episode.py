"""The files that a feed's items link to: chapters and transcripts."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from caching.http import CacheableRequest, conditional_get_by_date
from episodes.models import Episode
from media.cross_origin import allow_any_origin
from topics.chapters import json_chapters
from topics.formats.cues import CueDraft
from topics.formats.podcast_json import write_podcast_json
from topics.formats.webvtt import write_webvtt
from topics.paragraphs import cues_of


@allow_any_origin
@conditional_get_by_date
def chapters(request: CacheableRequest, slug: str) -> HttpResponse:
    """A published episode's topics as Podcasting 2.0 chapters."""
    episode = get_object_or_404(Episode.objects.published().podcast(), slug=slug)
    return JsonResponse(
        json_chapters(episode, list(episode.topics.all())),
        content_type="application/json+chapters",
    )


@allow_any_origin
@conditional_get_by_date
def transcript_vtt(request: CacheableRequest, slug: str) -> HttpResponse:
    """A published episode's transcript as WebVTT, with the speakers' names."""
    return HttpResponse(write_webvtt(cues(slug)), content_type="text/vtt; charset=utf-8")


@allow_any_origin
@conditional_get_by_date
def transcript_json(request: CacheableRequest, slug: str) -> HttpResponse:
    """The transcript as Podcasting 2.0 JSON."""
    return JsonResponse(write_podcast_json(cues(slug)))


def cues(slug: str) -> list[CueDraft]:
    """The cues in order. Two queries. Raises Http404 without a transcript."""
    episodes = Episode.objects.published().podcast().filter(transcript__isnull=False)
    episode = get_object_or_404(episodes.select_related("transcript"), slug=slug)
    return cues_of(episode.transcript)
