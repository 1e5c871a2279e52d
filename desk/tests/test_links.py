"""The page of links shows what is dead and where, and replaces it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from episodes.models import Episode
from episodes.tests import factories
from linkcheck import check
from linkcheck.check import Outcome
from linkcheck.models import Link
from linkcheck.tests.factories import linked_episode

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def linked(db: None) -> Episode:
    return linked_episode()


def dead(url: str) -> Link:
    link = Link.objects.get(url=url)
    for day in range(2):
        check.record(link, Outcome(404, "Answered 404 Not Found.", True), NOON + timedelta(day))
    return link


def test_the_page_shows_dead_links_and_replaces_them(host: Client, linked: Episode) -> None:
    check.update_links()
    dead("https://old.example/page")
    page = host.get("/admin/links/").content.decode()
    assert "Dead (1)" in page
    assert "Answered 404 Not Found." in page
    assert f'<a href="/admin/episodes/episode/{linked.pk}/change/">' in page
    said = {"url": "https://old.example/page", "new": "https://new.example/", "show": "dead"}
    answer = host.post("/admin/links/replace", said, follow=True)
    assert "Changed in 7 places." in answer.content.decode()
    again = host.post("/admin/links/replace", said, follow=True).content.decode()
    assert "No text contains the link https://old.example/page" in again
    refused = host.post("/admin/links/replace", said | {"new": "x"}, follow=True).content.decode()
    assert "isn’t an address such as" in refused


def test_a_dead_link_can_be_dismissed_until_it_works_and_fails_again(
    host: Client, linked: Episode
) -> None:
    check.update_links()
    link = dead("https://old.example/page")
    said = {"url": link.url, "dismissed": "yes", "show": "dead"}
    page = host.post("/admin/links/replace", said, follow=True).content.decode()
    assert "Dead (0)" in page
    assert "Dismissed (1)" in page
    assert "List it again" in host.get("/admin/links/?show=dismissed").content.decode()
    link.refresh_from_db()
    check.record(link, Outcome(200), NOON + timedelta(3))
    link.refresh_from_db()
    assert not link.dismissed
    dead(link.url)
    host.post("/admin/links/replace", said)
    again = host.post("/admin/links/replace", said | {"dismissed": "no"}, follow=True)
    assert "Dead (1)" in again.content.decode()


def test_links_that_were_never_checked_are_counted(host: Client, linked: Episode) -> None:
    check.update_links()
    count = Link.objects.count()
    assert f"Not checked yet ({count})" in host.get("/admin/links/").content.decode()
    dead("https://old.example/page")
    page = host.get("/admin/links/?show=unchecked").content.decode()
    assert f"Not checked yet ({count - 1})" in page


def test_a_nul_is_no_part_of_an_address(host: Client, linked: Episode) -> None:
    secure = {"secure": "http://old.example/\0"}
    refused = host.post("/admin/links/replace", secure, follow=True).content.decode()
    assert "://old.example/: no check found that https works there." in refused
    said = {"url": "https://old.example/page\0", "new": "https://new.example/\0"}
    answer = host.post("/admin/links/replace", said, follow=True)
    assert "Changed in 7 places." in answer.content.decode()


def test_https_is_offered_where_it_works(host: Client, db: None) -> None:
    factories.show()
    row = factories.episode(references=["http://a.example/", "http://b.example/#x"])
    check.update_links()
    check.record(Link.objects.get(url="http://a.example/"), Outcome(200, https_works=True))
    check.record(Link.objects.get(url="http://b.example/"), Outcome(200))
    assert "Could use https (1)" in host.get("/admin/links/?show=http").content.decode()
    host.post("/admin/links/replace", {"secure": ["http://a.example/"], "show": "http"})
    # What no check has seen to work isn't taken from a form.
    answer = host.post("/admin/links/replace", {"secure": "http://b.example/"}, follow=True)
    assert "no check found that https works there" in answer.content.decode()
    urls = list(row.references.values_list("url", flat=True))
    assert urls == ["https://a.example/", "http://b.example/#x"]


def test_the_pages_queries_do_not_grow(
    host: Client, db: None, django_assert_num_queries: Any
) -> None:
    factories.show()
    Link.objects.bulk_create(Link(url=f"https://{n}.example/", gone=2) for n in range(60))
    host.get("/admin/links/")
    for path in ("/admin/links/", "/admin/links/?page=2", "/admin/links/?show=x&page=x"):
        with django_assert_num_queries(8):
            assert host.get(path).status_code == 200


def test_a_host_has_links_checked_now(host: Client, linked: Episode) -> None:
    page = host.get("/admin/links/?show=all").text
    assert "All (0)" in page and "List the show’s links now" in page
    page = host.post("/admin/links/check", {"show": "unchecked"}, follow=True).text
    urls = list(Link.objects.values_list("url", flat=True))
    assert f"Check these {len(urls)} now" in page and len(urls) > 2
    said = {"show": "unchecked", "check": [urls[0], "https://nowhere.example/\0"]}
    page = host.post("/admin/links/check", said, follow=True).text
    assert "1 link will be checked within minutes." in page
    assert page.count("Waits for the check.") == 1
    assert list(Link.objects.due()[:1]) == [Link.objects.get(url=urls[0])]


def test_a_failure_is_told_in_a_hosts_words(host: Client, linked: Episode) -> None:
    check.update_links()
    link = Link.objects.get(url="https://old.example/page")
    check.record(link, Outcome(reason="No answer.", failed=True), NOON)
    page = host.get("/admin/links/?show=failing").text
    assert "Failed on 1 day since 4 Mar 2026." in page
    assert "404" not in page


def test_an_address_is_taken_as_people_say_it(host: Client, linked: Episode) -> None:
    check.update_links()
    said = {"url": "https://fine.example/", "new": "<new.example/club>", "show": "all"}
    answer = host.post("/admin/links/replace", said, follow=True).text
    assert "Changed in 1 place. It was in 1: A Site Around Diary Entries." in answer
    assert Link.objects.filter(url="https://new.example/club").exists()
    for new in ("mailto:ann@new.example", "javascript:a.b", "new example.org", "a..b"):
        said = {"url": "https://new.example/club", "new": new, "show": "all"}
        refused = host.post("/admin/links/replace", said, follow=True).text
        assert "isn’t an address such as" in refused, new
