"""Which addresses are checked when, and which count as dead."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections

from episodes.models import Episode
from linkcheck import check
from linkcheck.check import LinkChecker, Outcome
from linkcheck.models import FAILING, Link, LinkSurvey
from linkcheck.tests.factories import linked_episode
from linkcheck.tests.sites import site

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

GONE, ERROR, FINE = Outcome(404, "", True), Outcome(500, "", True), Outcome(200)
BLOCKED = Outcome(403, "", False)


def test_hosts_take_turns() -> None:
    checker = LinkChecker(pause=100)
    links = [Link(url=f"https://{host}.example/{n}") for host in "ab" for n in (1, 2)]
    order = []
    for link in check.alternate_hosts(links, checker):
        order.append(link.url[8])
        checker.last[check.host(link.url)] = check.time.monotonic()
    assert order == ["a", "b", "a", "b"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "outcomes", "dead"),
    [
        (24, [ERROR], False),
        (24, [ERROR, ERROR], False),
        (24, [ERROR, ERROR, ERROR], True),
        (24, [ERROR, ERROR, FINE, ERROR], False),
        (24, [ERROR, ERROR, BLOCKED, ERROR], False),
        (2, [ERROR] * 4, False),  # one bad afternoon
        (24, [GONE], False),
        (24, [GONE, GONE], True),
        (24, [GONE, ERROR], False),
        (24, [GONE, GONE, FINE], False),
        (24, [GONE, FINE, GONE], False),
    ],
)
def test_dead_is_what_stays_dead(hours: int, outcomes: list[Outcome], dead: bool) -> None:
    link = Link.objects.create(url="https://example.org/")
    for number, outcome in enumerate(outcomes):
        check.record(link, outcome, NOON + number * timedelta(hours=hours))
    link.refresh_from_db()
    assert link.is_dead is dead
    assert list(Link.objects.dead()) == ([link] if dead else [])
    assert link.failing_since == (NOON if dead else link.failing_since)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "again"), [(FINE, timedelta(days=14)), (ERROR, timedelta(hours=20))]
)
def test_when_it_is_checked_again(outcome: Outcome, again: timedelta) -> None:
    link = Link.objects.create(url="https://example.org/")
    assert Link.objects.due(NOON).get() == link
    check.record(link, outcome, NOON)
    assert not Link.objects.due(NOON + again - timedelta(minutes=1)).exists()
    assert Link.objects.due(NOON + again + timedelta(minutes=1)).get() == link


@pytest.mark.django_db
def test_runs_are_bounded_and_continue_where_they_stopped() -> None:
    with site({f"/{n}": 200 for n in range(5)}) as (origin, checker, requests):
        Link.objects.bulk_create(Link(url=f"{origin}/{n}") for n in range(5))
        assert check.check_due(2, 60, checker) == 2
        assert check.check_due(10, 0, checker) == 0
        assert check.check_due(10, 60, checker) == 3
        assert check.check_due(10, 60, checker) == 0
    assert sorted(each for each in requests if "robots" not in each) == [
        f"HEAD /{n}" for n in range(5)
    ]


@pytest.mark.django_db
def test_a_busy_host_is_left_alone_for_the_run() -> None:
    with site({"/1": 429, "/2": 200}) as (origin, checker, requests):
        Link.objects.bulk_create(Link(url=f"{origin}/{n}") for n in (1, 2))
        assert check.check_due(10, 60, checker) == 1
    assert "HEAD /2" not in requests
    assert Link.objects.due().count() == 1
    assert not Link.objects.filter(FAILING).exists()


@pytest.mark.django_db
def test_a_check_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    urls = [f"https://{host}.example/" for host in "abc"]
    Link.objects.bulk_create([Link(url=url) for url in urls])

    class Failing(LinkChecker):
        def check(self, url: str) -> Outcome:
            if url == urls[0]:
                raise RecursionError
            return FINE

    assert check.check_due(10, 60, Failing()) == 3
    first, *others = Link.objects.order_by("url")
    assert (first.is_dead, first.reason) == (False, "Not checked: the log says why.")
    assert all(each.status == 200 for each in others)
    assert f"Couldn't check {urls[0]}" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_are_one() -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [check.LOCK])
        Link.objects.create(url="https://nowhere.invalid/")
        assert check.check_due(10, 60, LinkChecker(pause=0)) == 0
    finally:
        other.close()


@pytest.mark.django_db
def test_the_lock_is_of_a_transaction_and_not_of_the_session() -> None:
    """Behind a pooler, another statement of the session may go through another connection."""
    locked = """
        SELECT state FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE objid = %s AND datname = current_database()
    """
    with connection.cursor() as cursor:
        with check.exclusive() as got:
            cursor.execute(locked, [check.LOCK])
            assert (got, cursor.fetchall()) == (True, [("idle in transaction",)])
        cursor.execute(locked, [check.LOCK])
        assert cursor.fetchall() == []


@pytest.fixture
def linked(db: None) -> Episode:
    return linked_episode()


def test_what_is_in_the_bin_is_not_checked(linked: Episode) -> None:
    check.update_links()
    Link.objects.filter(url="https://old.example/page").update(failed_days=2)
    assert Link.objects.filter(url="https://fine.example/").exists()
    Episode.objects.update(deleted_at=NOON)
    check.update_links()
    assert not Link.objects.filter(url="https://fine.example/").exists()
    remaining = Link.objects.get(url="https://old.example/page")
    assert remaining.failed_days == 2
    assert "1: A Site Around Diary Entries" not in [each["label"] for each in remaining.places]


def test_the_command_says_what_it_did(linked: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LinkChecker, "check", lambda self, url: Outcome(500, "Answered 500.", True))
    out = StringIO()
    call_command("check_links", most=2, stdout=out)
    assert "2 checked; 1 more are due; 0 are dead." in out.getvalue()
    assert ": Answered 500." in out.getvalue()


def run_command(**options: Any) -> str:
    out = StringIO()
    call_command("check_links", stdout=out, **options)
    return out.getvalue()


def test_the_command_says_why_it_checked_none(
    linked: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LinkChecker, "check", lambda self, url: FINE)
    with time_machine.travel(NOON, tick=False):
        assert "Checked 0 of 3 links: --most or --seconds allows none." in run_command(most=0)
        assert "Checked 0 of" not in run_command()
        said = run_command()
        Link.objects.filter(url="https://fine.example/").update(failing_since=NOON, failed_days=1)
        failing = run_command()
    due = "each was checked lately, and the next is due"
    assert f"Checked 0 of 3 links: {due} 18 Mar 2026, 12:00 UTC." in said
    assert f"{due} 5 Mar 2026, 08:00 UTC." in failing
    assert "0 checked; 0 more are due; 0 are dead." in said
    Episode.objects.update(deleted_at=NOON)
    Link.objects.all().delete()
    monkeypatch.setattr(check, "collect_addresses", dict)
    assert "Checked 0 of 0 links: the show links to nothing yet." in run_command()


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_another_process_checks(linked: Episode) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [check.LOCK])
        assert "Checked 0 of 3 links: another process, such as tick," in run_command()
    finally:
        other.close()


def test_tick_updates_links_once_an_hour_and_checks_a_few(
    linked: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LinkChecker, "check", lambda self, url: FINE)
    with time_machine.travel(NOON, tick=False) as clock:
        assert check.check_some() == "Checked 3 links."
        with connection.execute_wrapper(no_writes):
            assert check.check_some() == ""
        clock.shift(timedelta(hours=2))
        assert check.check_some() == ""
    assert LinkSurvey.objects.get().made_at == NOON + timedelta(hours=2)


def no_writes(execute: Any, sql: str, *args: Any) -> Any:
    assert sql.startswith("SELECT"), sql
    return execute(sql, *args)


class Offline(LinkChecker):
    """Reaches nobody but the hosts that are named."""

    online: frozenset[str] = frozenset()

    def check(self, url: str) -> Outcome:
        if check.host(url) in self.online:
            return FINE
        return Outcome(reason="No answer.", failed=True, silent=True)


class OneOnline(Offline):
    online = frozenset({"z.example"})


@pytest.mark.django_db
def test_offline_no_link_fails(caplog: pytest.LogCaptureFixture) -> None:
    Link.objects.bulk_create(Link(url=f"https://{host}.example/") for host in "abc")
    assert check.check_due(10, 60, Offline(pause=0)) == 0
    assert not Link.objects.exclude(checked_at=None).exists()
    assert "Is this one offline?" in caplog.text


@pytest.mark.django_db
def test_a_few_silent_hosts_fail_where_another_still_answers() -> None:
    worked = Link.objects.create(url="https://z.example/")
    check.record(worked, FINE)
    Link.objects.bulk_create(Link(url=f"https://{host}.example/") for host in "abc")
    assert check.check_due(10, 60, Offline(pause=0)) == 0
    assert check.check_due(10, 60, OneOnline(pause=0)) == 3
    assert Link.objects.filter(FAILING).count() == 3


@pytest.mark.django_db
def test_what_failed_before_the_first_answer_counts() -> None:
    Link.objects.bulk_create(Link(url=f"https://{host}.example/") for host in "abcz")
    assert check.check_due(10, 60, OneOnline(pause=0)) == 4
    assert Link.objects.filter(FAILING).count() == 3


@pytest.mark.django_db
def test_a_link_that_the_host_asks_for_is_first() -> None:
    Link.objects.bulk_create(Link(url=f"https://{host}.example/") for host in "ab")
    asked = Link.objects.create(url="https://z.example/")
    check.record(asked, FINE, NOON)
    Link.objects.filter(pk=asked.pk).update(asked_at=NOON)
    assert Link.objects.due(NOON).first() == asked
    assert check.check_due(1, 60, OneOnline(pause=0)) == 1
    asked.refresh_from_db()
    assert asked.asked_at is None and asked.checked_at != NOON
