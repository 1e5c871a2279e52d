"""The figures beside downloads: apps, devices, moments, referrers, subscribers."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.listener_log import catalogue
from bench.listener_log.reference import reference_count
from bench.listener_log.synthetic_log import LISTENING, OWN_HOST, Agent, SyntheticLog
from episodes.models import Episode
from episodes.tests.factories import show
from ops.downloads.apps import app_of, device_of
from ops.downloads.counting import count_downloads
from ops.models import (
    DailyDownloads,
    DailyFigure,
    DailyMoment,
    EpisodeFigure,
    FigureKind,
    MonthlyDownloads,
)
from ops.tests.test_downloads import line, log, recorded, write
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


@pytest.mark.parametrize("agent", LISTENING, ids=lambda agent: agent.text[:30])
def test_apps_and_devices_by_user_agent(agent: Agent) -> None:
    assert (app_of(agent.text), device_of(agent.text)) == (agent.app, agent.device)


def figures(kind: FigureKind) -> dict[str, int]:
    return DailyFigure.objects.filter(kind=kind).by_name()


def test_what_a_download_was_heard_with(recorded: Episode, log: Path) -> None:
    agents = ("Overcast/3.0 (+http://overcast.fm/; iOS podcast app)", "AntennaPod/3.1.0", "Own/1")
    write(log, *(line(recorded, agent=agent) for agent in (*agents, agents[0])))
    count_downloads(log)
    assert figures(FigureKind.APP) == {"AntennaPod": 1, "Other apps": 1, "Overcast": 1}
    assert figures(FigureKind.DEVICE) == {"Unknown": 2, "Phone": 1}
    rows = EpisodeFigure.objects.filter(episode=recorded, kind=FigureKind.APP)
    assert sorted(rows.values_list("name", "count")) == [
        ("AntennaPod", 1), ("Other apps", 1), ("Overcast", 1),
    ]  # fmt: skip
    assert MonthlyDownloads.objects.get().count == 3


def visit(row: Episode, query: str = "", **changes: Any) -> str:
    values = {"agent": BROWSER, "address": "", "bytes": 9000, "referrer": ""}
    return line(row, uri=f"{row.get_absolute_url()}{query}", **values | changes)


def test_moments_that_browsers_open(recorded: Episode, log: Path) -> None:
    write(
        log,
        *(visit(recorded, "?t=65") for _ in "12"),
        visit(recorded, "?t=65,90"),
        visit(recorded, "?t=65", status=304),
        visit(recorded, "/transcript?t=70"),
        # Nobody opened these.
        visit(recorded, "?t=65", status=301),
        visit(recorded, "?t=65", agent="podcast-invalidator"),
        visit(recorded, "?t=65", agent="Googlebot/2.1 (+http://www.google.com/bot.html)"),
        visit(recorded, "?t=65", purpose="prefetch"),
        visit(recorded, "?t=65", method="HEAD"),
        visit(recorded, "?t=999999"),
        visit(recorded, "?t=x"),
        visit(recorded),
        line(recorded, uri="/podcast/nowhere?t=65", agent=BROWSER),
    )
    assert count_downloads(log).bad_lines == 0
    assert sorted(DailyMoment.objects.values_list("seconds", "end", "count")) == [
        (65, 0, 3), (65, 90, 1), (70, 0, 1),
    ]  # fmt: skip


def test_sites_that_link_here(recorded: Episode, log: Path, settings: Any) -> None:
    settings.SITE_URL = "https://www.podcast.example"
    hosts = ("lobste.rs", "WWW.Lobste.rs", "podcast.example", "", "-", "a" * 99 + ".example", "x y")
    write(log, *(visit(recorded, referrer=host) for host in hosts))
    write(log, line(recorded, uri="/static/site.css", agent=BROWSER, referrer="lobste.rs"))
    write(log, line(recorded, uri="/podcast/feed.xml", agent=BROWSER, referrer="lobste.rs"))
    former = visit(recorded).replace(', "referrer": ""', "")  # of a former configuration
    assert "referrer" not in former
    write(log, former)
    assert count_downloads(log).bad_lines == 0
    assert figures(FigureKind.REFERRER) == {"lobste.rs": 2}


def test_subscribers_are_the_most_that_an_app_reports_on_a_day(
    recorded: Episode, log: Path
) -> None:
    for count in (120, 123, 121):
        agent = f"Overcast/1.0 Podcast Sync ({count} subscribers; feed-id=1; +http://overcast.fm/)"
        write(log, line(recorded, uri="/podcast/feed.xml", agent=agent, status=304))
        count_downloads(log)
    others = (
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1 subscribers)", "Own/1 (12345678 users)",
        "AntennaPod/3.1.0", "(5 subscribers)",
    )  # fmt: skip
    write(log, *(line(recorded, uri="/podcast/feed.xml", agent=agent) for agent in others))
    write(log, line(recorded, uri="/stack/django/feed.xml", agent=others[0].replace("1 s", "9 s")))
    count_downloads(log)
    assert figures(FigureKind.SUBSCRIBERS) == {"Overcast": 123, "Feedly": 1}


def test_strangers_cannot_fill_the_tables(
    recorded: Episode, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.downloads.figures.MAX_NAMES", 5)
    monkeypatch.setattr("ops.downloads.figures.MAX_MOMENTS", 5)
    for batch in range(2):
        hosts = [f"{number}.example" for number in range(batch, batch + 8)]
        write(log, *(visit(recorded, f"?t={60 + len(host)}", referrer=host) for host in hosts))
        write(log, *(visit(recorded, f"?t={number}") for number in range(batch, batch + 8)))
        count_downloads(log)
    sites = figures(FigureKind.REFERRER)
    assert len(sites) == 6 and sum(sites.values()) == 16
    assert DailyMoment.objects.count() == 5


def test_figures_and_the_place_in_the_log_are_written_together(
    recorded: Episode, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that fails leaves nothing behind, and the next one counts all of it once."""
    write(log, line(recorded), visit(recorded, "?t=65", referrer="lobste.rs"))

    def fails(*arguments: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("ops.downloads.figures.add_moments", fails)
    with pytest.raises(OSError, match="no space"):
        count_downloads(log)
    assert not DailyDownloads.objects.exists() and not DailyFigure.objects.exists()
    monkeypatch.undo()
    for _ in range(2):
        count_downloads(log)
    assert DailyDownloads.objects.total() == DailyMoment.objects.total() == 1
    assert figures(FigureKind.REFERRER) == {"lobste.rs": 1}


def test_months_that_a_former_release_left_out_are_summed_up(recorded: Episode, log: Path) -> None:
    DailyDownloads.objects.create(episode=recorded, day=date(2026, 1, 31), count=7)
    write(log, line(recorded))
    count_downloads(log)
    count_downloads(log)
    assert sorted(MonthlyDownloads.objects.values_list("count", flat=True)) == [1, 7]


def test_no_figure_tells_who_it_was(recorded: Episode, log: Path) -> None:
    write(log, line(recorded), visit(recorded, "?t=65", referrer="lobste.rs"))
    count_downloads(log)
    stored = [
        str(row)
        for model in (DailyFigure, EpisodeFigure, DailyMoment, MonthlyDownloads)
        for row in model.objects.values()
    ]
    assert "203.0.113.7" not in str(stored) and "Gecko" not in str(stored)
    assert {field.name for field in DailyFigure._meta.fields} == {
        "id", "kind", "day", "name", "count",
    }  # fmt: skip
