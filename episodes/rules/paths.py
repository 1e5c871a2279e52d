"""The table of an episode's paths. No Django: the invalidator of nginx's cache reads it, too.

tests/test_addresses.py compares nginx's configuration with it.
"""

from dataclasses import dataclass

PODCAST, INTERVIEW = "podcast", "interview"  # the kinds of episodes
LISTS = {PODCAST: "podcast/", INTERVIEW: "interviews/"}


@dataclass(frozen=True, slots=True)
class EpisodeAddress:
    """An address of an episode: `/podcast/<slug>` and a suffix."""

    name: str  # of its URL pattern
    suffix: str = ""
    kind: str = PODCAST
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
    EpisodeAddress("interview", kind=INTERVIEW),
    EpisodeAddress("interview_markdown", ".md", kind=INTERVIEW),
)
ROUTES = {each.name: each.route for each in EPISODE_ADDRESSES}
# Each suffix once, the longest first.
SUFFIXES = sorted({each.suffix for each in EPISODE_ADDRESSES} - {""}, key=len, reverse=True)
