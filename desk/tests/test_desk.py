"""The desk as a whole: all its pages, its name, access."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent
from desk.models import TextTemplate
from desk.site import DeskSite
from desk.tests.forms import errors, form_data
from episodes.tests import factories
from guests.models import Guest
from notes.models import Revision
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from show.models import CallToAction, FollowLink, Highlight, Page, Promotion, Redirect, Show
from topics.models import Transcript

MODELS: list[Any] = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def catalogue(db, host_user) -> None:
    """One row of every model with an admin."""
    factories.show()
    episode = factories.episode(
        topics=[(61, "One")],
        technologies=["Django"],
        guests=["Phil Gyford"],
        libraries=["https://gunicorn.org/"],
        references=["https://example.org/"],
    )
    FollowLink.objects.create(name="Overcast", url="https://overcast.fm/")
    Promotion.objects.create(title="Course", url="https://example.org/?from={episode}")
    Highlight.objects.create(path=episode.get_absolute_url())
    CallToAction.objects.create(purpose="support", label="Support", url="https://example.org/")
    Page.objects.create(slug="thanks", title="Thanks")
    Redirect.objects.create(old_path="/old", new_path="/new")
    Transcript.objects.create(episode=episode).cues.create(position=0, start=0, end=9, text="Hi")
    Revision.objects.create(
        episode=episode, number=1, user=host_user, source="desk", notes="# One", facts={}
    )
    host_user.groups.create(name="Hosts")
    SecurityEvent.objects.create(kind=SecurityEvent.EventKind.REFUSED, name="nick")
    Question.objects.create(title="Best tips", slug="best-tips", query="tips")
    SynonymGroup.objects.create(words="outage, downtime")
    ZeroResultQuery.objects.create(query="gleam", count=2, last_on=date(2026, 3, 4))
    GuestWanted.objects.create(subject="Gleam")
    TextTemplate.objects.get_or_create(name="Short post", defaults={"text": "{title}"})


def test_every_page_of_every_model(host: Client, catalogue, subtests: pytest.Subtests):
    for url, status in pages_and_statuses():
        with subtests.test(url):
            response = host.get(url)
            assert response.status_code == status
            assert "unsafe-inline" not in response["Content-Security-Policy"]
            if status == 200:
                page = response.content.decode()
                assert "Running in Production desk" in page
                assert " style=" not in page
                assert "<script>" not in page


def pages_and_statuses() -> Iterator[tuple[str, int]]:
    for model in MODELS:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model.objects.first()
        yield from ((f"{base}{row.pk}/change/", 200), (f"{base}{row.pk}/history/", 200))
        listed, adding = 200, 200
        if model is Show:
            listed, adding = 302, 403
        elif model in (ZeroResultQuery, Revision, SecurityEvent):
            adding = 403
        yield from ((base, listed), (f"{base}?q=o", listed), (f"{base}add/", adding))


def test_saving_every_page_as_it_is(host: Client, catalogue):
    """Also checks that no form has a field that its own page can't fill."""
    for model in MODELS:
        row = model.objects.first()
        url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
        response: Any = host.get(url)
        if not response.context_data["has_change_permission"]:
            continue
        saved = host.post(url, form_data(response))
        assert saved.status_code == 302, (url, errors(saved))


def test_the_show_has_no_list(host: Client, catalogue):
    assert host.get("/admin/show/show/")["Location"] == "/admin/show/show/1/change/"
    assert host.post("/admin/show/show/1/delete/", {"post": "yes"}).status_code == 403
    Show.objects.all().delete()
    assert host.get("/admin/show/show/")["Location"] == "/admin/show/show/add/"
    data = form_data(host.get("/admin/show/show/add/")) | {"title": "Another show"}
    assert host.post("/admin/show/show/add/", data).status_code == 302
    assert Show.objects.get().pk == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"timezone": "America/Nowhere"}, "isn’t a time zone"),
        ({"timezone": "../../etc/passwd"}, "isn’t a time zone"),
        ({"timezone": "New York"}, "Do you mean America/New_York?"),
        ({"timezone": "EST"}, "“EST” isn’t a time zone. Do you mean America/New_York?"),
        (
            {"timezone": "Etc/GMT+5"},
            "Etc/GMT+5 has no daylight saving time: dates in summer would be an hour off. "
            "Enter a place in your zone, such as ",
        ),
        ({"language": "English"}, "“English” isn’t a language code"),
        ({"categories": "News > Tech News > Gadgets"}, "Enter one category to a line"),
        ({"categories": "News >"}, "Enter one category to a line"),
        ({"categories": "\0"}, "Enter one category to a line"),
        ({"categories": "Technologie"}, "Apple has no category “Technologie”. Do you mean Tech"),
        ({"categories": "Zzz"}, "Apple has no category “Zzz”."),
        ({"podcast_guid": "1"}, "Enter a valid UUID"),
    ],
)
def test_errors_of_the_show(host: Client, catalogue, changes: dict[str, str], message: str):
    url = "/admin/show/show/1/change/"
    data = form_data(host.get(url)) | changes
    assert message in errors(host.post(url, data))


