"""Downloads counted from nginx's log by the IAB's guidelines."""

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
from ops.downloads import log as log_module
from ops.downloads.audio import MAX_SPANS, largest, merged
from ops.downloads.counting import CountedElsewhere, count_downloads, count_new
from ops.downloads.log import UnreadableLine, is_listener, parse_line
from ops.downloads.log_files import first_line
from ops.models import DailyDownloads, Listener, ListenerSalt, LogPosition, LogRead

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
PHONE = "AppleCoreMedia/1.0.0.20G81 (iPhone; U; CPU OS 16_6_1 like Mac OS X; en_us)"
TAG = b"ID3\x04\x00\x00\x00\x00\x07\x76" + bytes(1014)  # 1024 bytes
SECONDS = 600
SIZE = 1024 + 6_000_000  # 10,000 bytes a second
MINUTE = 600_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded() -> Episode:
    """An episode with a local audio file."""
    show()
    row = episode("Recorded", 1)
    row.enclosure.url = ""
    row.enclosure.file.save("recorded.mp3", ContentFile(TAG + bytes(10)), save=False)
    row.enclosure.bytes, row.enclosure.seconds = SIZE, SECONDS
    row.enclosure.save()
    return row


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


numbers = iter(range(10**6))


def line(row: Episode, at: Any = NOON, **changes: Any) -> str:
    """A line of nginx's log: the whole file, to a phone."""
    values = {
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
        "cache": "",
    }
    return json.dumps(values | changes) + "\n"


def part(first: int, length: int) -> dict[str, Any]:
    """A response to a range request, of so many bytes from the first."""
    return {"status": 206, "range": f"bytes={first}-", "bytes": length}


def write(log: Path, *lines: str) -> None:
    with log.open("a") as file:
        file.writelines(lines)


def total() -> int:
    return sum(DailyDownloads.objects.values_list("count", flat=True))


def counted(log: Path, *lines: str) -> int:
    write(log, *lines)
    count_downloads(log)
    return total()


def test_a_listener_counts_once_in_24_hours(recorded: Episode, log: Path):
    assert (
        counted(log, line(recorded), line(recorded), line(recorded, NOON + timedelta(hours=23)))
        == 1
    )
    other = {"address": "203.0.113.8"}, {"agent": "AntennaPod/3.1.0"}
    assert counted(log, *(line(recorded, **each) for each in other)) == 3
    # Over midnight it is still the same listener; a day later a download of its own.
    assert counted(log, line(recorded, NOON + timedelta(hours=23, minutes=59))) == 3
    assert counted(log, line(recorded, NOON + timedelta(hours=24))) == 4
    days = dict(DailyDownloads.objects.values_list("day", "count"))
    assert sorted(days.values()) == [1, 3]


