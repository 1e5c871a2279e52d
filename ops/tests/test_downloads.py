"""Downloads counted from nginx's log, as the IAB's guidelines have it."""

import gzip
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from episodes.models import Episode
from episodes.tests.factories import episode, show
from ops.downloads.audio import MOST_SPANS, largest, merged
from ops.downloads.counting import CountedElsewhere, count_downloads, count_new
from ops.downloads.lines import UnreadableLine, is_listener, read_line
from ops.downloads.log import first_line
from ops.models import DayOfDownloads, Listener, ListenerSalt, LogPosition, LogRead

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
PHONE = "AppleCoreMedia/1.0.0.20G81 (iPhone; U; CPU OS 16_6_1 like Mac OS X; en_us)"
TAG = b"ID3\x04\x00\x00\x00\x00\x07\x76" + bytes(1014)  # 1024 bytes
SECONDS = 600
SIZE = 1024 + 6_000_000  # 10,000 bytes a second
MINUTE = 600_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Episode:
    """An episode whose recording lies here."""
    show()
    row = episode("Heard", 1)
    row.enclosure.url = ""
    row.enclosure.file.save("heard.mp3", ContentFile(TAG + bytes(10)), save=False)
    row.enclosure.bytes, row.enclosure.seconds = SIZE, SECONDS
    row.enclosure.save()
    return row


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


numbers = iter(range(10**6))


def line(row: Episode, at: Any = NOON, **told: Any) -> str:
    """A line as nginx writes it: the whole recording, to a phone."""
    known = {
        "at": at.isoformat(timespec="seconds"),
        "id": f"{next(numbers):032x}",
        "address": "203.0.113.7",
        "method": "GET",
        "uri": row.enclosure.file.url if row.enclosure.file else row.enclosure.path,
        "status": 200,
        "bytes": SIZE,
        "seconds": 1.5,
        "range": "",
        "agent": PHONE,
        "purpose": "",
        "kept": "",
    }
    return json.dumps(known | told) + "\n"


def part(first: int, length: int) -> dict[str, Any]:
    """What an answer to a range is: from this byte, so many of them."""
    return {"status": 206, "range": f"bytes={first}-", "bytes": length}


def write(log: Path, *lines: str) -> None:
    with log.open("a") as file:
        file.writelines(lines)


def total() -> int:
    return sum(DayOfDownloads.objects.values_list("count", flat=True))


def counted(log: Path, *lines: str) -> int:
    write(log, *lines)
    count_downloads(log)
    return total()


def test_a_listener_counts_once_in_24_hours(heard: Episode, log: Path):
    assert counted(log, line(heard), line(heard), line(heard, NOON + timedelta(hours=23))) == 1
    other = {"address": "203.0.113.8"}, {"agent": "AntennaPod/3.1.0"}
    assert counted(log, *(line(heard, **each) for each in other)) == 3
    # Over midnight it is still the same listener; a day later a download of its own.
    assert counted(log, line(heard, NOON + timedelta(hours=23, minutes=59))) == 3
    assert counted(log, line(heard, NOON + timedelta(hours=24))) == 4
    days = dict(DayOfDownloads.objects.values_list("day", "count"))
    assert sorted(days.values()) == [1, 3]