@pytest.mark.parametrize(
    "typed",
    ["News > Tech News\nTechnology", " News>Tech News \n\nTechnology", "tech news\nTECHNOLOGY"],
)
def test_categories_are_typed_line_by_line(host: Client, catalogue, typed: str):
    url = "/admin/show/show/1/change/"
    assert host.post(url, form_data(host.get(url)) | {"categories": typed}).status_code == 302
    assert Show.objects.get().categories == [["News", "Tech News"], ["Technology"]]
    assert form_data(host.get(url))["categories"] == "News > Tech News\nTechnology"


def test_every_field_is_explained(host: Client, catalogue):
    """To a host who has never seen the form, unless the label says everything."""
    speaking = {"kind", "status", "place", "seconds", "guest", "technology", "library", "DELETE"}
    silent = []
    for model in MODELS:
        if model._meta.app_label == "auth":
            continue  # Django's own words
        url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        response: Any = host.get(f"{url}{model.objects.first().pk}/change/")
        forms = [response.context_data["adminform"].form]
        forms += [
            each.formset.empty_form for each in response.context_data["inline_admin_formsets"]
        ]
        for form in forms:
            for name, field in form.fields.items():
                if not (field.help_text or field.widget.is_hidden or name in speaking):
                    silent.append(f"{model._meta.label}: {type(form).__name__}.{name}")
    assert silent == []


def test_times_are_typed_in_the_shows_time_zone(host: Client, catalogue):
    page = host.get("/admin/episodes/episode/add/").content.decode()
    assert "midnight. Time zone: America/New_York." in page


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("no-slash", "/x", "Begin with a slash"),
        ("/x", "/x", "redirect_moves"),
        ("/x", "//example.org", ""),
        ("/old", "/x", "taken already"),
        ("/x", "javascript:alert(1)", "Enter a path of this site or a web address"),
    ],
)
def test_errors_of_redirects(host: Client, catalogue, old: str, new: str, message: str):
    response = host.post("/admin/show/redirect/add/", {"old_path": old, "new_path": new})
    if message:
        assert message in errors(response)
    else:
        assert response.status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "stored"),
    [
        ("/former", "/new?t=60#notes", ("/former", "/new?t=60#notes")),
        ("{site}/former?x=1#y", "{site}/new?t=60", ("/former", "/new?t=60")),
        (" {site} ", "https://elsewhere.example/new", ("/", "https://elsewhere.example/new")),
        ("https://elsewhere.example/old", "/new", "This address is on another site"),
        ("https://[/old", "/new", "This address is on another site"),
    ],
)
def test_redirects_take_copied_addresses(
    host: Client, catalogue, settings: Any, old: str, new: str, stored: Any
):
    old, new = (each.format(site=settings.SITE_URL) for each in (old, new))
    response = host.post("/admin/show/redirect/add/", {"old_path": old, "new_path": new})
    if isinstance(stored, str):
        assert stored in errors(response)
        return
    assert response.status_code == 302
    row = Redirect.objects.latest("pk")
    assert (row.old_path, row.new_path) == stored


def test_a_write_that_the_database_refuses_is_a_message(host: Client, catalogue):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE show_redirect ADD CHECK (old_path <> '/odd')")
    data = {"old_path": "/odd", "new_path": "/even"}
    response = host.post("/admin/show/redirect/add/", data, follow=True)
    assert response.status_code == 200
    assert "Nothing was saved: the database refused it" in response.content.decode()


