"""What a text is understood to say, in the light of the catalogue. Reads rows, writes nothing."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from desk.writing.answers import Answer, Answers, read_answers
from desk.writing.changes import Change, changes
from desk.writing.lines import TopicLine, topic_lines
from episodes.models import Episode
from guests.models import Guest
from notes.check import NEAR, check
from notes.grammar.draft import Draft, LinkDraft
from notes.parse import parse
from notes.publish import by_catalogue_names
from notes.read_rows import stored_draft
from notes.valid import normalise
from show.models import Show
from stack.models import LibraryAddress, Technology, TechnologyName
from text.names import normalise_name
from text.problems import Problem, error, has_errors
from text.urls import url_key

NEAREST = 3
MOST_QUESTIONS = 50  # whose near names are looked for; each is compared with every name


@dataclass(frozen=True, slots=True)
class Named:
    """A guest or technology as written, and the catalogue's name for it; None: a new one."""

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
class Question:
    """A technology named for the first time, what it may mean, and the host's answer so far."""

    name: str
    near: tuple[str, ...]
    answer: Answer

    @property
    def key(self) -> str:
        return normalise_name(self.name)


@dataclass(frozen=True, slots=True)
class Understood:
    draft: Draft
    problems: list[Problem]
    guests: list[Named]
    technologies: list[Named]
    questions: list[Question]
    answers: Answers
    topics: list[TopicLine]
    libraries: list[tuple[LinkDraft, bool]]  # with whether the catalogue knows it
    changes: list[Change]

    @property
    def can_be_applied(self) -> bool:
        return not has_errors(self.problems)

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors


def understand(
    text: str, show: Show, episode: Episode | None, posted: Mapping[str, str]
) -> Understood:
    """Read the text as notes of the episode, or of one to come; `posted` holds the answers."""
    parsed = parse(text, show.title, show.host.name if show.host else "")
    draft = parsed.draft
    known = Technology.objects.by_name(draft.technologies)
    new = {name: None for name in draft.technologies if name not in known}
    answers = read_answers(posted, new)
    seconds = episode.seconds if episode else None
    problems = [*parsed.problems, *check(draft, text, seconds)]
    asked = [_asked(problem, new, answers) for problem in problems]
    problems = [*filter(None, asked), *_unknown_answers(answers, new)]
    stored = stored_draft(episode) if episode else Draft()
    return Understood(
        draft=draft,
        problems=sorted(problems, key=_by_severity_and_line),
        guests=_guests(draft),
        technologies=[
            Named(name, known[name].name if name in known else None) for name in draft.technologies
        ],
        questions=_questions(new, answers),
        answers=answers,
        topics=topic_lines(text) if _speaks_of_topics(draft, problems) else [],
        libraries=_libraries(draft),
        changes=changes(stored, by_catalogue_names(normalise(draft))) if episode else [],
    )


def _speaks_of_topics(draft: Draft, problems: list[Problem]) -> bool:
    return bool(draft.topics) or any(problem.field == "topic" for problem in problems)


def _asked(problem: Problem, new: Collection[str], answers: Answers) -> Problem | None:
    """A new technology is no mere warning here: the host says what it is."""
    if problem.severity == "error" or problem.field != "technology" or problem.value not in new:
        return problem
    if normalise_name(problem.value) in answers:
        return None
    message = f"{problem.message} Say below whether it is one, or another name of one."
    return replace(problem, severity="error", message=message)


def _unknown_answers(answers: Answers, new: Collection[str]) -> list[Problem]:
    meant = {answer.of for answer in answers.values() if answer.of}
    known = Technology.objects.by_name(meant) if meant else {}
    return [
        error("No technology goes by this name yet.", field="technology", value=answer.of)
        for name in new
        if (answer := answers.get(normalise_name(name))) and answer.of and answer.of not in known
    ]


def _by_severity_and_line(problem: Problem) -> tuple[bool, int]:
    return problem.severity != "error", problem.line or 0


def _guests(draft: Draft) -> list[Named]:
    known = Guest.objects.by_name(guest.name for guest in draft.guests)
    return [
        Named(guest.name, known[guest.name].name if guest.name in known else None, guest.title)
        for guest in draft.guests
    ]


def _questions(new: Collection[str], answers: Answers) -> list[Question]:
    if not new:
        return []
    rows = TechnologyName.objects.values_list("name", "technology__name")
    owners: dict[str, str] = dict(rows)
    questions = []
    for place, name in enumerate(new):
        names = owners if place < MOST_QUESTIONS else ()
        near = difflib.get_close_matches(name, names, n=NEAREST * 2, cutoff=NEAR)
        meant = tuple(dict.fromkeys(owners[each] for each in near))[:NEAREST]
        questions.append(Question(name, meant, answers.get(normalise_name(name), Answer())))
    return questions


def _libraries(draft: Draft) -> list[tuple[LinkDraft, bool]]:
    keys = [url_key(link.url) for link in draft.libraries]
    known = set(LibraryAddress.objects.filter(key__in=keys).values_list("key", flat=True))
    return [(link, key in known) for link, key in zip(draft.libraries, keys, strict=True)]
