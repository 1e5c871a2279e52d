"""Three-way merges: what a source said last time, what is stored, and what it says now. Pure.

What one side alone changed is taken. What both changed stays as stored, and is a conflict.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from notes.grammar.draft import Draft, Facts, TopicDraft
from notes.in_words import in_words
from notes.matching import match_topics
from text.markup import plain_block
from text.names import fold_typography, normalise_name
from text.urls import url_key

TEXTS = ("title", "summary", "introduction")
CELLS = {"text", "title", "label", "note"}  # texts of rows; the others identify the row
UNKNOWN = object()  # what a source said that was never recorded: differs from everything
Keyed = Mapping[Any, Any]
Blend = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """A value or row that both sides changed, in plain words; empty where it isn't there."""

    field: str
    stored: str
    incoming: str

    @property
    def digest(self) -> str:
        """Identifies the conflict for as long as both sides say the same."""
        said = "\0".join((self.field, self.stored, self.incoming))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class MergeChange:
    """A value or row that a merge changes, in plain words; empty where it isn't there."""

    field: str
    before: str
    after: str


@dataclass(slots=True)
class Decisions:
    """Chooses value by value, and collects the conflicts, and the changes that aren't any.

    `theirs`: a conflict is decided for the source. `unsettled`: digests of conflicts of the last
    import; they remain conflicts until one side changes. `markup`: without a base, the source's
    links and emphasis replace the same words without any.
    """

    theirs: bool = False
    unsettled: Collection[str] = ()
    markup: bool = False
    conflicts: list[MergeConflict] = field(default_factory=list)
    changes: list[MergeChange] = field(default_factory=list)

    def choose(self, name: str, base: Any, stored: Any, incoming: Any, blend: Blend) -> Any:
        """One of the values; None stands for a row that isn't there."""
        if stored == incoming:
            return stored
        if stored == base:
            return self._changed(name, stored, incoming)
        conflict = MergeConflict(name, in_words(stored), in_words(incoming))
        if incoming == base and conflict.digest not in self.unsettled:
            return stored
        both = None if stored is None or incoming is None else blend(stored, incoming)
        if both is not None:
            return self._changed(name, stored, both)
        self.conflicts.append(conflict)
        return incoming if self.theirs else stored

    def _changed(self, name: str, stored: Any, chosen: Any) -> Any:
        if chosen != stored:
            self.changes.append(MergeChange(name, in_words(stored), in_words(chosen)))
        return chosen

    def rows(self, name: str, base: Keyed, stored: Keyed, incoming: Keyed, blend: Blend) -> Any:
        """The merged rows, in order. A deleted row is a change like any other."""
        keys = _merged_order(list(base), list(stored), list(incoming))
        chosen = (
            self.choose(name, base.get(key), stored.get(key), incoming.get(key), blend)
            for key in keys
        )
        return tuple(row for row in chosen if row is not None)


def merge(base: Draft | None, stored: Draft, incoming: Draft, decisions: Decisions) -> Draft:
    """The merged notes. All use the catalogue's names.

    Without a base, only gaps are filled: an empty text or list, a missing label, note or title.
    """
    if incoming in (base, stored) and not decisions.unsettled:
        return stored
    old, fills = base or Draft(), base is None
    blend_texts = _text_blend(fills, decisions.markup)

    def blend_rows(here: Any, there: Any) -> Any:
        return _blend_rows(here, there, blend_texts)

    def text(name: str) -> str:
        before, here, there = (getattr(draft, name) for draft in (old, stored, incoming))
        return decisions.choose(name, before, here, there, blend_texts)

    def merge_keyed(word: str, before: Keyed, here: Keyed, there: Keyed) -> Any:
        if fills and here:
            before = dict.fromkeys(there, UNKNOWN)
        return decisions.rows(word, before, here, there, blend_rows)

    def rows(name: str, word: str, key: Callable[[Any], Hashable]) -> Any:
        drafts = (old, stored, incoming)
        before, here, there = (_keyed(getattr(draft, name), key) for draft in drafts)
        return merge_keyed(word, before, here, there)

    topics = merge_keyed("topic", *_keyed_topics(old, stored, incoming))
    return Draft(
        **{name: text(name) for name in TEXTS},
        guests=rows("guests", "guest", lambda guest: normalise_name(guest.name)),
        topics=tuple(sorted(topics, key=lambda topic: topic.seconds)),
        references=rows("references", "reference", lambda link: url_key(link.url)),
        technologies=rows("technologies", "technology", normalise_name),
        libraries=rows("libraries", "library", lambda link: url_key(link.url)),
    )


def merge_values(
    base: Mapping[str, Any] | None,
    stored: Mapping[str, Any],
    incoming: Mapping[str, Any],
    decisions: Decisions,
) -> dict[str, Any]:
    """One row's merged values, by column. Without a base, only empty ones are filled."""
    blend_texts = _text_blend(base is None, decisions.markup)

    def blend(here: Any, there: Any) -> Any:
        return blend_texts(here, there) if isinstance(here, str) else None

    def before(name: str) -> Any:
        return (base or {}).get(name, type(stored[name])())

    return {
        name: decisions.choose(name, before(name), stored[name], value, blend)
        for name, value in incoming.items()
    }


