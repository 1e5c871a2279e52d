"""The menu: every list once, only what one may open, where one is, and what needs attention."""

import re
from collections import Counter
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.roles import EDITOR
from desk.menu import menu
from desk.tests.test_roles import catalogue, someone
from episodes.models import Episode
from guests.models import Guest
from linkcheck.models import Link
from search.models import GuestWanted, ZeroResultQuery
from stack.models import Technology

__all__ = ["catalogue"]  # a fixture
pytestmark = pytest.mark.django_db

# Technologies have their other names in their own form; accounts have the page People.
NOT_LISTED = {"stack.technologyname", "auth.user"}
NAMES = ["Episodes", "Guests", "Stack", "Questions", "Listeners", "Show", "Links", "People"]


def nav(client: Client, path: str = "/admin/") -> str:
    page = client.get(path, follow=True).content.decode()
    return page.split('id="desk-menu"')[1].split("</nav>")[0]


def links(part: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)"', part)


def sections(part: str) -> list[str]:
    return re.findall(r'<li(?: class="current")?>\s*<a [^>]*>([^<]+)</a>(?! *</li>)', part)


def test_every_list_of_the_desk_is_in_the_menu_once(catalogue: Episode, host: Client) -> None:
    found = Counter(links(nav(host)))
    labels = {model._meta.label_lower for model in admin.site._registry} - NOT_LISTED
    lists = {f"/admin/{label.replace('.', '/')}/" for label in labels}
    assert {path: found[path] for path in lists} == dict.fromkeys(lists, 1)
    own = ("desk_listeners", "desk_listeners_apps", "desk_links", "desk_categories", "desk_people")
    for name in own:
        assert found[reverse(name)] == 1
    assert sections(nav(host)) == NAMES


def test_each_entry_leads_to_a_page_that_opens(
    catalogue: Episode, host: Client, subtests: pytest.Subtests
) -> None:
    for client in (host, someone(EDITOR)):
        for path in links(nav(client)):
            with subtests.test(path):
                assert client.get(path, follow=True).status_code == 200


def test_editors_see_what_they_may_open(catalogue: Episode) -> None:
    part = nav(someone(EDITOR))
    assert sections(part) == ["Episodes", "Guests", "Stack", "Questions", "Listeners", "Links"]
    assert reverse("admin:auth_user_changelist") not in part
    assert reverse("desk_people") not in part
    assert reverse("admin:search_question_changelist") not in part
    # The one list of that section that they may open.
    assert reverse("admin:search_zeroresultquery_changelist") in links(part)


@pytest.mark.parametrize(
    ("path", "section", "current"),
    [
        ("/admin/episodes/episode/", "Episodes", 'aria-current="page">Episodes<'),
        ("/admin/paste", "Episodes", 'aria-current="true">Episodes<'),
        ("/admin/stack/library/add/", "Stack", 'aria-current="true">Libraries<'),
        ("/admin/stack/categories/", "Stack", 'aria-current="page">Categories<'),
        ("/admin/show/show/1/change/", "Show", 'aria-current="true">Show<'),
        ("/admin/links/", "Links", 'aria-current="page">Links<'),
    ],
)
def test_the_current_place_is_marked(
    catalogue: Episode, host: Client, path: str, section: str, current: str
) -> None:
    part = nav(host, path)
    assert current in part
    (inside,) = re.findall(r'<li class="current">\s*<a [^>]*>([^<]+)</a>', part)
    assert inside == section


def test_nothing_is_current_on_the_start_page(catalogue: Episode, host: Client) -> None:
    assert "aria-current" not in nav(host)


def counts(client: Client) -> dict[str, tuple[int, str]]:
    found = re.findall(
        r'class="count" href="([^"]+)"[^>]*>(\d+)<span class="visually-hidden"> ([^<]+)<',
        nav(client),
    )
    return {words: (int(count), path) for path, count, words in found}


def test_what_needs_attention_is_counted_and_listed(catalogue: Episode, host: Client) -> None:
    Episode.objects.create(title="Half", slug="half")
    Episode.objects.filter(pk=catalogue.pk).update(draft_text="# New notes")
    Guest.objects.update(avatar="", website="https://example.org/")
    Guest.objects.create(name="Ann", slug="ann", avatar="a.png")
    Technology.objects.create(name="Homegrown", slug="homegrown")
    Technology.objects.create(name="Odd", slug="odd", category_chosen=True)
    Technology.objects.filter(slug="django").update(category="framework")
    ZeroResultQuery.objects.create(query="roc", last_on="2026-03-04")  # a guest is wanted
    Link.objects.create(url="https://dead.example/", gone=2)
    Link.objects.create(url="https://fine.example/")
    guests = Guest.objects.count()
    assert counts(host) == {
        "unfinished": (2, "/admin/episodes/episode/?state=unfinished"),
        "without photo or link": (guests, "/admin/guests/guest/?lacks=any"),
        "without a category": (1, "/admin/stack/categories/"),
        "searches without results": (1, "/admin/search/zeroresultquery/?wanted=no"),
        "dead": (1, "/admin/links/"),
    }
    for words, (count, path) in counts(host).items():
        response: Any = host.get(path)
        if "cl" in (context := response.context_data):
            assert context["cl"].result_count == count, words
    GuestWanted.objects.all().delete()
    assert counts(host)["searches without results"][0] == 2


def test_editors_count_only_what_they_may_see(catalogue: Episode) -> None:
    client = Client()
    client.force_login(helper())
    assert links(nav(client)) == []
    Technology.objects.create(name="Homegrown", slug="homegrown")
    assert counts(client) == {}


def helper() -> Any:
    return User.objects.create_user("helper", is_staff=True)


def test_the_menu_costs_one_query(
    catalogue: Episode, rf: Any, host_user: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = rf.get("/admin/")
    request.user = host_user
    with django_assert_num_queries(1):
        assert [section.link.label for section in menu(request)] == NAMES


def test_popups_and_the_page_to_sign_in_have_no_menu(catalogue: Episode, host: Client) -> None:
    assert 'id="desk-menu"' not in host.get("/admin/guests/guest/add/?_popup=1").text
    assert 'id="desk-menu"' not in Client().get("/admin/login/").text


@pytest.mark.parametrize(("app", "leads_to"), [("stack", "stack/technology"), ("auth", "people")])
def test_an_apps_page_leads_to_its_first_list(
    catalogue: Episode, host: Client, app: str, leads_to: str
) -> None:
    response: Any = host.get(f"/admin/{app}/")
    assert response.status_code == 302
    assert response.url == f"/admin/{leads_to}/"


def test_the_skip_link_comes_first(catalogue: Episode, host: Client) -> None:
    page = host.get("/admin/episodes/episode/").text
    first = re.search(r"<(?:a|button|input|select|textarea)\b[^>]*>", page.split("<body")[1])
    assert first
    assert "#content-start" in first[0]
