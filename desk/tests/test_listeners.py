"""What the desk shows of listeners."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.roles import EDITOR
from desk.tests.test_roles import someone
from desk.tests.test_words import refused_in
from episodes.models import Episode
from episodes.tests.factories import episode, show
from ops.downloads.figures import add_downloads
from ops.models import DailyFigure, DailyMoment, EpisodeFigure, FigureKind
from pages.models import DailySearch

PATH = "/admin/listeners/episodes/"
ZONE = ZoneInfo("America/New_York")  # the show's: its days are not those of UTC
PAGES = ("", "episodes/", "compared/", "apps/", "moments/", "readers/")


@pytest.fixture
def downloads(db) -> None:
    show()
    today = timezone.localdate(timezone=ZONE)
    ago = {"Old": {0: 1, 6: 2, 7: 4, 29: 8, 30: 16}, "Quiet": {}, "Big": {40: 1000}}
    for number, (title, days) in enumerate(ago.items(), start=1):
        row = episode(title, number)
        for age, count in days.items():
            counted(row, today - timedelta(days=age), count)


def counted(row: Episode, day: date, count: int) -> None:
    """As counting leaves it."""
    add_downloads({(row.pk, day): count})


def table(host: Client, query: str = "", path: str = PATH, place: int = 0) -> list[list[str]]:
    """The cells' texts, row by row, of the page's table at this place."""
    html = host.get(path + query).content.decode()
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", tables[place], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[re.sub(r"<[^>]*>", "", cell) for cell in row] for row in cells]


def test_each_episode_in_a_week_in_a_month_and_ever(host: Client, downloads: None):
    head, *rows, foot = table(host)
    assert head == ["Episode", "7 days", "30 days", "Ever"]
    assert sorted(row[1:] for row in rows) == [
        ["0", "0", "0"], ["0", "0", "1,000"], ["3", "15", "31"],
    ]  # fmt: skip
    assert foot == ["All episodes", "3", "15", "1,031"]


def test_the_most_downloaded_come_first(host: Client, downloads: None):
    assert table(host, "?by=all")[1][3] == "1,000"
    assert table(host, "?by=7")[1][1] == "3"
    assert table(host, "?by=nonsense") == table(host)


@pytest.mark.parametrize("page", PAGES)
def test_before_counting_begins_it_says_how(host: Client, db, page: str):
    show()
    html = host.get(f"/admin/listeners/{page}").content.decode()
    assert "ask whoever runs the site" in html
    assert "what nobody can know" in html
    assert host.get(f"/admin/listeners/{page}?format=json").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_it_costs_the_same_for_many(
    host: Client, downloads: None, django_assert_max_num_queries, page: str
):
    path = f"/admin/listeners/{page}"
    with django_assert_max_num_queries(12) as few:
        host.get(path)
    figures()
    with django_assert_max_num_queries(12) as many:
        host.get(path)
    assert len(many) <= len(few) + 3  # of titles and topics, if there are any


def test_only_who_may_see_episodes(client: Client, db):
    show()
    for page in PAGES:
        assert client.get(f"/admin/listeners/{page}").status_code == 302


def test_former_bookmarks_lead_to_the_episodes(host: Client, downloads: None):
    response = host.get("/admin/downloads/?by=7")
    assert (response.status_code, response.headers["Location"]) == (302, f"{PATH}?by=7")


def figures() -> Episode:
    """An episode of three days ago with figures of every kind, at each of these days."""
    today = timezone.localdate(timezone=ZONE)
    published = timezone.now() - timedelta(days=3)
    row = episode("New", 9, published_at=published, topics=[(65, "About Rust")])
    for age in range(4):
        day = today - timedelta(days=age)
        counted(row, day, 10 * (age + 1))
        for kind, name, count in (
            (FigureKind.APP, "Overcast", 6), (FigureKind.APP, "", 1),
            (FigureKind.DEVICE, "Phone", 7),
            (FigureKind.REFERRER, "lobste.rs", 3), (FigureKind.REFERRER, "=cmd.example", 2),
            (FigureKind.SUBSCRIBERS, "Feedly", 20 + age),
        ):  # fmt: skip
            DailyFigure.objects.create(kind=kind, day=day, name=name, count=count)
        DailyMoment.objects.create(episode=row, day=day, seconds=65, count=2)
        DailyMoment.objects.create(episode=row, day=day, seconds=65, end=90, count=1)
    EpisodeFigure.objects.create(episode=row, kind=FigureKind.APP, name="Overcast", count=24)
    DailySearch.objects.add({(today, "rust"): 2, (today - timedelta(days=1), "rust"): 1})
    DailySearch.objects.add({(today, "seen one time"): 1})
    return row


def rows_of(host: Client, page: str, key: str, query: str = "") -> list[dict[str, Any]]:
    answer = host.get(f"/admin/listeners/{page}?format=json&{query}").json()
    return answer[key]


def test_totals_stand_beside_the_days_before(host: Client, db):
    show()
    row = episode("One", 1)
    with time_machine.travel(datetime(2026, 11, 10, 15, tzinfo=UTC), tick=False):
        for day, count in {
            date(2026, 9, 30): 50, date(2026, 10, 2): 100, date(2026, 10, 20): 20,
            date(2026, 11, 2): 110, date(2026, 11, 10): 40,
        }.items():  # fmt: skip
            counted(row, day, count)
        found = {each["period"]: each for each in rows_of(host, "", "totals")}
        assert found["Nov 2026, so far"]["downloads"] == 150
        assert found["Nov 2026, so far"]["before"] == 100  # of as many days, until 10 Oct
        assert found["Nov 2026, so far"]["change"] == 50
        assert found["Oct 2026"]["downloads"] == 120
        assert found["Oct 2026"]["before"] == 50
        assert found["Last 7 days"]["downloads"] == 40
        assert found["Last 7 days"]["before"] == 110
        assert found["Ever"]["downloads"] == 320
        months = rows_of(host, "", "months")
        assert [(each["month"], each["downloads"]) for each in months] == [
            ("Nov 2026", 150), ("Oct 2026", 120), ("Sep 2026", 50),
        ]  # fmt: skip


def test_a_month_has_all_its_days_and_one_without_data_says_so(host: Client, downloads: None):
    today = timezone.localdate(timezone=ZONE)
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    days = rows_of(host, "", "days", f"month={first:%Y-%m}")
    assert [each["day"] for each in days][0] == first.isoformat()
    assert len(days) == (today.replace(day=1) - first).days
    html = host.get("/admin/listeners/?month=2021-02").content.decode()
    assert "No download was counted in this time: Feb 2021." in html
    for odd in (
        "month=2026-13",
        "month=9999-01",
        "month=x",
        "days=0",
        "days=99999999999",
        "month=",
    ):
        assert "Last 30 days" in host.get(f"/admin/listeners/?{odd}").content.decode()


def test_days_that_a_wrong_clock_dated_later_count_only_ever(host: Client, db):
    show()
    today = timezone.localdate(timezone=ZONE)
    row = episode("One", 1)
    for day in (today, today + timedelta(days=900)):
        counted(row, day, 5)
    found = {each["period"]: each["downloads"] for each in rows_of(host, "", "totals")}
    assert found["Ever"] == 10 and found["Last 7 days"] == found["Last 30 days"] == 5
    assert table(host)[1][1:] == ["5", "5", "10"]


def test_what_is_in_the_bin_stays_in_the_totals(host: Client, downloads: None):
    Episode.objects.filter(title="Big").update(deleted_at=timezone.now())
    *_, others, whole = table(host)
    assert others == ["Withdrawn, taken back or in the bin", "0", "0", "1,000"]
    assert whole[3] == "1,031"
    assert "3: Big (in the bin)" in host.get("/admin/listeners/?days=90").content.decode()


def test_episodes_over_each_other_by_age(host: Client, db):
    show()
    row = figures()
    episode("Before counting", 1, published_at=timezone.now() - timedelta(days=500))
    (found,) = rows_of(host, "compared/", "ages", "days=7")
    # 40 on the first day, then 30, 20, and 10 today; it isn't 7 days old yet.
    assert (found["day_1"], found["day_2"], found["day_3"], found["day_7"]) == (40, 70, 90, None)
    html = host.get(f"/admin/listeners/compared/?days=90&episode={row.pk}").content.decode()
    assert 'class="line line-1"' in html and "<td>–</td>" in html
    for odd in ("episode=x", "episode=99999999999999999999", "days=8", "episode=0"):
        assert host.get(f"/admin/listeners/compared/?{odd}").status_code == 200


def test_what_is_typical_is_the_median_of_the_newest(host: Client, db):
    show()
    today = timezone.localdate(timezone=ZONE)
    for number, counts in enumerate(([10, 0, 5], [20, 10, 0], [90, 0, 0]), start=1):
        first = timezone.now() - timedelta(days=2)
        row = episode(f"Number {number}", number, published_at=first)
        for age, count in enumerate(counts):
            counted(row, today - timedelta(days=2 - age), count)
    *episodes, usual = rows_of(host, "compared/", "ages", "days=7")
    assert [(each["day_1"], each["day_3"]) for each in episodes] == [(90, 90), (20, 30), (10, 15)]
    assert (usual["episode"], usual["day_1"], usual["day_3"]) == ("Typical", 20, 30)
    assert usual["day_7"] is None
    path = f"/admin/listeners/episodes/{row.pk}?format=json"
    assert host.get(path).json()["ages"][-1]["episode"] == "Typical"


def test_one_episode(host: Client, db):
    show()
    row = figures()
    path = f"/admin/listeners/episodes/{row.pk}"
    answer = host.get(f"{path}?format=json").json()
    assert [(each["app"], each["downloads"]) for each in answer["apps"]] == [
        ("Overcast", 24), ("Counted before apps were told apart", 76),
    ]  # fmt: skip
    assert "100 downloads" in host.get(path).content.decode()
    assert host.get("/admin/listeners/episodes/99999").status_code == 404


def test_apps_devices_readers_referrers(host: Client, db):
    show()
    figures()
    apps = [tuple(each.values()) for each in rows_of(host, "apps/", "apps")]
    assert apps == [
        ("Overcast", 24, 24), ("All others", 4, 4.0),
        ("Counted before apps were told apart", 72, 72),
    ]  # fmt: skip
    devices = [tuple(each.values()) for each in rows_of(host, "apps/", "devices")]
    assert devices[0] == ("Phone", 28, 28)
    (feedly,) = rows_of(host, "readers/", "subscribers")
    assert (feedly["app"], feedly["subscribers"]) == ("Feedly", 20)  # what it reported last
    sites = [each["site"] for each in rows_of(host, "readers/", "referrers")]
    assert sites == ["lobste.rs", "=cmd.example"]


def test_moments_and_searches(host: Client, db):
    show()
    row = figures()
    moments = [tuple(each.values()) for each in rows_of(host, "moments/", "moments")]
    assert moments == [
        ("About Rust", "1:05", "9: New", 8), ("About Rust", "1:05–1:30", "9: New", 4),
    ]  # fmt: skip
    searches = [tuple(each.values()) for each in rows_of(host, "moments/", "searches")]
    assert searches == [("rust", 3), ("All others", 1)]
    html = host.get("/admin/listeners/moments/").content.decode()
    assert f'href="{row.get_absolute_url()}?t=65,90"' in html
    assert "seen one time" not in html
    assert "/admin/search/zeroresultquery/" in html


def test_files_have_what_the_tables_have(host: Client, db):
    show()
    figures()
    for page in PAGES:
        html = host.get(f"/admin/listeners/{page}").content.decode()
        links = re.findall(r'href="(\?[^"]*format=csv[^"]*)"', html)
        tables = html.count("<table")
        assert len(links) == tables > 0, page
        for link in links:
            answer = host.get(f"/admin/listeners/{page}{link.replace('&amp;', '&')}")
            assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
            rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
            assert len(rows) > 1 and len({len(row) for row in rows}) == 1
    text = host.get("/admin/listeners/readers/?format=csv&table=referrers").content.decode()
    assert "'=cmd.example,8" in text  # a spreadsheet would run it
    assert host.get("/admin/listeners/readers/?format=csv&table=none").status_code == 400


def test_charts_have_words_for_who_does_not_see_them(host: Client, db):
    show()
    figures()
    for page in PAGES[2:]:
        html = host.get(f"/admin/listeners/{page}").content.decode()
        for chart in re.findall(r'<svg[^>]*role="img".*?</svg>', html, re.DOTALL):
            assert "<title>" in chart and "<desc>" in chart


def test_the_start_page_sums_up_the_last_month(host: Client, db):
    show()
    row = episode("One", 1)
    with time_machine.travel(datetime(2026, 11, 10, 15, tzinfo=UTC), tick=False):
        assert "All figures" not in host.get("/admin/").content.decode()
        counted(row, date(2026, 10, 3), 12_300)
        html = host.get("/admin/").content.decode()
        assert "Oct 2026: 12,300 downloads." in html and "Most downloaded: 1: One." in html
        counted(row, date(2026, 9, 3), 11_389)
        html = host.get("/admin/").content.decode()
        assert "Oct 2026: 12,300 downloads, 8 % more than in Sep 2026." in html


def test_the_pages_speak_to_a_host(host: Client, db):
    show()
    row = figures()
    for page in (*PAGES, f"episodes/{row.pk}"):
        assert refused_in(host.get(f"/admin/listeners/{page}")) == set()


def test_editors_see_no_link_that_refuses_them(db):
    show()
    figures()
    client = someone(EDITOR)
    for page in PAGES:
        html = client.get(f"/admin/listeners/{page}").content.decode()
        for path in set(re.findall(r'href="(/admin/[^"?]*)"', html)):
            assert client.get(path, follow=True).status_code == 200, path
