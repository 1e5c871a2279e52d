"""The site's URLs: absolute ones, and the table of an episode's paths.

tests/test_addresses.py compares nginx's configuration with that table.
"""

from dataclasses import dataclass

from django.conf import settings

from episodes.models import Episode

LISTS: dict[str, str] = {Episode.Kind.PODCAST: "podcast/", Episode.Kind.INTERVIEW: "interviews/"}


def absolute_url(path: str) -> str:
    """A path of this site with scheme and host of SITE_URL; other addresses stay as they are."""
    return settings.SITE_URL + path if path.startswith("/") else path


@dataclass(frozen=True, slots=True)
class EpisodeAddress:
    """An address of an episode: `/podcast/<slug>` and a suffix."""

    name: str  # of its URL pattern
    suffix: str = ""
    kind: str = Episode.Kind.PODCAST
    takes_moment: bool = False  # it reads `?t=`
    needs_transcript: bool = False

    @property
    def route(self) -> str:
        return f"{LISTS[self.kind]}<slug:slug>{self.suffix}"


EPISODE_ADDRESSES = (
    EpisodeAddress("episode", takes_moment=True),
    EpisodeAddress("episode_markdown", ".md"),
    EpisodeAddress("chapters", "/chapters.json"),
    EpisodeAddress("embed", "/embed", takes_moment=True),
    EpisodeAddress("transcript", "/transcript", takes_moment=True, needs_transcript=True),
    EpisodeAddress("transcript_vtt", "/transcript.vtt", needs_transcript=True),
    EpisodeAddress("transcript_json", "/transcript.json", needs_transcript=True),
    EpisodeAddress("interview", kind=Episode.Kind.INTERVIEW),
    EpisodeAddress("interview_markdown", ".md", kind=Episode.Kind.INTERVIEW),
)
ROUTES = {each.name: each.route for each in EPISODE_ADDRESSES}
# Each suffix once, the longest first.
SUFFIXES = sorted({each.suffix for each in EPISODE_ADDRESSES} - {""}, key=len, reverse=True)
