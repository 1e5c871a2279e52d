"""Of many remembered changes, those that are compared say what all of them would."""

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from caching.nginx import invalidator as loop
from caching.nginx.cache_files import Cache, CachedPage, State
from caching.nginx.changes import Change
from caching.nginx.invalidator import LATE_SECONDS, Keeper

EPISODES = ("podcast/a", "podcast/b", "podcast/c")
touched = st.none() | st.frozensets(st.sampled_from(EPISODES), max_size=2)
# Seconds since the one before, by how much the version grew, whether an episode was due, and what
# was touched: of a due episode nobody knows.
edits = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from([0, 1, LATE_SECONDS / 2, LATE_SECONDS + 1]),
            st.integers(1, 2),
            st.just(0),
            touched,
        ),
        st.tuples(st.just(1), st.integers(0, 1), st.sampled_from([-2, 1]), st.none()),
    ),
    max_size=8,
)


@given(edits=edits)
def test_a_page_is_outdated_when_any_change_says_so(edits: list):
    keeper, clock = Keeper(Cache(Path())), SimpleNamespace(seconds=0.0)
    version, due = 3, 5
    with patch.object(loop, "time", SimpleNamespace(monotonic=lambda: clock.seconds)):
        keeper.note(Change(State(version, 0, due, "release")))
        for seconds, grown, later, episodes in edits:
            clock.seconds += seconds
            keeper.looked_at = clock.seconds
            version, due = version + grown, due + later
            keeper.note(Change(State(version, 0, due, "release"), episodes))
    states = [
        State(made_from, 0, newest, release)
        for made_from in range(version + 1)
        for newest in range(due - 2, due + 2)
        for release in ("release", "former")
    ]
    for episode in (None, *EPISODES, "podcast/other"):
        for state in (None, *states):
            page = CachedPage(Path(), "", state, episode)
            by_any = any(change.outdates(page) for _, change in keeper.changes)
            assert keeper.is_outdated(page) == by_any, page
