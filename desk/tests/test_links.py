"""Links: asked politely, dead only when they stay so, shown with their places, mended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from episodes.models import Episode
from episodes.tests import factories
from linkcheck import request, schedule
from linkcheck.addresses import asked, gather
from linkcheck.models import Link, LinkSurvey
from linkcheck.replace import replace_address
from linkcheck.request import Outcome, Visitor
from net.tests.servers import send, server
from notes.models import Revision
from notes.publish import finish_edit

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
Answering = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def site(answers: dict[str, int | Answering]) -> Iterator[tuple[str, Visitor, list[str]]]:
    """A server by path: a status or a function. Yields its origin, a visitor, what was asked."""
    heard: list[str] = []

    def answering(handler: BaseHTTPRequestHandler) -> None:
        heard.append(f"{handler.command} {handler.path}")
        answer = answers.get(handler.path, 404)
        if callable(answer):
            answer(handler)
        else:
            send(handler, b"body", answer)

    with server(answering) as origin:
        yield origin, Visitor(pause=0, allowed=frozenset({origin})), heard


def only_get(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"here", 200 if handler.command == "GET" else 501)


def test_head_first_and_get_where_that_does_not_help() -> None:
    with site({"/": 200, "/get": only_get, "/gone": 410, "/members": 403}) as (origin, ask, heard):
        assert ask.ask(f"{origin}/").status == 200
        assert ask.ask(f"{origin}/get").status == 200
        gone = ask.ask(f"{origin}/gone")
        members = ask.ask(f"{origin}/members")
    assert (gone.failed, gone.is_gone, gone.reason) == (True, True, "Answered 410 Gone.")
    assert (members.failed, members.status) == (False, 403)
    # robots.txt once, each address by HEAD, and by GET only those that failed.
    assert heard == [
        "GET /robots.txt", "HEAD /", "HEAD /get", "GET /get", "HEAD /gone", "GET /gone",
        "HEAD /members", "GET /members",
    ]  # fmt: skip


def test_who_asks_is_said_and_robots_txt_is_obeyed(settings: Any) -> None:
    settings.SITE_URL = "https://podcast.example"
    agents = set()

    def robots(handler: BaseHTTPRequestHandler) -> None:
        agents.add(handler.headers["User-Agent"])
        send(handler, b"User-agent: *\nDisallow: /private\n")

    with site({"/robots.txt": robots, "/private": 200, "/": 200}) as (origin, visitor, heard):
        assert visitor.ask(f"{origin}/").status == 200
        kept_out = visitor.ask(f"{origin}/private")
    assert agents == {
        "Mozilla/5.0 (compatible; podcast-catalogue-links/1.0; +https://podcast.example/)"
    }
    assert (kept_out.failed, kept_out.reason) == (False, request.DISALLOWED)
    assert "HEAD /private" not in heard


def test_private_addresses_are_never_asked() -> None:
    with site({"/": 200}) as (origin, _, heard):
        outcome = Visitor(pause=0).ask(f"{origin}/")
    assert outcome.failed
    assert "private network" in outcome.reason
    assert heard == []


def test_redirects_are_followed_and_large_pages_are_not_read() -> None:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        send(handler, status=301, Location="/large")

    def large(handler: BaseHTTPRequestHandler) -> None:
        send(handler, b"x" * 1_000_000 if handler.command == "GET" else b"", 200)

    with site({"/moved": moved, "/large": large}) as (origin, visitor, _):
        assert visitor.ask(f"{origin}/moved") == Outcome(200, led_to=f"{origin}/large")


def test_a_name_that_is_no_more() -> None:
    outcome = Visitor(pause=0).ask("https://nowhere.invalid/")
    assert outcome.failed
    assert outcome.status is None
    assert outcome.reason.startswith("No answer")


def test_a_host_rests_between_two_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(request.time, "sleep", slept.append)
    with site({"/": 200}) as (origin, visitor, heard):
        visitor.pause = 3
        visitor.ask(f"{origin}/")
    assert len(heard) == 2  # robots.txt and the page
    assert slept[0] == 0
    assert 2.5 < slept[1] <= 3


def test_hosts_take_turns() -> None:
    visitor = Visitor(pause=100)
    links = [Link(url=f"https://{host}.example/{n}") for host in "ab" for n in (1, 2)]
    order = []
    for link in schedule.in_turn(links, visitor):
        order.append(link.url[8])
        visitor.last[request.host(link.url)] = request.time.monotonic()
    assert order == ["a", "b", "a", "b"]


# How checks follow each other: hours between them, what came of each, and whether it is dead.
GONE, ERROR, FINE = Outcome(404, "", True), Outcome(500, "", True), Outcome(200)
BLOCKED = Outcome(403, "", False)


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
        schedule.note(link, outcome, NOON + number * timedelta(hours=hours))
    link.refresh_from_db()
    assert link.is_dead is dead
    assert list(Link.objects.dead()) == ([link] if dead else [])
    assert link.failing_since == (NOON if dead else link.failing_since)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "again"), [(FINE, timedelta(days=14)), (ERROR, timedelta(hours=20))]
)
def test_when_it_is_asked_again(outcome: Outcome, again: timedelta) -> None:
    link = Link.objects.create(url="https://example.org/")
    assert Link.objects.due(NOON).get() == link
    schedule.note(link, outcome, NOON)
    assert not Link.objects.due(NOON + again - timedelta(minutes=1)).exists()
    assert Link.objects.due(NOON + again + timedelta(minutes=1)).get() == link


@pytest.mark.django_db
def test_rounds_are_bounded_and_go_on_where_they_stopped() -> None:
    with site({f"/{n}": 200 for n in range(5)}) as (origin, visitor, heard):
        Link.objects.bulk_create(Link(url=f"{origin}/{n}") for n in range(5))
        assert schedule.check_due(2, 60, visitor) == 2
        assert schedule.check_due(10, 0, visitor) == 0
        assert schedule.check_due(10, 60, visitor) == 3
        assert schedule.check_due(10, 60, visitor) == 0
    assert sorted(each for each in heard if "robots" not in each) == [
        f"HEAD /{n}" for n in range(5)
    ]


@pytest.mark.django_db
def test_a_busy_host_is_left_alone_for_the_round() -> None:
    with site({"/1": 429, "/2": 200}) as (origin, visitor, heard):
        Link.objects.bulk_create(Link(url=f"{origin}/{n}") for n in (1, 2))
        assert schedule.check_due(10, 60, visitor) == 1
    assert "HEAD /2" not in heard
    assert Link.objects.due().count() == 1
    assert not Link.objects.failing().exists()


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_are_one() -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [schedule.LOCK])
        Link.objects.create(url="https://nowhere.invalid/")
        assert schedule.check_due(10, 60, Visitor(pause=0)) == 0
    finally:
        other.close()


@pytest.fixture
def linked(db: None) -> Episode:
    """An episode that links to a page in every way there is."""
    factories.show()
    row = factories.episode(
        topics=[(5, "See [it](https://old.example/page) and <https://old.example/page/more>")],
        introduction="Read https://old.example/page, then https://old.example/page#end.",
        references=["https://old.example/page#part", "https://fine.example/"],
        libraries=["https://old.example/page"],
        guests=["Phil Gyford"],
    )
    finish_edit(row, None, source="test")
    factories.technology("Odd", homepage="https://old.example/page")
    guest = factories.guest()
    guest.website = "https://old.example/page"
    guest.save()
    return row


def test_every_place_is_found_and_none_twice(linked: Episode) -> None:
    found = {url: [place["label"] for place in places] for url, places in gather().items()}
    assert found["https://fine.example/"] == ["1: A Site Around Diary Entries"]
    assert found["https://old.example/page/more"] == ["1: A Site Around Diary Entries"]
    assert sorted(found["https://old.example/page"]) == [
        "1: A Site Around Diary Entries", "Odd", "Phil Gyford", "old.example",
    ]  # fmt: skip


def test_what_is_in_the_bin_and_gone_is_asked_no_more(linked: Episode) -> None:
    schedule.survey()
    Link.objects.filter(url="https://old.example/page").update(failed_days=2)
    assert Link.objects.filter(url="https://fine.example/").exists()
    Episode.objects.update(deleted_at=NOON)
    schedule.survey()
    assert not Link.objects.filter(url="https://fine.example/").exists()
    kept = Link.objects.get(url="https://old.example/page")
    assert kept.failed_days == 2
    assert "1: A Site Around Diary Entries" not in [each["label"] for each in kept.places]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://example.org/a#b", "https://example.org/a"),
        (" http://example.org ", "http://example.org"),
        ("mailto:a@example.org", ""),
        ("/podcast/1-a", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("https://podcast.example/stack/", ""),
        ("https://example.org/" + "a" * 1000, ""),
        ("", ""),
    ],
)
def test_what_is_asked_of_what_is_written(settings: Any, written: str, url: str) -> None:
    settings.SITE_URL = "https://podcast.example"
    assert asked(written) == url


def test_mending_changes_every_place_and_only_these(linked: Episode, host_user: Any) -> None:
    keys = list(linked.topics.values_list("pk", flat=True))
    revisions = Revision.objects.count()
    count = replace_address("https://old.example/page", "https://new.example/", host_user)
    assert count == 7
    linked.refresh_from_db()
    topic = linked.topics.get()
    assert [topic.pk] == keys
    assert topic.text == "See [it](https://new.example/) and <https://old.example/page/more>"
    assert 'href="https://new.example/"' in topic.html
    assert linked.introduction == "Read https://new.example/, then https://new.example/#end."
    assert [row.url for row in linked.references.all()] == [
        "https://new.example/#part", "https://fine.example/",
    ]  # fmt: skip
    assert Revision.objects.count() == revisions + 1
    assert Revision.objects.first().user == host_user
    assert not Link.objects.filter(url="https://old.example/page").exists()
    assert Link.objects.filter(url="https://new.example/").exists()


@pytest.mark.parametrize(
    "new", ["", "javascript:alert(1)", "new.example", "https://a b", "http:/x"]
)
def test_no_address_is_refused(linked: Episode, host_user: Any, new: str) -> None:
    with pytest.raises(ValidationError, match="is no address such as"):
        replace_address("https://old.example/page", new, host_user)


def test_another_librarys_address_changes_nothing(linked: Episode, host_user: Any) -> None:
    factories.library("https://taken.example/")
    with pytest.raises(ValidationError, match="Merge the two libraries"):
        replace_address("https://old.example/page", "https://taken.example/", host_user)
    assert "old.example/page" in linked.references.first().url


def dead(url: str) -> Link:
    link = Link.objects.get(url=url)
    for day in range(2):
        schedule.note(link, Outcome(404, "Answered 404 Not Found.", True), NOON + timedelta(day))
    return link


def test_the_page_shows_what_is_dead_where_and_mends_it(host: Client, linked: Episode) -> None:
    schedule.survey()
    dead("https://old.example/page")
    page = host.get("/admin/links/").content.decode()
    assert "Dead (1)" in page
    assert "Answered 404 Not Found." in page
    assert f'<a href="/admin/episodes/episode/{linked.pk}/change/">' in page
    said = {"url": "https://old.example/page", "new": "https://new.example/", "show": "dead"}
    answer = host.post("/admin/links/mend", said, follow=True)
    assert "Changed in 7 places." in answer.content.decode()
    again = host.post("/admin/links/mend", said, follow=True).content.decode()
    assert "stand anywhere in these words" in again
    refused = host.post("/admin/links/mend", said | {"new": "x"}, follow=True).content.decode()
    assert "is no address such as" in refused


def test_a_nul_is_no_part_of_an_address(host: Client, linked: Episode) -> None:
    secure = {"secure": "http://old.example/\0"}
    refused = host.post("/admin/links/mend", secure, follow=True).content.decode()
    assert "://old.example/: nothing to mend here any more." in refused
    said = {"url": "https://old.example/page\0", "new": "https://new.example/\0"}
    answer = host.post("/admin/links/mend", said, follow=True)
    assert "Changed in 7 places." in answer.content.decode()


def test_https_is_offered_where_it_works(host: Client, db: None) -> None:
    factories.show()
    row = factories.episode(references=["http://a.example/", "http://b.example/#x"])
    schedule.survey()
    schedule.note(Link.objects.get(url="http://a.example/"), Outcome(200, https_works=True))
    schedule.note(Link.objects.get(url="http://b.example/"), Outcome(200))
    assert "Not secure, could be (1)" in host.get("/admin/links/?show=http").content.decode()
    host.post("/admin/links/mend", {"secure": ["http://a.example/"], "show": "http"})
    # What no check has seen to work isn't taken from a form.
    answer = host.post("/admin/links/mend", {"secure": "http://b.example/"}, follow=True)
    assert "nothing to mend here any more" in answer.content.decode()
    urls = list(row.references.values_list("url", flat=True))
    assert urls == ["https://a.example/", "http://b.example/#x"]


def test_the_pages_queries_do_not_grow(
    host: Client, db: None, django_assert_num_queries: Any
) -> None:
    factories.show()
    Link.objects.bulk_create(Link(url=f"https://{n}.example/", gone=2) for n in range(60))
    host.get("/admin/links/")
    for path in ("/admin/links/", "/admin/links/?page=2", "/admin/links/?show=x&page=x"):
        with django_assert_num_queries(11):
            assert host.get(path).status_code == 200


def test_the_command_says_what_it_did(linked: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Visitor, "ask", lambda self, url: Outcome(500, "Answered 500.", True))
    out = StringIO()
    call_command("check_links", most=2, stdout=out)
    assert "2 asked; 1 more are due; 0 are dead." in out.getvalue()
    assert ": Answered 500." in out.getvalue()


def test_tick_surveys_once_an_hour_and_asks_a_few(
    linked: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Visitor, "ask", lambda self, url: FINE)
    with time_machine.travel(NOON, tick=False) as clock:
        assert schedule.check_some() == "Asked 3 links."
        with connection.execute_wrapper(no_writes):
            assert schedule.check_some() == ""
        clock.shift(timedelta(hours=2))
        assert schedule.check_some() == ""
    assert LinkSurvey.objects.get().made_at == NOON + timedelta(hours=2)


def no_writes(execute: Any, sql: str, *args: Any) -> Any:
    assert sql.startswith("SELECT"), sql
    return execute(sql, *args)