def test_days_are_the_shows(heard: Episode, log: Path):
    late = NOON.replace(hour=2)  # in New York it is the evening before
    counted(log, line(heard, late))
    assert DayOfDownloads.objects.get().day == (late - timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("spans", "count"),
    [
        ([(0, 1024 + MINUTE)], 1),
        ([(0, 1024 + MINUTE - 1)], 0),  # the tag is no sound
        ([(0, MINUTE), (0, MINUTE)], 0),  # the same twice
        ([(0, MINUTE), (MINUTE, 1024)], 1),
        ([(3_000_000, MINUTE // 2), (1_000_000, MINUTE // 2)], 1),  # a minute from two places
        ([(0, 1024)], 0),
    ],
)
def test_a_minute_of_sound_is_a_download(heard: Episode, log: Path, spans, count):
    assert counted(log, *(line(heard, **part(*span)) for span in spans)) == count


def test_what_was_heard_is_remembered_between_runs(heard: Episode, log: Path):
    assert counted(log, line(heard, **part(0, 400_000))) == 0
    assert counted(log, line(heard, **part(400_000, 300_000))) == 1
    assert Listener.objects.get().heard == []


def test_a_short_recording_counts_when_it_was_had_whole(heard: Episode, log: Path):
    heard.enclosure.bytes, heard.enclosure.seconds = 1024 + 5000, 5
    heard.enclosure.save()
    assert counted(log, line(heard, bytes=6000)) == 0
    assert counted(log, line(heard, bytes=6024)) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"method": "HEAD", "bytes": 0},
        {"status": 304, "bytes": 0},
        {"status": 404},
        {"status": 416},
        {"range": "bytes=0-1", "status": 206, "bytes": 2},
        {"range": "bytes=0-9,20-2000000", "status": 206},
        {"agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"},
        {"agent": "python-requests/2.31.0"},
        {"agent": "Overcast/1.0 Podcast Sync (123 subscribers; feed-id=1; +http://overcast.fm/)"},
        {"agent": "atc/1.0 watchOS/9.5 model/Watch6,9 hwp/t8301 build/20T562"},
        {"agent": ""},
        {"purpose": "prefetch;prerender"},
        {"uri": "/media/audio/another.mp3"},
        {"uri": "/podcast/1-heard"},
    ],
)
def test_what_is_no_download(heard: Episode, log: Path, told: dict[str, Any]):
    assert counted(log, line(heard, **told)) == 0


@pytest.mark.parametrize(
    "agent",
    [
        PHONE,
        "Overcast/3.0 (+http://overcast.fm/; iOS podcast app)",
        "PocketCasts/1.0 (iOS)",
        "Podimo/2.1 Android",
        "AntennaPod/3.1.0",
        "Spotify/8.8.0 iOS/16.5 (iPhone14,2)",
        "PodcastAddict/v5 (+https://podcastaddict.com/; Android podcast app)",
        "Podcasts/1575.1 CFNetwork/1335 Darwin/21.6.0",
        "gPodder/3.11.1 (http://gpodder.org/) Linux",
        "newsboat/2.21",
        "VLC/3.0.18 LibVLC/3.0.18",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ],
)
def test_apps_are_listeners(agent: str):
    assert is_listener(agent)


def test_sound_that_lies_elsewhere_counts_by_its_address(heard: Episode, log: Path):
    row = episode("Elsewhere", 2)
    row.enclosure.url = "https://cdn.example/2.mp3"
    row.enclosure.save()
    sent = {"status": 302, "bytes": 0}
    assert counted(log, line(row, **sent, range="bytes=5000-"), line(row, **sent)) == 1
    old = f"/assets/podcast/{row.enclosure.name}"
    assert counted(log, line(row, **sent, uri=old), line(row, status=200)) == 1
    # Where it lies here, the way to it is none.
    assert counted(log, line(heard, **sent, uri=heard.enclosure.path)) == 1


def test_nobody_is_kept(heard: Episode, log: Path, settings):
    counted(log, line(heard))
    row, salt, position = (
        Listener.objects.get(),
        ListenerSalt.objects.first(),
        LogRead.objects.get(),
    )
    kept = f"{bytes(row.key)!r} {row.heard} {bytes(salt.salt)!r} {position.first}"
    assert "203.0.113.7" not in kept and PHONE not in kept
    # Who has the database alone can't try all addresses: the key is the site's secret.
    Listener.objects.update(counted=False)
    settings.SECRET_KEY = "another" * 10
    counted(log, line(heard))
    assert Listener.objects.count() == 2


def test_listeners_and_salts_go_when_the_24_hours_are_over(heard: Episode, log: Path):
    counted(log, line(heard, NOON - timedelta(days=3)))
    assert (total(), Listener.objects.count()) == (1, 0)
    assert not ListenerSalt.objects.filter(day__lt=(NOON - timedelta(days=2)).date()).exists()


