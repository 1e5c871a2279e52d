"""The figures beside downloads: apps, devices, moments, referrers, subscribers."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from bench.listeners.reference import reference_count
from bench.listeners.synthetic_log import OWN_HOST, Recording, SyntheticLog
from episodes.tests.factories import episode, show
from ops.downloads.counting import count_downloads
from ops.models import DailyDownloads, DailyFigure, DailyMoment, FigureKind
from ops.tests.test_downloads import log, recorded
from show.models import Show

__all__ = ["log", "recorded"]  # fixtures
pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def catalogue(count: int) -> list[Recording]:
    """Episodes with tags of some size before the audio; every fifth file is elsewhere."""
    found = []
    for number in range(1, count + 1):
        row = episode(f"Episode {number}", number)
        tag = 0 if number % 3 else 1024 * number
        file, size, seconds = row.enclosure, 4_000_000 + 100_000 * number, 400
        if number % 7 == 0:
            size, seconds = 200_000 + tag, 20
        if number % 5 == 0:
            file.url = f"https://cdn.example/{number}.mp3"
        else:
            file.url = ""
            head = b"ID3\x04\x00\x00" + id3_size(tag - 10) + bytes(tag - 10) if tag else b""
            file.file.save(f"{number}.mp3", ContentFile(head + bytes(10)), save=False)
        file.bytes, file.seconds = size, seconds
        file.save()
        path = file.path if file.url else file.file.url
        found.append(Recording(row.pk, row.slug, path, size, seconds, tag, bool(file.url)))
    return found


def id3_size(size: int) -> bytes:
    return bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))


def as_reference_has_them() -> dict[str, Any]:
    figures = DailyFigure.objects.all()

    def of(kind: str) -> dict[tuple[date, str], int]:
        return {(row.day, row.name): row.count for row in figures.filter(kind=kind)}

    return {
        "downloads": {(row.episode_id, row.day): row.count for row in DailyDownloads.objects.all()},
        "apps": of(FigureKind.APP),
        "devices": of(FigureKind.DEVICE),
        "referrers": of(FigureKind.REFERRER),
        "subscribers": of(FigureKind.SUBSCRIBERS),
        "moments": {
            (row.episode_id, row.day, row.seconds, row.end): row.count
            for row in DailyMoment.objects.all()
        },
    }


def test_the_figures_equal_a_count_by_other_means(log: Path, settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = f"https://{OWN_HOST}", [OWN_HOST]
    show()
    recordings = catalogue(14)
    end = datetime(2026, 11, 20, 12, tzinfo=UTC)
    synthetic = SyntheticLog(recordings, end - timedelta(days=9), end)
    synthetic.addresses = synthetic.addresses[:400]
    lines = synthetic.lines(20_000)
    log.write_bytes(b"".join(lines))
    count_downloads(log)
    expected = vars(reference_count(lines, recordings, Show.objects.current().zone))
    found = as_reference_has_them()
    assert {name: sum(each.values()) for name, each in found.items()} == {
        name: sum(each.values()) for name, each in expected.items()
    }
    assert found == {name: dict(each) for name, each in expected.items()}
    assert all(sum(each.values()) > 200 for each in found.values())
