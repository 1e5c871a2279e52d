"""Feeds that are mutilated: no exception, nothing half-written, and problems that say where."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from episodes.models import Enclosure, Episode
from notes.models import Revision
from show.models import Show
from transfer.tests.feeds import feed, item, run

pytestmark = pytest.mark.django_db
OLD_FEED = Path(__file__).with_name("old-feed.xml").read_bytes()
# Three items of the real feed: enough to break, few enough to import often.
REAL = OLD_FEED[: OLD_FEED.index(b"<item>")] + b"<item>".join(
    [b"", *OLD_FEED.split(b"<item>")[1:4]]
)
PERSON = '<podcast:person role="guest">Ann Lee</podcast:person>'
TIMES = "<![CDATA[<p>0:10 One<br>1:00 Two<br>2:00 Three</p>]]>"
CHAPTERS = '<psc:chapters><psc:chapter start="1:00" title="One"/></psc:chapters>'
SYNTHETIC = feed(
    item(1, more=f"<itunes:episode>1</itunes:episode>{PERSON}"),
    item(2, notes=f"<description>{TIMES}</description>"),
    item(3, more=CHAPTERS),
)
BITS = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"</item>", b"<item>", b"\x00",
    b"\xff",
    b"</channel>", b"&nbsp;", b"&#0;", b'"', b"\xef\xbb\xbf", b"9" * 40, b"-1", b"x" * 2000,
    b"\xe2\x80\xae", b"1:75", b"javascript:x", b"\n" * 50, b"http://[", b"\xed\xa0\x80",
]  # fmt: skip


@st.composite
def mutilated(draw: st.DrawFn, original: bytes) -> bytes:
    """The feed with some bytes cut out, put in or swapped."""
    data = original
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        gone = draw(st.sampled_from([0, 0, 1, 5, 200]))
        data = data[:at] + draw(st.sampled_from([b"", *BITS])) + data[at + gone :]
    return data


def assert_complete() -> None:
    """Every episode there is went through the one exit, with what it can't be without."""
    assert Show.objects.count() <= 1
    for row in Episode.objects.all():
        assert row.title and row.guid and row.slug
        assert row.status == "draft" or row.published_at
        assert Revision.objects.filter(episode=row).exists()
    assert not Enclosure.objects.filter(url="").exists()


def stored() -> list[tuple[str, str, int]]:
    return list(Episode.objects.order_by("pk").values_list("guid", "title", "edit_number"))


def assert_reported(out: str) -> None:
    """Each failure is reported with its place and reason."""
    failed = sum(line.endswith(": failed") for line in out.splitlines())
    assert out.count(": error: ") >= failed
    for line in out.splitlines():
        if ": error: " in line:
            assert line.startswith("feed.xml:")


@settings(max_examples=40)
@given(mutilated(SYNTHETIC) | mutilated(REAL))
def test_a_mutilated_feed_is_no_exception_and_nothing_half_written(data: bytes):
    first = run(data)
    assert_reported(first)
    assert_complete()
    before = list(Episode.objects.order_by("pk").values_list("guid", "title", "edit_number"))
    again = run(data)
    assert " 0 new, 0 changed, " in again, again
    assert before == list(
        Episode.objects.order_by("pk").values_list("guid", "title", "edit_number")
    )
    Episode.objects.all().delete()
    Show.objects.all().delete()


@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_any_bytes_are_no_exception(data: bytes):
    assert " 1 failed; 1 error" in run(data)
    assert not Episode.objects.exists()


def test_items_in_another_order_are_the_same_episodes():
    items = [item(number) for number in range(1, 9)]
    run(feed(*items))
    random.Random(7).shuffle(items)
    assert " 0 new, 0 changed, 9 unchanged" in run(feed(*items))
