"""Episodes of a synthetic log, and the figures that were counted of it."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from bench.listener_log.synthetic_log import Recording
from episodes.tests.factories import episode
from ops.models import DailyDownloads, DailyFigure, DailyMoment, FigureKind


def recordings(count: int) -> list[Recording]:
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


def counted_figures() -> dict[str, Any]:
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
