"""Semantic analysis of show notes: parse a text and resolve its names against the catalogue.

Reads rows and writes none.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from django.contrib.auth.models import User

from desk.publishing.defaults import next_number
from desk.writing.additions import forbidden_additions
from desk.writing.answers import Answers, TechnologyAnswer, read_answers
from desk.writing.diff import Difference, diff_drafts
from desk.writing.lines import TextTopicLine, topic_lines
from desk.writing.reading import is_only_text, read_text, unapplied_facts
from episodes.models import Episode
from guests.models import Guest
from notes.apply import by_catalogue_names
from notes.check import check, similar_technologies, with_lines
from notes.grammar.draft import Draft, Facts, LinkDraft
from notes.read_rows import stored_draft
from notes.validity import normalise
from show.models import Show
from stack.models import LibraryAddress, Technology, TechnologyName
from text.names import normalise_name
from text.problems import Problem, error, has_errors, warning
from text.urls import url_key

NUMBERED = re.compile(r"(?:ep(?:isode)?\.?\s*)?#?([0-9]{1,4})\s*[:.–—-]\s+(?=\S)", re.IGNORECASE)
MOST_SIMILAR = 3  # names offered for one question
MOST_QUESTIONS = 50  # with similar names, each of which is compared with every name


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """A guest or technology as written, and its name in the catalogue; None if it is new."""

    name: str
    known_as: str | None = None
    note: str = ""

    @property
    def state(self) -> str:
        if self.known_as is None:
            return "new"
        is_same = normalise_name(self.known_as) == normalise_name(self.name)
        return "known" if is_same else f"another name of {self.known_as}"


@dataclass(frozen=True, slots=True)
class NewTechnology:
    """A technology named for the first time, similar names, and the host's answer so far."""

    name: str
    similar: tuple[str, ...]
    answer: TechnologyAnswer

    @property
    def key(self) -> str:
        return normalise_name(self.name)


@dataclass(frozen=True, slots=True)
class Analysis:
    draft: Draft
    number: int | None  # the episode's; a new one gets it when the text is applied
    facts: Facts  # of a post's front matter
    is_post: bool
    problems: list[Problem]
    guests: list[ResolvedName]
    technologies: list[ResolvedName]
    new_technologies: list[NewTechnology]
    answers: Answers
    topics: list[TextTopicLine]
    libraries: list[tuple[LinkDraft, bool]]  # whether the catalogue has it
    differences: list[Difference]  # from the episode's rows

    @property
    def can_be_applied(self) -> bool:
        return not has_errors(self.problems)

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors


def analyse(
    text: str, show: Show, episode: Episode | None, posted: Mapping[str, str], user: User
) -> Analysis:
    """Read the text as the notes of an episode; None: of a new one. `posted` has the answers.

    What the user may not add to the catalogue is an error.
    """
    reading = read_text(text, show.title, show.host.name if show.host else "")
    draft = reading.draft
    known = Technology.objects.by_name(draft.technologies)
    new = {name: None for name in draft.technologies if name not in known}
    answers = read_answers(posted, new)
    found = [*reading.problems, *check(draft, text, episode.seconds if episode else None)]
    found += with_lines(list(forbidden_additions(draft, user, answers)), text)
    if _is_new(episode):
        found += with_lines(list(_number_in_title(draft.title)), text)
    asked = (_as_question(problem, new, answers) for problem in found)
    problems = [*filter(None, asked), *_unknown_answers(answers, new)]
    has_topics = draft.topics or any(problem.field == "topic" for problem in problems)
    differences = []
    if episode:
        if not is_only_text(episode):
            problems += with_lines(list(unapplied_facts(reading.facts, episode)), text)
        differences = diff_drafts(stored_draft(episode), by_catalogue_names(normalise(draft)))
    return Analysis(
        draft=draft,
        number=_number(episode),
        facts=reading.facts,
        is_post=reading.is_post,
        problems=sorted(problems, key=_by_severity_and_line),
        guests=_guests(draft),
        technologies=[
            ResolvedName(name, known[name].name if name in known else None)
            for name in draft.technologies
        ],
        new_technologies=_new_technologies(new, answers),
        answers=answers,
        topics=topic_lines(reading.notes) if has_topics else [],
        libraries=_libraries(draft),
        differences=differences,
    )


def _is_new(episode: Episode | None) -> bool:
    return episode is None or is_only_text(episode)


def _number(episode: Episode | None) -> int | None:
    if episode and not is_only_text(episode):
        return episode.number
    return next_number(str(episode.kind if episode else Episode.Kind.PODCAST))


def _number_in_title(title: str) -> Iterator[Problem]:
    """A new episode gets its number besides, and an address that begins with it."""
    written = NUMBERED.match(title)
    if written and int(written[1]) == next_number(Episode.Kind.PODCAST):
        message = "The episode gets this number anyway. Leave it out of the title."
        yield warning(message, field="title", value=title, repair=title[written.end() :])


def _as_question(problem: Problem, new: Collection[str], answers: Answers) -> Problem | None:
    """A new technology is an error until the host says what it is."""
    if problem.severity == "error" or problem.field != "technology" or problem.value not in new:
        return problem
    if normalise_name(problem.value) in answers:
        return None
    message = f"{problem.message} Choose below what it means."
    return replace(problem, severity="error", message=message)


def _unknown_answers(answers: Answers, new: Collection[str]) -> list[Problem]:
    meant = {answer.of for answer in answers.values() if answer.of}
    known = Technology.objects.by_name(meant) if meant else {}
    return [
        error("There is no technology with this name.", field="technology", value=answer.of)
        for name in new
        if (answer := answers.get(normalise_name(name))) and answer.of and answer.of not in known
    ]


def _by_severity_and_line(problem: Problem) -> tuple[bool, int]:
    return problem.severity != "error", problem.line or 0


def _guests(draft: Draft) -> list[ResolvedName]:
    known = Guest.objects.by_name(guest.name for guest in draft.guests)
    return [
        ResolvedName(
            guest.name, known[guest.name].name if guest.name in known else None, guest.title
        )
        for guest in draft.guests
    ]


def _new_technologies(new: Collection[str], answers: Answers) -> list[NewTechnology]:
    if not new:
        return []
    owners = dict(TechnologyName.objects.values_list("name", "technology__name"))
    found = []
    for place, name in enumerate(new):
        is_compared = place < MOST_QUESTIONS
        similar = similar_technologies(name, owners, MOST_SIMILAR) if is_compared else ()
        found.append(
            NewTechnology(name, similar, answers.get(normalise_name(name), TechnologyAnswer()))
        )
    return found


def _libraries(draft: Draft) -> list[tuple[LinkDraft, bool]]:
    keys = [url_key(link.url) for link in draft.libraries]
    known = set(LibraryAddress.objects.filter(key__in=keys).values_list("key", flat=True))
    return [(link, key in known) for link, key in zip(draft.libraries, keys, strict=True)]
