"""Runs all checks of an episode."""

from collections import Counter
from dataclasses import dataclass

from desk.publishing.checklist.channel import check_channel
from desk.publishing.checklist.context import read_context, read_image
from desk.publishing.checklist.house_style import check_habits, part_habits, question_habits
from desk.publishing.checklist.items import Group
from desk.publishing.checklist.notes import (
    check_corrections,
    check_links,
    check_text,
    check_topics,
    link_results,
)
from desk.publishing.checklist.podcast_apps import check_podcast_apps
from desk.publishing.checklist.snippets import Snippet, check_snippets, snippets
from episodes.models import Episode
from show.models import Show


@dataclass(frozen=True, slots=True)
class Checklist:
    """Items in groups, and the episode's snippets."""

    groups: tuple[Group, ...]
    snippets: tuple[Snippet, ...]

    @property
    def counts(self) -> Counter[str]:
        """Number of items by severity."""
        return Counter(item.severity for group in self.groups for item in group.items)


def build_checklist(episode: Episode, show: Show) -> Checklist:
    """The checklist of an episode fetched with its relations. Eight queries."""
    context = read_context(episode, show)
    shown = snippets(context)
    artwork = read_image(show.artwork) if show.artwork else None
    habits = [*part_habits(episode), *question_habits(episode, show)]
    groups = (
        Group("Text", "No text waits to be applied.", tuple(check_text(episode))),
        Group(
            "Transcript",
            "No correction waits to be saved.",
            tuple(check_corrections(episode)),
        ),
        Group(
            "Podcast apps and directories",
            "The episode meets the requirements of Apple, Spotify and Podcasting 2.0.",
            (*check_podcast_apps(context, show), *check_channel(show, artwork)),
        ),
        Group("Topics", "The times look right.", tuple(check_topics(context))),
        Group(
            "Links",
            "No link is insecure or known to be dead.",
            tuple(check_links(context.links, link_results(context.links))),
        ),
        Group(
            "House style",
            "The episode has everything that your episodes usually have.",
            tuple(check_habits(habits)),
        ),
        Group("Length", "The title and summary fit everywhere.", tuple(check_snippets(shown))),
    )
    return Checklist(groups, tuple(shown))


def count_errors(episode: Episode, show: Show) -> int:
    """How much is to fix in the episode itself. No query if its recording and rows are fetched."""
    context = read_context(episode, show)
    found = (*check_podcast_apps(context, show), *check_topics(context))
    return sum(item.severity == "error" for item in found)
