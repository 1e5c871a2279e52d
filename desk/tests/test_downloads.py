"""What the desk shows of downloads."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from episodes.tests.factories import episode, show
from ops.models import DailyDownloads

PATH = "/admin/downloads/"


@pytest.fixture
def downloads(db) -> None:
    today = timezone.localdate(timezone=show().zone)
    ago = {"Old": {0: 1, 6: 2, 7: 4, 29: 8, 30: 16}, "Quiet": {}, "Big": {40: 1000}}
    for number, (title, days) in enumerate(ago.items(), start=1):
        row = episode(title, number)
        for age, count in days.items():
            DailyDownloads.objects.create(episode=row, day=today - timedelta(days=age), count=count)


def table(host: Client, query: str = "") -> list[list[str]]:
    """The cells' texts, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", host.get(PATH + query).content.decode())
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[re.sub(r"<[^>]*>", "", cell) for cell in row] for row in cells]


def test_each_episode_in_a_week_in_a_month_and_ever(host: Client, downloads: None):
    head, *rows, foot = table(host)
    assert head == ["Episode", "7 days", "30 days", "Ever"]
    assert sorted(row[1:] for row in rows) == [
        ["0", "0", "0"], ["0", "0", "1000"], ["3", "15", "31"],
    ]  # fmt: skip
    assert foot == ["All episodes", "3", "15", "1031"]


def test_the_most_downloaded_come_first(host: Client, downloads: None):
    assert table(host, "?by=all")[1][3] == "1000"
    assert table(host, "?by=7")[1][1] == "3"
    assert table(host, "?by=nonsense") == table(host)


def test_before_counting_begins_it_says_how(host: Client, db):
    show()
    assert "ask whoever runs the site" in host.get(PATH).content.decode()


def test_it_costs_the_same_for_many(host: Client, downloads: None, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        host.get(PATH)


def test_only_who_may_see_episodes(client: Client, db):
    show()
    assert client.get(PATH).status_code == 302