def test_it_goes_on_where_it_was(heard: Episode, log: Path):
    write(log, line(heard), line(heard, address="203.0.113.8"))
    assert (count_downloads(log).lines, count_downloads(log).lines) == (2, 0)
    whole = line(heard, address="203.0.113.9")
    write(log, whole[:50])
    assert (count_downloads(log).lines, total()) == (0, 2)
    write(log, whole[50:])
    assert (count_downloads(log).lines, total()) == (1, 3)


@pytest.mark.parametrize("packed", [False, True])
def test_it_follows_a_log_that_is_rotated(heard: Episode, log: Path, packed: bool):
    counted(log, line(heard, address="203.0.113.1"))
    write(log, line(heard, address="203.0.113.2"))
    older, newer = log.with_name("access.log.2"), log.with_name("access.log.1")
    log.rename(older)
    os.utime(older, (1, 1))
    if packed:
        with gzip.open(f"{older}.gz", "wb") as file:
            file.write(older.read_bytes())
        os.utime(f"{older}.gz", (1, 1))
        older.unlink()
    write(newer, line(heard, address="203.0.113.3"))
    if packed:
        log.touch()
    assert count_downloads(log).lines == 2
    write(log, line(heard, address="203.0.113.4"))
    assert count_downloads(log).lines == 1
    assert total() == 4


def test_a_rotated_file_is_not_counted_again_by_its_own_name(heard: Episode, log: Path):
    """Its listeners are forgotten after 24 hours: each would be another download."""
    counted(log, line(heard, NOON - timedelta(days=3)))
    older = log.rename(log.with_name("access.log-2026-11-24"))
    write(log, line(heard, address="203.0.113.2"))
    count_downloads(log)
    with pytest.raises(CommandError, match="has been counted with it"):
        call_command("count_downloads", str(older))
    assert total() == 2


def test_lines_written_to_a_file_after_it_was_moved_away_are_counted(heard: Episode, log: Path):
    """Some of nginx's processes hear later than others that its log begins anew."""
    counted(log, line(heard, address="203.0.113.1"))
    moved = log.rename(log.with_name("access.log-2026-11-24"))
    assert counted(log, line(heard, address="203.0.113.2")) == 2
    write(moved, line(heard, address="203.0.113.3"))
    assert counted(log, line(heard, address="203.0.113.4")) == 4
    with gzip.open(f"{moved}.gz", "wb") as file:
        file.write(moved.read_bytes())
    assert count_downloads(log).lines == 0  # the same file twice
    moved.unlink()
    assert count_downloads(log).lines == 0
    moved.with_name(f"{moved.name}.gz").write_bytes(b"\x1f\x8b\x08")  # only begun
    assert count_downloads(log).lines == 0


def test_logs_of_two_machines_may_be_called_the_same(heard: Episode, log: Path):
    """The second machine's comes by the name of the first's, in a folder of its own."""
    one, other = log.with_name("one"), log.with_name("other")
    write(one, line(heard, NOON - timedelta(days=3), address="203.0.113.1"))
    write(other, line(heard, NOON - timedelta(days=3), address="203.0.113.2"))
    for _ in range(3):  # who listened three days ago is forgotten: each would count again
        for machine in (one, other):
            machine.rename(log)
            count_downloads(log)
            log.rename(machine)
    assert total() == 2
    write(one, line(heard, address="203.0.113.3"))
    one.rename(log)
    count_downloads(log)
    assert total() == 3


def test_a_file_that_lies_elsewhere_by_now_is_not_counted_twice(heard: Episode, log: Path):
    counted(log, line(heard, NOON - timedelta(days=3)))
    folder = log.with_name("mounted")
    folder.mkdir()
    assert count_downloads(log.rename(folder / "access.log")).lines == 0
    assert counted(folder / "access.log", line(heard)) == 2