def merge_facts(base: Facts, stored: Facts, incoming: Facts, decisions: Decisions) -> Facts:
    """The facts to store: those that differ from the stored ones; None where nothing changes."""
    taken = {}
    for each in fields(Facts):
        before, here, there = (getattr(facts, each.name) for facts in (base, stored, incoming))
        if there is None:
            continue  # not stated
        before, here = (None if value == "" else value for value in (before, here))
        if is_dataclass(there) and here is not None:
            before = before and _completed(before, here)
            there = _completed(there, here)
        chosen = decisions.choose(each.name, before, here, there, _blend_facts)
        if chosen != here:
            taken[each.name] = chosen
    return Facts(**taken)


def same_words(one: str, other: str) -> bool:
    """Whether two texts read the same: markup, typography and line breaks aside."""
    return one == other or fold_typography(plain_block(one)) == fold_typography(plain_block(other))


def _text_blend(fills: bool, markup: bool) -> Blend:
    """Blends texts: the one that both sides mean; None if they mean different ones."""

    def blend(here: str, there: str) -> str | None:
        if fills and not (here and there):
            return here or there
        if not same_words(here, there):
            return None
        adds = fills and markup and _is_plain(here) and not _is_plain(there)
        return there if adds else here

    return blend


def _blend_rows(stored: Any, incoming: Any, blend_texts: Blend) -> Any:
    """The row that both sides mean; None if they mean different ones."""
    if isinstance(stored, str):
        return stored  # the same name in another spelling
    cells = {}
    for each in fields(stored):
        here, there = getattr(stored, each.name), getattr(incoming, each.name)
        if each.name in CELLS:
            cells[each.name] = blend_texts(here, there)
        elif each.name == "seconds":
            cells[each.name] = here if here == there else None
    return None if None in cells.values() else replace(stored, **cells)


def _blend_facts(stored: Any, incoming: Any) -> Any:
    """The audio or sponsor where the source only adds what is missing."""
    if not is_dataclass(stored):
        return None
    completed = _completed(stored, incoming)
    return completed if completed == incoming else None


def _completed(value: Any, other: Any) -> Any:
    """The value, with what it lacks taken from the other."""
    missing = {
        each.name: getattr(other, each.name)
        for each in fields(value)
        if getattr(value, each.name) in (None, "")
    }
    return replace(value, **missing)


def _is_plain(text: str) -> bool:
    return fold_typography(plain_block(text)) == fold_typography(text)


def _keyed(rows: Iterable[Any], key_of: Callable[[Any], Hashable]) -> Keyed:
    """The rows by key; a key that occurs again is numbered."""
    seen: Counter[Hashable] = Counter()
    keyed = {}
    for row in rows:
        key = key_of(row)
        keyed[key, seen[key]] = row
        seen[key] += 1
    return keyed


def _keyed_topics(base: Draft, stored: Draft, incoming: Draft) -> tuple[Keyed, Keyed, Keyed]:
    """The topics by what they continue: one of the base, else a new one that is stored."""
    before = dict(enumerate(base.topics))
    here = _by_key(_continued(before, stored.topics), stored.topics, "stored")
    new = {key: topic for key, topic in here.items() if key not in before}
    keys = _continued(before, incoming.topics)
    others = [topic for topic, key in zip(incoming.topics, keys, strict=True) if key is None]
    rest = iter(_continued(new, others))
    keys = [next(rest) if key is None else key for key in keys]
    return before, here, _by_key(keys, incoming.topics, "added")


def _continued(known: Keyed, topics: Sequence[TopicDraft]) -> list[Hashable]:
    """For each topic the key of the known one that it continues, or None."""
    keys = list(known)
    matches = match_topics(list(known.values()), topics)
    return [None if match is None else keys[match] for match in matches]


def _by_key(keys: list[Hashable], topics: Sequence[TopicDraft], mark: str) -> Keyed:
    """The topics by their keys; those without one are marked as new."""
    pairs = enumerate(zip(keys, topics, strict=True))
    return {(mark, place) if key is None else key: topic for place, (key, topic) in pairs}


def _merged_order(
    base: list[Hashable], stored: list[Hashable], incoming: list[Hashable]
) -> list[Hashable]:
    """All keys: in the source's order, unless the stored one differs from the base's."""
    here, before = set(stored), set(base)
    is_ours = [key for key in stored if key in before] != [key for key in base if key in here]
    order, others = (stored, incoming) if is_ours else (incoming, stored)
    following: defaultdict[Hashable, list[Hashable]] = defaultdict(list)
    known, last = set(order), None
    for key in others:
        if key in known:
            last = key
        else:
            following[last].append(key)
    return following[None] + [each for key in order for each in (key, *following[key])]
