"""The figures beside downloads: apps, devices, moments, referrers, subscribers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.listener_log import catalogue
from bench.listener_log.reference import reference_count
from bench.listener_log.synthetic_log import OWN_HOST, SyntheticLog
from episodes.tests.factories import show
from ops.downloads.counting import count_downloads
from ops.tests.test_downloads import log, recorded
from show.models import Show

__all__ = ["log", "recorded"]  # fixtures
pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.slow
def test_the_figures_equal_a_count_by_other_means(log: Path, settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = f"https://{OWN_HOST}", [OWN_HOST]
    show()
    recordings = catalogue.recordings(14)
    end = datetime(2026, 11, 20, 12, tzinfo=UTC)
    synthetic = SyntheticLog(recordings, end - timedelta(days=9), end)
    synthetic.addresses = synthetic.addresses[:400]
    lines = synthetic.lines(20_000)
    log.write_bytes(b"".join(lines))
    count_downloads(log)
    expected = vars(reference_count(lines, recordings, Show.objects.current().zone))
    found = catalogue.counted_figures()
    assert {name: sum(each.values()) for name, each in found.items()} == {
        name: sum(each.values()) for name, each in expected.items()
    }
    assert found == {name: dict(each) for name, each in expected.items()}
    assert all(sum(each.values()) > 200 for each in found.values())