def test_a_log_that_is_moved_away_while_it_is_read_is_read_to_its_end(
    heard: Episode, log: Path, monkeypatch
):
    counted(log, line(heard, address="203.0.113.1"))
    write(log, line(heard, address="203.0.113.2"))

    def moved(*arguments: Any) -> Any:
        monkeypatch.undo()
        log.rename(log.with_name("access.log.1"))
        write(log, line(heard, address="203.0.113.3") * 3)
        return unread(*arguments)

    unread = count_downloads.__globals__["unread"]
    monkeypatch.setattr("ops.downloads.counting.unread", moved)
    with pytest.raises(FileNotFoundError, match="is another file by now"):
        count_downloads(log)
    assert counted(log) == 3


def test_it_goes_on_where_the_former_version_was(heard: Episode, log: Path):
    counted(log, line(heard, NOON - timedelta(days=3)))
    LogRead.objects.all().delete()  # which knew the log's position alone
    assert count_downloads(log).lines == 0
    position = LogPosition.objects.get()
    assert (position.path, position.offset) == (str(log), log.stat().st_size)


def test_what_a_former_version_has_counted_meanwhile_is_not_counted_again(
    heard: Episode, log: Path
):
    counted(log, line(heard, NOON - timedelta(days=3)))
    log.rename(log.with_name("access.log-1"))
    write(log, line(heard, NOON - timedelta(days=2), address="203.0.113.7"))
    # As that one left it: it knew the position alone.
    LogPosition.objects.update(first=first_line(log), offset=log.stat().st_size)
    assert count_downloads(log).lines == 0
    assert counted(log, line(heard, address="203.0.113.8")) == 2


def test_what_is_kept_of_a_listener_is_bounded(heard: Episode, log: Path):
    bytes_all_over = (part(10_000 * number, 1) for number in range(1, 300))
    counted(log, *(line(heard, **each) for each in bytes_all_over))
    assert len(Listener.objects.get().heard) == MOST_SPANS
    assert counted(log, line(heard, **part(1024, MINUTE))) == 1
    assert largest([(0, 9), (20, 21), (30, 40)] * 50)[0] == (0, 9)


def test_a_log_that_is_gone_is_told_of(heard: Episode, log: Path, capsys, caplog, settings):
    counted(log, line(heard, address="203.0.113.1"))
    log.unlink()
    write(log, line(heard, address="203.0.113.2"), "no line of ours\n", '{"at": "2026"}\n')
    call_command("count_downloads", str(log))
    told = capsys.readouterr()
    assert told.out == "1 downloads in 3 lines\n"
    assert "is the file that was read up to byte" in told.err
    assert "2 lines are none of our nginx: JSONDecodeError" in told.err
    settings.DOWNLOADS_LOG = str(log)
    assert count_new() == ""
    write(log, line(heard, address="203.0.113.3"))
    assert count_new() == "Counted 1 downloads."


def test_a_log_that_is_not_there_is_an_error(heard: Episode, log: Path):
    with pytest.raises(Exception, match="No such file"):
        call_command("count_downloads", str(log))


def test_two_at_once_count_nothing_twice(heard: Episode, log: Path, monkeypatch):
    write(log, line(heard))

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.undo()
        count_downloads(log)
        return unread(*arguments)

    unread = count_downloads.__globals__["unread"]
    monkeypatch.setattr("ops.downloads.counting.unread", overtaken)
    with pytest.raises(CountedElsewhere):
        count_downloads(log)
    assert total() == 1


def test_a_batch_costs_the_same_however_many_listen(heard: Episode, log: Path):
    asked = []
    for listeners in (2, 200):
        addresses = [f"198.51.{listeners}.{number}" for number in range(listeners)]
        with CaptureQueriesContext(connection) as queries:
            counted(log, *(line(heard, address=address) for address in addresses))
        asked.append(len(queries))
    assert total() == 202
    assert asked[1] <= asked[0]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=12))
def test_merging_keeps_every_position_once(pairs):
    spans = [(begin, begin + length) for begin, length in pairs]
    positions = {at for begin, end in spans for at in range(begin, end)}
    found = merged(spans)
    assert sum(end - begin for begin, end in found) == len(positions)
    assert found == sorted(found)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_line_or_none(text: bytes):
    try:
        read_line(text)
    except UnreadableLine:
        return
    assert text.strip().startswith(b"{")
