"""The whole checklist of one episode."""

from dataclasses import dataclass

from desk.publishing.checklist.channel import check_channel
from desk.publishing.checklist.context import read_picture, read_sheet
from desk.publishing.checklist.house_style import check_shape, part_habits, question_habits
from desk.publishing.checklist.items import Group
from desk.publishing.checklist.links import answers_to, check_links
from desk.publishing.checklist.podcast_apps import check_for_apps
from desk.publishing.checklist.snippets import Snippet, check_snippets, snippets
from desk.publishing.checklist.topics import check_topics
from episodes.models import Episode
from show.models import Show


@dataclass(frozen=True, slots=True)
class Checklist:
    """What was found, in groups, and how the episode will be shown in little room."""

    groups: tuple[Group, ...]
    snippets: tuple[Snippet, ...]

    def count(self, severity: str) -> int:
        found = (finding for group in self.groups for finding in group.findings)
        return sum(finding.severity == severity for finding in found)

    @property
    def errors(self) -> int:
        return self.count("error")

    @property
    def warnings(self) -> int:
        return self.count("warning")

    @property
    def hints(self) -> int:
        return self.count("hint")


def checklist_of(episode: Episode, show: Show) -> Checklist:
    """Every check of an episode fetched by `kept_episode`, and of the show; seven queries."""
    sheet = read_sheet(episode, show)
    shown = snippets(sheet)
    artwork = read_picture(show.artwork) if show.artwork else None
    answers = answers_to(sheet.links)
    habits = [*part_habits(episode), *question_habits(episode, show)]
    groups = (
        Group(
            "Podcast apps and directories",
            "Apple, Spotify and Podcasting 2.0 would take it.",
            (*check_for_apps(sheet, show), *check_channel(show, artwork)),
        ),
        Group("Topics", "Their times look right.", tuple(check_topics(sheet))),
        Group(
            "Links", "None is http or known to be dead.", tuple(check_links(sheet.links, answers))
        ),
        Group(
            "Your usual shape",
            "It has all that your episodes usually have.",
            tuple(check_shape(habits)),
        ),
        Group("Cut off", "Title and summary fit everywhere.", tuple(check_snippets(shown))),
    )
    return Checklist(groups, tuple(shown))
