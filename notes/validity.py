"""Valid drafts: those that survive a round trip through the notes' text unchanged."""

from collections import Counter
from collections.abc import Iterable, Iterator

from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.grammar.head import NOT_A_GUEST_NAME, is_guest_name
from notes.grammar.items import is_balanced, is_link_url, is_name
from notes.grammar.lines import clean, one_line
from text.names import normalise_name
from text.problems import Problem, error
from text.timecode import MAX_SECONDS

Faults = Iterator[tuple[str, str, str]]  # field, value, message


def validity_errors(draft: Draft) -> list[Problem]:
    """Why the draft is invalid, by field and value. Empty for a valid one."""
    return [error(message, field=field, value=value) for field, value, message in _errors(draft)]


def normalise(draft: Draft) -> Draft:
    """The draft as rows hold it: texts clean and trimmed, topics by time."""
    topics = sorted(draft.topics, key=lambda topic: topic.seconds)
    return Draft(
        title=_tidy(draft.title),
        summary=_tidy(draft.summary),
        introduction=clean(draft.introduction).strip(),
        guests=tuple(GuestDraft(_tidy(guest.name), _tidy(guest.title)) for guest in draft.guests),
        topics=tuple(TopicDraft(topic.seconds, _tidy(topic.text)) for topic in topics),
        references=tuple(map(_tidy_link, draft.references)),
        technologies=tuple(map(_tidy, draft.technologies)),
        libraries=tuple(map(_tidy_link, draft.libraries)),
    )


def _errors(draft: Draft) -> Faults:
    if draft.introduction != clean(draft.introduction).strip():
        yield "introduction", draft.introduction[:80], "Has invisible characters or blank ends."
    yield from _untidy("title", [draft.title])
    yield from _untidy("summary", [draft.summary])
    yield from _guest_faults(draft.guests)
    yield from _topic_faults(draft.topics)
    yield from _technology_faults(draft.technologies)
    yield from _link_faults("reference", draft.references)
    yield from _link_faults("library", draft.libraries)


def _guest_faults(guests: tuple[GuestDraft, ...]) -> Faults:
    names = [guest.name for guest in guests]
    yield from _untidy("guest", [*names, *(guest.title for guest in guests)])
    for name in names:
        if not is_guest_name(name):
            yield "guest", name, NOT_A_GUEST_NAME
    yield from _repeated("guest", names)


def _topic_faults(topics: tuple[TopicDraft, ...]) -> Faults:
    yield from _untidy("topic", [topic.text for topic in topics])
    for topic in topics:
        if not topic.text:
            yield "topic", str(topic.seconds), "This topic has no text."
        if not 0 <= topic.seconds <= MAX_SECONDS:
            yield "topic", str(topic.seconds), "Longer than a week."


def _technology_faults(names: tuple[str, ...]) -> Faults:
    yield from _untidy("technology", names)
    for name in names:
        if not is_name(name):
            yield "technology", name, "Not allowed in a technology list."
    yield from _repeated("technology", list(map(normalise_name, names)))


def _link_faults(field: str, links: tuple[LinkDraft, ...]) -> Faults:
    for link in links:
        yield from _untidy(field, [link.label, link.note])
        if not is_link_url(link.url) or link.url != clean(link.url):
            yield field, link.url, "No web address."
        if not is_balanced(link.label, "["):
            yield field, link.label, "Unbalanced square bracket."
        if not is_balanced(link.note, "("):
            yield field, link.note, "Unbalanced bracket."


def _untidy(field: str, values: Iterable[str]) -> Faults:
    for value in values:
        if value != _tidy(value):
            yield field, value, "Has line ends, doubled spaces or invisible characters."


def _repeated(field: str, keys: list[str]) -> Faults:
    for key, times in Counter(keys).items():
        if times > 1:
            yield field, key, "Is given twice."


def _tidy(text: str) -> str:
    return one_line(clean(text))


def _tidy_link(link: LinkDraft) -> LinkDraft:
    return LinkDraft(clean(link.url).strip(), _tidy(link.label), _tidy(link.note))