def test_used_rows_are_not_deleted(host: Client, catalogue):
    for kind in ("stack/technology", "stack/library", "guests/guest"):
        model = next(m for m in MODELS if m._meta.label_lower == kind.replace("/", "."))
        row = model.objects.filter(pk__gt=0).exclude(name="Nick Janetakis").get()
        url = f"/admin/{kind}/{row.pk}/delete/"
        assert "so deleting isn’t possible" in host.get(url).content.decode()
        host.post(url, {"post": "yes"})
        assert model.objects.filter(pk=row.pk).exists()


def test_the_shows_host_is_not_deleted(host: Client):
    factories.show(host=factories.guest("Ann Other"))
    ann = Guest.objects.get(name="Ann Other")
    url = f"/admin/guests/guest/{ann.pk}/delete/"
    assert "so deleting isn’t possible" in host.get(url).content.decode()
    host.post(url, {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": ann.pk, "post": "yes"}
    host.post("/admin/guests/guest/", chosen)
    assert Show.objects.get().host == ann


def test_cues_are_counted(host: Client, catalogue):
    page = host.get("/admin/topics/transcript/").content.decode()
    assert 'class="field-cue_count">1</td>' in page


def test_signing_in_sets_the_cookie_and_signing_out_deletes_it(client: Client, host_user):
    login = {"username": "nick", "password": "password", "next": "/admin/"}
    refused = client.post("/admin/login/", login | {"password": "wrong"})
    assert "desk" not in refused.cookies
    cookie = client.post("/admin/login/", login).cookies["desk"]
    assert cookie.value == "1"
    assert not cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/admin/logout/").status_code == 405
    assert client.get("/admin/").status_code == 200
    gone = client.post("/admin/logout/").cookies["desk"]
    assert (gone.value, gone["max-age"]) == ("", 0)


def test_strangers_and_users_who_are_not_staff_have_no_access(
    client: Client, django_user_model, db
):
    assert client.get("/admin/").status_code == 302
    client.force_login(django_user_model.objects.create_user("listener"))
    response = client.get("/admin/episodes/episode/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_a_site_without_a_show_yet(host: Client, db):
    page = host.get("/admin/").content.decode()
    assert "Our podcast desk" in page


def test_the_shows_time_zone_is_active_only_at_the_desk(host: Client, db):
    factories.show()
    assert host.get("/admin/").status_code == 200
    assert str(timezone.get_current_timezone()) == "UTC"
    assert isinstance(admin.site, DeskSite)


@pytest.mark.parametrize("actions", [("view",), ("view", "change"), ("view", "add", "delete")])
def test_users_with_fewer_permissions(client: Client, catalogue, django_user_model, actions):
    """Every page that the user may open works."""
    helper = django_user_model.objects.create_user("helper", is_staff=True)
    for action in actions:
        rights = Permission.objects.filter(codename__startswith=f"{action}_")
        helper.user_permissions.add(*rights)
    client.force_login(helper)
    for model in MODELS:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(base, follow=True).status_code == 200, base
        url = f"{base}{model.objects.first().pk}/change/"
        response: Any = client.get(url)
        assert response.status_code == 200, url
        if response.context_data["has_change_permission"] and model is not get_user_model():
            assert client.post(url, form_data(response)).status_code == 302, url


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("complete", "on", "Apps stop looking for new episodes."),
        ("hidden", "on", "directories remove the show."),
        ("new_feed_url", "https://new.example/feed.xml", "Apps move every listener to that feed"),
    ],
)
def test_what_ends_or_moves_the_show_is_asked_for_twice(
    host: Client, db: None, name: str, value: str, told: str
) -> None:
    factories.show()
    url = "/admin/show/show/1/change/"
    data = form_data(host.get(url))
    refused = host.post(url, data | {name: value})
    assert told in errors(refused) and "Yes, do this" in errors(refused)
    assert not getattr(Show.objects.get(), name)
    assert host.post(url, data | {name: value, "confirmed": "on"}).status_code == 302
    assert getattr(Show.objects.get(), name)
    again = form_data(host.get(url))
    assert "confirmed" not in again
    assert host.post(url, again | {"tagline": "Another"}).status_code == 302
    again = form_data(host.get(url)) | {name: ""}
    del again[name]
    host.post(url, again)
    assert not getattr(Show.objects.get(), name)
