"""What apps would see change between two feeds."""

from pathlib import Path

import pytest

from transfer.feed_comparison import compare
from transfer.tests.checkouts import run as run_command
from transfer.tests.feeds import CHANNEL, feed, item, opened

OLD = feed(item(2), item(1))


def differences(new: bytes, old: bytes = OLD, withdrawn: frozenset[str] = frozenset()) -> list[str]:
    result = compare(opened(old, "old.xml"), opened(new, "new.xml"), withdrawn)
    return [str(difference) for difference in result.differences]


def test_the_same_feed_spelt_otherwise_is_no_difference():
    spelt = item(
        1,
        date="<pubDate>2020-06-01T04:00:00Z</pubDate>",
        duration="<itunes:duration>3600</itunes:duration>",
        notes="<description><![CDATA[<p>Words <b>about</b> it.</p>]]></description>",
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


def described(number: int, text: str, **parts: str) -> str:
    notes = f"<description><![CDATA[{text}]]></description>"
    return item(number, notes=notes, **parts)


def test_words_that_a_description_lost_are_named():
    old = feed(described(1, "<p>Ann Lee on queues, <a href='https://a.example/'>caches</a>.</p>"))
    assert differences(feed(described(1, "Ann Lee on queues.")), old) == [
        "Episode of 1: description: lacks 1 of 5 words: caches"
    ]
    assert differences(feed(item(1, notes="")), old) == [
        "Episode of 1: description: lacks 5 of 5 words: ann lee on queues caches"
    ]
    longer = feed(described(1, "Caches, queues: on Ann Lee. https://b.example/ And more."))
    assert differences(longer, old) == []


def test_boilerplate_of_hosts_and_what_stands_below_all_episodes_is_not_compared():
    acast = "<p>Hosted on Acast. See acast.com/privacy for more information.</p>"
    footer = "<p>Follow us wherever podcasts can be found.</p>"
    old = feed(*(described(n, f"<p>Words {'abc'[n - 1]}x.</p>{footer}{acast}") for n in (3, 2, 1)))
    new = feed(*(described(n, f"Words {'abc'[n - 1]}x.") for n in (3, 2, 1)))
    assert differences(new, old) == []
    assert compare(opened(old), opened(new)).repeated == 1


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("<itunes:complete>Yes</itunes:complete>", "itunes:complete: yes → none"),
        ("<itunes:block>Yes</itunes:block>", "itunes:block: yes → none"),
        ("<itunes:explicit>yes</itunes:explicit>", "itunes:explicit: yes → no"),
        ("<itunes:type>serial</itunes:type>", "itunes:type: serial → episodic"),
        ("<podcast:locked>no</podcast:locked>", "podcast:locked: no → none"),
        ("<language>de</language>", "language: de → none"),
        (
            "<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>",
            "podcast:guid: 9b024349-ccf0-5f69-a609-6b82873eab3c → none (!)",
        ),
        (
            "<description>All about it</description>",
            "description: lacks 3 of 3 words: all about it",
        ),
    ],
)
def test_flags_of_the_show(flag: str, expected: str):
    old = feed(
        item(2), item(1, more="<itunes:explicit>no</itunes:explicit>"), channel=CHANNEL + flag
    )
    explicit = "<itunes:explicit>yes</itunes:explicit>"
    new = feed(item(2, more=explicit if "explicit" in flag else ""), item(1))
    assert differences(new, old) == [f"The show: {expected}"]


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("<itunes:explicit>yes</itunes:explicit>", "explicit: yes → no"),
        ("<itunes:season>2</itunes:season>", "season: 2 → none"),
        ("<itunes:episodeType>bonus</itunes:episodeType>", "episodeType: bonus → full"),
        ("<itunes:block>Yes</itunes:block>", "block: yes → none (!)"),
    ],
)
def test_flags_of_an_item(flag: str, expected: str):
    old = feed(item(2), item(1, more=flag))
    assert differences(OLD, old) == [f"Episode of 1: {expected}"]


def test_a_blocked_item_that_is_missing_is_not_grave():
    old = feed(item(2), item(1, more="<itunes:block>Yes</itunes:block>"))
    assert differences(feed(item(2)), old) == [
        "Episode of 1: removed: guid-1, which was blocked (itunes:block)"
    ]