def test_days_are_the_shows(recorded: Episode, log: Path):
    late = NOON.replace(hour=2)  # in New York it is the evening before
    counted(log, line(recorded, late))
    assert DailyDownloads.objects.get().day == (late - timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("spans", "count"),
    [
        ([(0, 1024 + MINUTE)], 1),
        ([(0, 1024 + MINUTE - 1)], 0),  # the tag isn't audio
        ([(0, MINUTE), (0, MINUTE)], 0),  # the same twice
        ([(0, MINUTE), (MINUTE, 1024)], 1),
        ([(3_000_000, MINUTE // 2), (1_000_000, MINUTE // 2)], 1),  # a minute from two places
        ([(0, 1024)], 0),
    ],
)
def test_a_minute_of_audio_is_a_download(recorded: Episode, log: Path, spans, count):
    assert counted(log, *(line(recorded, **part(*span)) for span in spans)) == count


def test_received_bytes_are_remembered_between_runs(recorded: Episode, log: Path):
    assert counted(log, line(recorded, **part(0, 400_000))) == 0
    assert counted(log, line(recorded, **part(400_000, 300_000))) == 1
    assert Listener.objects.get().byte_ranges == []


def test_a_short_file_counts_when_it_was_received_in_full(recorded: Episode, log: Path):
    recorded.enclosure.bytes, recorded.enclosure.seconds = 1024 + 5000, 5
    recorded.enclosure.save()
    assert counted(log, line(recorded, bytes=6000)) == 0
    assert counted(log, line(recorded, bytes=6024)) == 1


@pytest.mark.parametrize(
    "changes",
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
        {"uri": "/podcast/1-recorded"},
    ],
)
def test_what_is_no_download(recorded: Episode, log: Path, changes: dict[str, Any]):
    assert counted(log, line(recorded, **changes)) == 0


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


def test_user_agents_are_matched_once_and_only_for_recordings(
    recorded: Episode, log: Path, monkeypatch: pytest.MonkeyPatch
):
    matched: list[str] = []
    monkeypatch.setattr(log_module, "is_crawler", lambda agent: matched.append(agent))
    long = "Current" * 1000
    write(log, line(recorded, agent=long, uri="/audio/none.mp3"))
    write(log, *(line(recorded, agent=long, range=f"bytes={at}-") for at in range(9)))
    assert count_downloads(log).bad_lines == 0
    assert matched == [long[:300]]


def test_nobody_makes_up_listeners_without_end(
    recorded: Episode, log: Path, monkeypatch: pytest.MonkeyPatch
):
    write(log, *(line(recorded, agent=f"App {number}") for number in range(900)))
    assert 200 < count_downloads(log).downloads <= 256
    addresses = [f"2001:db8:1:2::{number:x}" for number in range(9)]
    write(log, *(line(recorded, address=each) for each in (*addresses, "2001:db8:1:3::1")))
    assert count_downloads(log).downloads == 2
    write(log, *(line(recorded, address=each) for each in ("unix:", "::x", "fe80::1%eth0")))
    assert count_downloads(log).downloads == 3
    monkeypatch.setattr("ops.downloads.listeners.MAX_LISTENERS", 100)
    write(log, line(recorded, address="192.0.2.9", at=NOON + timedelta(seconds=1)))
    assert count_downloads(log).downloads == 1
    assert Listener.objects.count() <= 100


def test_audio_on_another_host_counts_by_its_address(recorded: Episode, log: Path):
    row = episode("Elsewhere", 2)
    row.enclosure.url = "https://cdn.example/2.mp3"
    row.enclosure.save()
    sent = {"status": 302, "bytes": 0}
    assert counted(log, line(row, **sent, range="bytes=5000-"), line(row, **sent)) == 1
    old = f"/assets/podcast/{row.enclosure.name}"
    assert counted(log, line(row, **sent, uri=old), line(row, status=200)) == 1
    # A redirect to a local file doesn't count.
    assert counted(log, line(recorded, **sent, uri=recorded.enclosure.path)) == 1


def test_no_address_is_stored(recorded: Episode, log: Path, settings):
    counted(log, line(recorded))
    row, salt, position = (
        Listener.objects.get(),
        ListenerSalt.objects.first(),
        LogRead.objects.get(),
    )
    stored = f"{bytes(row.key)!r} {row.byte_ranges} {bytes(salt.salt)!r} {position.first}"
    assert "203.0.113.7" not in stored and PHONE not in stored
    # A stolen database can't be searched for addresses: the key is the site's secret.
    Listener.objects.update(counted=False)
    settings.SECRET_KEY = "another" * 10
    counted(log, line(recorded))
    assert Listener.objects.count() == 2


def test_listeners_and_salts_go_when_the_24_hours_are_over(recorded: Episode, log: Path):
    counted(log, line(recorded, NOON - timedelta(days=3)))
    assert (total(), Listener.objects.count()) == (1, 0)
    assert not ListenerSalt.objects.filter(day__lt=(NOON - timedelta(days=2)).date()).exists()


def test_counting_continues_where_it_stopped(recorded: Episode, log: Path):
    write(log, line(recorded), line(recorded, address="203.0.113.8"))
    assert (count_downloads(log).lines, count_downloads(log).lines) == (2, 0)
    complete = line(recorded, address="203.0.113.9")
    write(log, complete[:50])
    assert (count_downloads(log).lines, total()) == (0, 2)
    write(log, complete[50:])
    assert (count_downloads(log).lines, total()) == (1, 3)


@pytest.mark.parametrize("packed", [False, True])
def test_counting_follows_a_rotated_log(recorded: Episode, log: Path, packed: bool):
    counted(log, line(recorded, address="203.0.113.1"))
    write(log, line(recorded, address="203.0.113.2"))
    older, newer = log.with_name("access.log.2"), log.with_name("access.log.1")
    log.rename(older)
    os.utime(older, (1, 1))
    if packed:
        with gzip.open(f"{older}.gz", "wb") as file:
            file.write(older.read_bytes())
        os.utime(f"{older}.gz", (1, 1))
        older.unlink()
    write(newer, line(recorded, address="203.0.113.3"))
    if packed:
        log.touch()
    assert count_downloads(log).lines == 2
    write(log, line(recorded, address="203.0.113.4"))
    assert count_downloads(log).lines == 1
    assert total() == 4


def test_a_rotated_file_is_not_counted_again_by_its_own_name(recorded: Episode, log: Path):
    """Its listeners are deleted after 24 hours, so each would count again."""
    counted(log, line(recorded, NOON - timedelta(days=3)))
    older = log.rename(log.with_name("access.log-2026-11-24"))
    write(log, line(recorded, address="203.0.113.2"))
    count_downloads(log)
    with pytest.raises(CommandError, match="has been counted with it"):
        call_command("count_downloads", str(older))
    assert total() == 2


def test_lines_written_after_a_rotation_are_counted(recorded: Episode, log: Path):
    """nginx's workers reopen the log one after the other."""
    counted(log, line(recorded, address="203.0.113.1"))
    moved = log.rename(log.with_name("access.log-2026-11-24"))
    assert counted(log, line(recorded, address="203.0.113.2")) == 2
    write(moved, line(recorded, address="203.0.113.3"))
    assert counted(log, line(recorded, address="203.0.113.4")) == 4
    with gzip.open(f"{moved}.gz", "wb") as file:
        file.write(moved.read_bytes())
    assert count_downloads(log).lines == 0  # the same file twice
    moved.unlink()
    assert count_downloads(log).lines == 0
    moved.with_name(f"{moved.name}.gz").write_bytes(b"\x1f\x8b\x08")  # only begun
    assert count_downloads(log).lines == 0


def test_logs_of_two_machines_may_have_the_same_path(recorded: Episode, log: Path):
    """As when each machine's log is copied to the same place in turn."""
    one, other = log.with_name("one"), log.with_name("other")
    write(one, line(recorded, NOON - timedelta(days=3), address="203.0.113.1"))
    write(other, line(recorded, NOON - timedelta(days=3), address="203.0.113.2"))
    for _ in range(3):  # listeners of three days ago are deleted: each would count again
        for machine in (one, other):
            machine.rename(log)
            count_downloads(log)
            log.rename(machine)
    assert total() == 2
    write(one, line(recorded, address="203.0.113.3"))
    one.rename(log)
    count_downloads(log)
    assert total() == 3


def test_a_moved_file_is_not_counted_twice(recorded: Episode, log: Path):
    counted(log, line(recorded, NOON - timedelta(days=3)))
    folder = log.with_name("mounted")
    folder.mkdir()
    assert count_downloads(log.rename(folder / "access.log")).lines == 0
    assert counted(folder / "access.log", line(recorded)) == 2


def test_a_log_rotated_while_it_is_read_is_read_to_its_end(
    recorded: Episode, log: Path, monkeypatch
):
    counted(log, line(recorded, address="203.0.113.1"))
    write(log, line(recorded, address="203.0.113.2"))

    def moved(*arguments: Any) -> Any:
        monkeypatch.undo()
        log.rename(log.with_name("access.log.1"))
        write(log, line(recorded, address="203.0.113.3") * 3)
        return unread(*arguments)

    unread = count_downloads.__globals__["unread"]
    monkeypatch.setattr("ops.downloads.counting.unread", moved)
    with pytest.raises(FileNotFoundError, match="is another file now"):
        count_downloads(log)
    assert counted(log) == 3


def test_counting_continues_where_the_former_release_stopped(recorded: Episode, log: Path):
    counted(log, line(recorded, NOON - timedelta(days=3)))
    LogRead.objects.all().delete()  # which had LogPosition alone
    assert count_downloads(log).lines == 0
    position = LogPosition.objects.get()
    assert (position.path, position.offset) == (str(log), log.stat().st_size)


def test_lines_that_a_former_release_has_counted_are_not_counted_again(
    recorded: Episode, log: Path
):
    counted(log, line(recorded, NOON - timedelta(days=3)))
    log.rename(log.with_name("access.log-1"))
    write(log, line(recorded, NOON - timedelta(days=2), address="203.0.113.7"))
    # As the former release leaves it.
    LogPosition.objects.update(first=first_line(log), offset=log.stat().st_size)
    assert count_downloads(log).lines == 0
    assert counted(log, line(recorded, address="203.0.113.8")) == 2


def test_the_spans_of_a_listener_are_limited(recorded: Episode, log: Path):
    bytes_all_over = (part(10_000 * number, 1) for number in range(1, 300))
    counted(log, *(line(recorded, **each) for each in bytes_all_over))
    assert len(Listener.objects.get().byte_ranges) == MAX_SPANS
    assert counted(log, line(recorded, **part(1024, MINUTE))) == 1
    assert largest([(0, 9), (20, 21), (30, 40)] * 50)[0] == (0, 9)


def test_a_missing_file_of_the_log_is_reported(
    recorded: Episode, log: Path, capsys, caplog, settings
):
    counted(log, line(recorded, address="203.0.113.1"))
    log.unlink()
    write(log, line(recorded, address="203.0.113.2"), "no line of ours\n", '{"at": "2026"}\n')
    call_command("count_downloads", str(log))
    output = capsys.readouterr()
    assert output.out == "1 downloads in 3 lines\n"
    assert "is the file that was read up to byte" in output.err
    assert "2 unreadable lines: JSONDecodeError" in output.err
    settings.DOWNLOADS_LOG = str(log)
    assert count_new() == ""
    write(log, line(recorded, address="203.0.113.3"))
    assert count_new() == "Counted 1 downloads."


def test_a_missing_log_is_an_error(recorded: Episode, log: Path):
    with pytest.raises(Exception, match="No such file"):
        call_command("count_downloads", str(log))


def test_concurrent_runs_count_nothing_twice(recorded: Episode, log: Path, monkeypatch):
    write(log, line(recorded))

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.undo()
        count_downloads(log)
        return unread(*arguments)

    unread = count_downloads.__globals__["unread"]
    monkeypatch.setattr("ops.downloads.counting.unread", overtaken)
    with pytest.raises(CountedElsewhere):
        count_downloads(log)
    assert total() == 1


def test_a_batch_costs_the_same_however_many_listen(recorded: Episode, log: Path):
    counts = []
    for listeners in (2, 200):
        addresses = [f"198.51.{listeners}.{number}" for number in range(listeners)]
        with CaptureQueriesContext(connection) as queries:
            counted(log, *(line(recorded, address=address) for address in addresses))
        counts.append(len(queries))
    assert total() == 202
    assert counts[1] <= counts[0]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=12))
def test_merging_has_every_byte_once(pairs):
    spans = [(begin, begin + length) for begin, length in pairs]
    positions = {at for begin, end in spans for at in range(begin, end)}
    found = merged(spans)
    assert sum(end - begin for begin, end in found) == len(positions)
    assert found == sorted(found)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_line_or_none(text: bytes):
    try:
        parse_line(text)
    except UnreadableLine:
        return
    assert text.strip().startswith(b"{")
