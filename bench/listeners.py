"""Count a synthetic log, compare with a count by other means, and time the desk's pages of it.

./run bench listeners [--lines 1000000] [--episodes 2000] [--years 3]

All is done in a transaction that is rolled back, and in a folder that is removed.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from bench.listener_log import catalogue
from bench.listener_log.reference import reference_count
from bench.listener_log.synthetic_log import OWN_HOST, SyntheticLog
from episodes.models import Episode
from ops.downloads.counting import count_downloads
from ops.models import DailyDownloads, DailyFigure, DailyMoment, EpisodeFigure, Listener, LogRead
from show.models import Show

RECORDINGS = 40
PAGES = ("", "?days=90", "episodes/", "compared/?days=90", "apps/", "moments/", "readers/")
ROUNDS = 5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--episodes", type=int, default=2000)
    arguments.add_argument("--years", type=int, default=3)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        with override_settings(
            MEDIA_ROOT=folder,
            SITE_URL=f"https://{OWN_HOST}",
            ALLOWED_HOSTS=[OWN_HOST, "testserver"],
        ):
            _empty()
            if options.lines:
                _compare(Path(folder) / "access.log", options.lines)
            _empty()
            _time_pages(options.episodes, 365 * options.years)
        transaction.set_rollback(True)


def _empty() -> None:
    Episode.with_deleted.all().delete()
    for model in (DailyDownloads, DailyFigure, DailyMoment, EpisodeFigure, Listener, LogRead):
        model.objects.all().delete()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started, computed = time.perf_counter(), time.process_time()
    yield
    seconds, own = time.perf_counter() - started, time.process_time() - computed
    print(f"{what}: {seconds:.1f} s, {own:.1f} of them computing here", flush=True)


def _compare(log: Path, count: int) -> None:
    zone = Show.objects.current().zone
    recordings = catalogue.recordings(RECORDINGS)
    end = datetime.now(UTC).replace(microsecond=0)
    with _timed("Making the log"):
        lines = SyntheticLog(recordings, end - timedelta(days=90), end).lines(count)
        log.write_bytes(b"".join(lines))
    with _timed(f"Counting {len(lines):,} lines"):
        tally = count_downloads(log)
    with _timed("The reference"):
        reference = reference_count(lines, recordings, zone)
    found = catalogue.counted_figures()
    for name, expected in vars(reference).items():
        verdict = "equal" if found[name] == dict(expected) else "DIFFERENT"
        print(f"  {name}: {sum(expected.values()):,} in {len(expected):,} rows, {verdict}")
    print(f"  {tally.bad_lines} unreadable lines")


FILL = """
INSERT INTO ops_dayofdownloads (episode_id, day, count)
SELECT episode.id, day::date, 1 + (random() * 20)::int
FROM episodes_episode AS episode, generate_series(%s::date, %s::date, '1 day') AS day
"""
FILL_FIGURES = """
INSERT INTO ops_dailyfigure (kind, day, name, count)
SELECT kind, day::date, 'name ' || number, 1 + (random() * 90)::int
FROM generate_series(%s::date, %s::date, '1 day') AS day, generate_series(1, 60) AS number,
    unnest(ARRAY['app', 'device', 'referrer', 'subscribers']) AS kind
"""
FILL_MOMENTS = """
INSERT INTO ops_dailymoment (episode_id, day, seconds, "end", count)
SELECT (SELECT min(id) FROM episodes_episode) + number, day::date, 60 * number, 0, number
FROM generate_series(%s::date, %s::date, '1 day') AS day, generate_series(1, 200) AS number
"""


def _time_pages(episodes: int, days: int) -> None:
    """Every episode is downloaded every day, which is more than any show has."""
    today = timezone.localdate()
    Episode.objects.bulk_create(
        Episode(
            title=f"Episode {number}", slug=f"{number}-episode", number=number,
            status=Episode.Status.PUBLISHED,
            published_at=timezone.now() - timedelta(days=days * number / episodes),
        )
        for number in range(1, episodes + 1)
    )  # fmt: skip
    with connection.cursor() as cursor:
        for sql in (FILL, FILL_FIGURES, FILL_MOMENTS):
            cursor.execute(sql, [today - timedelta(days=days - 1), today])
        cursor.execute("ANALYZE")
    print(f"{episodes:,} episodes in {days:,} days: {DailyDownloads.objects.count():,} rows")
    host = Client(headers={"host": "testserver"})
    user = User.objects.create_superuser("bench-listeners", password=None)
    host.force_login(user)
    key = Episode.objects.values_list("pk", flat=True)[episodes // 2]
    for page in (*PAGES, f"episodes/{key}"):
        path, best = f"/admin/listeners/{page}", 60.0
        for _ in range(ROUNDS):
            started = time.perf_counter()
            answer = host.get(path, secure=True)
            best = min(best, time.perf_counter() - started)
        print(
            f"  {path}: {answer.status_code}, {best * 1000:.0f} ms, {len(answer.content):,} bytes"
        )
