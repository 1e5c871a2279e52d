"""Merges notes from another source into the stored ones. Pure."""

from dataclasses import dataclass, fields, replace

from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.matching import match_topics
from text.markup import plain_block
from text.names import fold_typography
from text.urls import url_key

Guests = tuple[GuestDraft, ...]
Topics = tuple[TopicDraft, ...]
Links = tuple[LinkDraft, ...]


@dataclass(frozen=True, slots=True)
class DraftSource:
    """Where a draft comes from, and how far to trust it."""

    name: str
    plain: bool = False  # without markup, so stored markup of the same words stays
    complete: bool = False  # an empty text was emptied; else it just isn't stated
    fills: bool = False  # only fills what is empty
    # Lists what is published: knows no withdrawals, and may repeat numbers.
    listing: bool = False


DESK = DraftSource("desk", complete=True)
SHOW_NOTES = DraftSource("import_show_notes", plain=True)
JEKYLL = DraftSource("import_jekyll")
FEED = DraftSource("import_feed", listing=True)


def merge(stored: Draft, incoming: Draft, source: DraftSource) -> Draft:
    """The stored notes, overwritten by what the source states. Both use the catalogue's names."""
    if source.complete:
        return incoming
    if source.fills:
        names = [field.name for field in fields(Draft)]
        return Draft(*(getattr(stored, name) or getattr(incoming, name) for name in names))
    return Draft(
        title=_text(stored.title, incoming.title, source),
        summary=_text(stored.summary, incoming.summary, source),
        introduction=_text(stored.introduction, incoming.introduction, source),
        guests=_guests(stored.guests, incoming.guests),
        topics=_topics(stored.topics, incoming.topics, source) or stored.topics,
        references=_links(stored.references, incoming.references, source) or stored.references,
        technologies=incoming.technologies or stored.technologies,
        libraries=_links(stored.libraries, incoming.libraries, source) or stored.libraries,
    )


def _text(stored: str, incoming: str, source: DraftSource) -> str:
    is_same = source.plain and stored and same_words(stored, incoming)
    return incoming if incoming and not is_same else stored


def same_words(one: str, other: str) -> bool:
    """Whether two texts read the same: markup, typography and line breaks aside."""
    return one == other or fold_typography(plain_block(one)) == fold_typography(plain_block(other))


def _guests(stored: Guests, incoming: Guests) -> Guests:
    titles = {guest.name: guest.title for guest in stored}
    named = (replace(each, title=each.title or titles.get(each.name, "")) for each in incoming)
    return tuple(named) or stored


def _topics(stored: Topics, incoming: Topics, source: DraftSource) -> Topics:
    return tuple(
        topic if old is None else replace(topic, text=_text(stored[old].text, topic.text, source))
        for topic, old in zip(incoming, match_topics(stored, incoming), strict=True)
    )


def _links(stored: Links, incoming: Links, source: DraftSource) -> Links:
    known = {url_key(link.url): link for link in stored}
    return tuple(_link(known.get(url_key(link.url)), link, source) for link in incoming)


def _link(stored: LinkDraft | None, incoming: LinkDraft, source: DraftSource) -> LinkDraft:
    if stored is None:
        return incoming
    url = stored.url if source.plain else incoming.url
    label = _text(stored.label, incoming.label, source)
    return LinkDraft(url, label, _text(stored.note, incoming.note, source))
