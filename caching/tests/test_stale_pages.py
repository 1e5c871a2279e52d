"""Comparing a page with three of many recorded changes finds what all of them would."""

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from caching.nginx import invalidator as loop
from caching.nginx.cache_files import CachedPage
from caching.nginx.invalidator import LATE_SECONDS, ContentChange
from caching.tests.factories import invalidator_of
from caching.version import PageVersion

EPISODES = ("podcast/a", "podcast/b", "podcast/c")
touched = st.none() | st.frozensets(st.sampled_from(EPISODES), max_size=2)
# Seconds since the last edit, growth of the version, whether an episode was due, and what was
# touched: a due episode isn't notified.
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
def test_a_page_is_stale_when_any_change_invalidates_it(edits: list):
    invalidator, clock = invalidator_of(Path()), SimpleNamespace(seconds=0.0)
    version, due = 3, 5
    with patch.object(loop, "time", SimpleNamespace(monotonic=lambda: clock.seconds)):
        invalidator.record(ContentChange(PageVersion(version, 0, due, "release")))
        for seconds, grown, later, episodes in edits:
            clock.seconds += seconds
            invalidator.polled_at = clock.seconds
            version, due = version + grown, due + later
            invalidator.record(ContentChange(PageVersion(version, 0, due, "release"), episodes))
    versions = [
        PageVersion(made_from, 0, newest, release)
        for made_from in range(version + 1)
        for newest in range(due - 2, due + 2)
        for release in ("release", "former")
    ]
    for episode in (None, *EPISODES, "podcast/other"):
        for page_version in (None, *versions):
            page = CachedPage(Path(), "", page_version, episode)
            by_any = any(change.invalidates(page) for _, change in invalidator.changes)
            assert invalidator.is_stale(page) == by_any, page
