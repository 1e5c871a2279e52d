"""An episode's page as Markdown, for programs that read text: the same rows, every link whole."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from django.urls import reverse

from episodes.models import Episode, LibraryUse, Reference
from guests.models import Guest
from pages.addresses import absolute
from show.models import Show
from stack.models import Technology
from text.timecode import spoken_duration
from topics.models import Topic

# What would begin or end markup within a line.
MARKUP = re.compile(r"([\\`*_\[\]<>])")
# The address of a Markdown link that leads within the site: `](/stack)`, `](?t=60)`, `](#25:26)`.
WITHIN = re.compile(r"(\]\(<?)([/?#][^)\s>]*)")


def twin(show: Show, episode: Episode) -> str:
    """The document. Reads what `whole` fetched, and the transcript."""
    page = absolute(episode.get_absolute_url())
    kind = "" if episode.number is None else f"{episode.number}: "
    blocks = [
        f"# {kind}{plain(episode.title)}",
        bulleted(facts(show, episode, page)),
        plain(episode.summary),
        whole(episode.introduction, page),
        section("Topics", (topic_line(each, page) for each in episode.topics.all())),
        section("References", map(link_line, episode.references.all())),
        section("Tech stack", (named(use.technology) for use in episode.uses.all())),
        section("Libraries", map(link_line, episode.library_uses.all())),
        *transcript(episode),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def facts(show: Show, episode: Episode, page: str) -> Iterable[str]:
    """When, how long, with whom, and where."""
    if episode.published_at:
        yield f"Published: {show.local(episode.published_at):%Y-%m-%d}"
    if episode.updated_on:
        yield f"Updated: {show.local(episode.updated_on):%Y-%m-%d}"
    if episode.correction:
        yield f"Correction: {plain(episode.correction)}"
    if episode.seconds:
        yield f"Length: {spoken_duration(episode.seconds)}"
    for each in episode.appearances.all():
        yield f"Guest: {named(each.guest)}" + (f", {plain(each.title)}" if each.title else "")
    if show.host:
        yield f"Host: {plain(show.host.name)}"
    yield f"Show: [{plain(show.title)}]({absolute(reverse('home'))})"
    yield f"Page: <{page}>"
    if hasattr(episode, "enclosure"):
        yield f"Audio: <{absolute(episode.enclosure.path)}>"


def topic_line(topic: Topic, page: str) -> str:
    return f"[{topic.time}]({page}?t={topic.seconds}) {whole(topic.text, page)}"


def link_line(row: Reference | LibraryUse) -> str:
    # What would end the address, spelt as addresses spell it.
    url = row.url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    label = f"[{plain(row.label)}](<{url}>)" if row.label else f"<{url}>"
    return f"{label} ({plain(row.note)})" if row.note else label


def named(row: Guest | Technology) -> str:
    return f"[{plain(row.name)}]({absolute(row.get_absolute_url())})"


def transcript(episode: Episode) -> list[str]:
    if episode.is_interview or not hasattr(episode, "transcript"):
        return []
    addresses = (
        f"<{absolute(reverse(name, args=[episode.slug]))}>"
        for name in ("transcript", "transcript_vtt")
    )
    return [section("Transcript", addresses)]


def section(heading: str, lines: Iterable[str]) -> str:
    items = bulleted(lines)
    return f"## {heading}\n\n{items}" if items else ""


def bulleted(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def plain(text: str) -> str:
    """Text that isn't Markdown, as Markdown on one line."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def whole(markdown: str, page: str) -> str:
    """Markdown of the page with whole addresses."""
    return WITHIN.sub(lambda link: link[1] + urljoin(page, link[2]), markdown)
