"""An episode's page as Markdown, for programs that read text: the same rows, absolute links."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from django.urls import reverse

from episodes.addresses import absolute_url
from episodes.models import Episode, LibraryUse, Reference
from guests.models import Guest
from show.models import Show
from stack.models import Technology
from text.timecode import spoken_duration
from topics.models import Topic

# Characters that begin or end markup within a line.
MARKUP = re.compile(r"([\\`*_\[\]<>])")
# A relative Markdown link: `](/stack)`, `](?t=60)`, `](#25:26)`.
RELATIVE = re.compile(r"(\]\(<?)([/?#][^)\s>]*)")


def episode_markdown(show: Show, episode: Episode) -> str:
    """The document of an episode that `fetch_episode` read."""
    page = absolute_url(episode.get_absolute_url())
    number = "" if episode.number is None else f"{episode.number}: "
    blocks = [
        f"# {number}{plain(episode.title)}",
        bulleted(facts(show, episode, page)),
        plain(episode.summary),
        absolute_links(episode.introduction, page),
        section("Topics", (topic_line(each, page) for each in episode.topics.all())),
        section("References", map(link_line, episode.references.all())),
        section("Tech stack", (page_link(use.technology) for use in episode.uses.all())),
        section("Libraries", map(link_line, episode.library_uses.all())),
        section("Transcript", transcript_urls(episode)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def facts(show: Show, episode: Episode, page: str) -> Iterable[str]:
    if episode.published_at:
        yield f"Published: {show.local(episode.published_at):%Y-%m-%d}"
    if episode.updated_on:
        yield f"Updated: {show.local(episode.updated_on):%Y-%m-%d}"
    if episode.correction:
        yield f"Correction: {plain(episode.correction)}"
    if episode.seconds:
        yield f"Length: {spoken_duration(episode.seconds)}"
    for each in episode.appearances.all():
        yield f"Guest: {page_link(each.guest)}" + (f", {plain(each.title)}" if each.title else "")
    if show.host:
        yield f"Host: {plain(show.host.name)}"
    yield f"Show: [{plain(show.title)}]({absolute_url(reverse('home'))})"
    yield f"Page: <{page}>"
    if hasattr(episode, "enclosure"):
        yield f"Audio: <{absolute_url(episode.enclosure.path)}>"


def topic_line(topic: Topic, page: str) -> str:
    return f"[{topic.time}]({page}?t={topic.seconds}) {absolute_links(topic.text, page)}"


def link_line(row: Reference | LibraryUse) -> str:
    # Percent-encode what would end the address.
    url = row.url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    label = f"[{plain(row.label)}](<{url}>)" if row.label else f"<{url}>"
    return f"{label} ({plain(row.note)})" if row.note else label


def page_link(row: Guest | Technology) -> str:
    return f"[{plain(row.name)}]({absolute_url(row.get_absolute_url())})"


def transcript_urls(episode: Episode) -> Iterable[str]:
    if not episode.is_interview and hasattr(episode, "transcript"):
        for name in ("transcript", "transcript_vtt"):
            yield f"<{absolute_url(reverse(name, args=[episode.slug]))}>"


def section(heading: str, lines: Iterable[str]) -> str:
    items = bulleted(lines)
    return f"## {heading}\n\n{items}" if items else ""


def bulleted(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def plain(text: str) -> str:
    """Plain text as Markdown on one line."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def absolute_links(markdown: str, page: str) -> str:
    return RELATIVE.sub(lambda link: link[1] + urljoin(page, link[2]), markdown)
