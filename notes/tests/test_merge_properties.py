"""Any order and number of imports, of sources that change, with the host's edits between them."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.merge import Decisions, merge

TEXTS = ("title", "summary", "introduction")
ROWS = ("guest", "topic", "reference", "technology", "library")
Place = tuple[str, int]  # a field, or a kind of row and which one
State = dict[Place, str]

places = st.one_of(
    st.tuples(st.sampled_from(TEXTS), st.just(0)),
    st.tuples(st.sampled_from(ROWS), st.integers(0, 4)),
)
edits = st.tuples(st.sampled_from(["host", "A", "B", "C"]), places, st.booleans())
imports = st.tuples(st.just("import"), st.sampled_from("ABC"))
steps = st.lists(st.one_of(edits, imports), max_size=40)


def draft(state: Mapping[Place, str]) -> Draft:
    """The notes that say this."""

    def rows(kind: str) -> list[tuple[int, str]]:
        return sorted((slot, text) for (name, slot), text in state.items() if name == kind)

    return Draft(
        **{name: state.get((name, 0), "") for name in TEXTS},
        guests=tuple(GuestDraft(f"Guest {slot}", text) for slot, text in rows("guest")),
        topics=tuple(TopicDraft(60 * slot, text) for slot, text in rows("topic")),
        references=_links(rows("reference")),
        technologies=tuple(f"Technology {slot}" for slot, _ in rows("technology")),
        libraries=_links(rows("library")),
    )


def _links(rows: list[tuple[int, str]]) -> tuple[LinkDraft, ...]:
    return tuple(LinkDraft(f"https://{slot}.example.org/", text) for slot, text in rows)


def state(of: Draft) -> State:
    """The inverse of `draft`."""
    links = {"reference": of.references, "library": of.libraries}
    return (
        {(name, 0): text for name in TEXTS if (text := getattr(of, name))}
        | {("guest", int(guest.name[6:])): guest.title for guest in of.guests}
        | {("topic", topic.seconds // 60): topic.text for topic in of.topics}
        | {("technology", int(name[11:])): "used" for name in of.technologies}
        | {(kind, int(each.url[8])): each.label for kind in links for each in links[kind]}
    )


def edit(said: State, place: Place, deletes: bool, word: str) -> State:
    if deletes and place[0] != "title":
        return {key: text for key, text in said.items() if key != place}
    return said | {place: "used" if place[0] == "technology" else word}


def expected(base: State | None, stored: State, incoming: State) -> tuple[State, int]:
    """The state after the import, place by place, and how many conflicts it names."""
    merged, conflicts = {}, 0
    stored_kinds = {kind for kind, _ in stored}
    for place in stored.keys() | incoming.keys() | (base or {}).keys():
        here, there = stored.get(place), incoming.get(place)
        takes = here == (base or {}).get(place)
        said_before = base is not None and there == base.get(place)
        if base is None:
            takes = place[0] not in stored_kinds
            said_before = there is None
        merged[place] = there if takes else here
        conflicts += not takes and not said_before and here != there
    return {place: text for place, text in merged.items() if text is not None}, conflicts


@given(steps)
def test_no_edit_is_lost_and_every_untouched_change_is_taken(steps: list[Any]):
    words = (f"word{number} text{number}" for number in count())
    start: State = {("title", 0): "Same title"}
    sources = {name: dict(start) for name in "ABC"}
    bases: dict[str, State] = {}
    unsettled: dict[str, list[str]] = {}
    stored = dict(start)
    hosts: State = {}  # what the host wrote, and hasn't changed since
    for who, *step in steps:
        if who == "import":
            (name,) = step
            decisions = Decisions(unsettled=unsettled.get(name, ()))
            base = draft(bases[name]) if name in bases else None
            result = state(merge(base, draft(stored), draft(sources[name]), decisions))
            wanted, conflicts = expected(bases.get(name), stored, sources[name])
            assert result == wanted
            assert len(decisions.conflicts) >= conflicts  # and unsettled ones
            assert hosts.items() <= result.items()
            stored, bases[name] = result, dict(sources[name])
            unsettled[name] = [each.digest for each in decisions.conflicts]
            continue
        place, deletes = step
        if who == "host":
            stored = edit(stored, place, deletes, next(words))
            hosts.pop(place, None)
            if place in stored and place[0] != "technology":  # its row has no words of its own
                hosts[place] = stored[place]
        else:
            sources[who] = edit(sources[who], place, deletes, next(words))


@given(steps)
def test_theirs_ends_every_conflict(steps: list[Any]):
    words = (f"word{number} text{number}" for number in count())
    said: State = {("title", 0): "Same title"}
    stored = dict(said)
    for step in steps:
        if step[0] == "host":
            stored = edit(stored, step[1], step[2], next(words))
        elif step[0] == "A":
            said = edit(said, step[1], step[2], next(words))
    base = Draft(title="Same title")
    first = Decisions()
    kept = merge(base, draft(stored), draft(said), first)
    unsettled = [each.digest for each in first.conflicts]
    taken = merge(draft(said), kept, draft(said), Decisions(True, unsettled))
    assert taken == merge(base, draft(stored), draft(said), Decisions(True))
    last = Decisions()
    assert merge(draft(said), taken, draft(said), last) == taken
    assert last.conflicts == []
