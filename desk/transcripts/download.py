"""The transcript as a file, with the corrections that aren't public yet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from desk.shortcuts import may_change_episodes
from desk.transcripts.corrections import as_cues, lines_of
from desk.transcripts.reading import podcast_episode
from topics.formats.srt import write_srt
from topics.formats.webvtt import write_webvtt
from topics.models import Transcript
from topics.paragraphs import write_text

TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}
WRITERS = {"vtt": write_webvtt, "srt": write_srt, "txt": write_text}


@require_safe
@may_change_episodes
def download(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The file of this ending: `vtt`, `srt` or `txt`. Raises Http404 for others."""
    if ending not in TYPES:
        raise Http404("Transcripts are files that end in vtt, srt or txt.")
    episode = podcast_episode(pk)
    transcript = get_object_or_404(Transcript, episode=episode)
    name = f"{episode.slug}.{ending}"
    return HttpResponse(
        WRITERS[ending](as_cues(lines_of(transcript))),
        content_type=f"{TYPES[ending]}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
