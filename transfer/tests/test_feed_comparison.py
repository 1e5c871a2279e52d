"""What apps would see change between two feeds."""

from pathlib import Path

import pytest

from transfer.feed_comparison import compare
from transfer.tests.checkouts import run as run_command
from transfer.tests.feeds import feed, item, opened

OLD = feed(item(2), item(1))


def differences(new: bytes, old: bytes = OLD, withdrawn: frozenset[str] = frozenset()) -> list[str]:
    result = compare(opened(old, "old.xml"), opened(new, "new.xml"), withdrawn)
    return [str(difference) for difference in result.differences]


def test_the_same_feed_spelt_otherwise_is_no_difference():
    spelt = item(
        1,
        date="<pubDate>2020-06-01T04:00:00Z</pubDate>",
        duration="<itunes:duration>3600</itunes:duration>",
        notes="",
    )
    assert differences(feed(item(2), spelt)) == []


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        ("title", "<title>Renamed</title>", "title: Episode of 1 → Renamed"),
        ("link", "<link>https://new.example/1</link>",
         "link: https://show.example/1-an-episode → https://new.example/1"),
        ("duration", "", "duration: 3600 → none"),
        ("date", "<pubDate>2020-06-01</pubDate>",
         "date: 2020-06-01 04:00:00+00:00 → 2020-06-01 00:00:00+00:00 (!)"),
        ("enclosure", '<enclosure url="https://b.example/1.mp3" length="1000" type="audio/mpeg"/>',
         "enclosure: https://show.example/audio/1.mp3 → https://b.example/1.mp3 (!)"),
        ("enclosure",
         '<enclosure url="https://show.example/audio/1.mp3" length="7" type="audio/mpeg"/>',
         "length: 1000 → 7 (!)"),
        ("enclosure",
         '<enclosure url="https://show.example/audio/1.mp3" length="1000" type="audio/mp4"/>',
         "type: audio/mpeg → audio/mp4"),
    ],
)  # fmt: skip
def test_each_change_is_reported(part: str, value: str, expected: str):
    assert differences(feed(item(2), item(1, **{part: value}))) == [f"Episode of 1: {expected}"]


def test_numbers_and_images():
    more = '<itunes:episode>1</itunes:episode><itunes:image href="https://show.example/1.png"/>'
    old, new = feed(item(1, more=more)), feed(item(1, more=more.replace("1<", "2<")))
    assert differences(new, old) == ["Episode of 1: number: 1 → 2"]
    plain = feed(item(1, more="<itunes:episode>1</itunes:episode>"))
    assert differences(plain, old) == ["Episode of 1: image: https://show.example/1.png → none"]


def test_what_is_said_for_the_first_time_is_no_difference():
    assert differences(feed(item(2), item(1, more="<itunes:episode>1</itunes:episode>"))) == []


def test_added_removed_and_withdrawn():
    assert differences(feed(item(3), item(2))) == [
        "Episode of 1: removed: guid-1 (!)",
        "Episode of 3: added: guid-3 (!)",
    ]
    expected = differences(feed(item(2)), withdrawn=frozenset(["guid-1"]))
    assert expected == ["Episode of 1: withdrawn, as expected"]


def test_order():
    assert differences(feed(item(1), item(2))) == [
        "Episode of 1: order: moved; the items after it may have moved, too"
    ]


@pytest.mark.django_db
def test_the_command_fails_only_for_what_is_grave(tmp_path: Path):
    old, shown, grave = (tmp_path / name for name in ("old.xml", "shown.xml", "grave.xml"))
    old.write_bytes(OLD)
    shown.write_bytes(feed(item(2), item(1, title="<title>Renamed</title>")))
    grave.write_bytes(feed(item(2)))
    out = run_command("compare_feed", str(old), str(shown))
    assert out.endswith("2 items before, 2 now. Differences: 1, grave: 0. Not readable: 0.\n")
    assert run_command("compare_feed", str(old), str(grave)).endswith("exit 1")
    assert "exit" not in run_command("compare_feed", str(old), str(grave), withdrawn=["guid-1"])


def test_an_item_that_cannot_be_read_is_grave(tmp_path: Path):
    result = compare(opened(OLD), opened(feed(item(2), item(1), "<item><b></item>")))
    assert result.is_grave
    assert "No XML that can be read" in result.problems[0].message
