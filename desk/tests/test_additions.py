"""Whoever may change episodes adds guests, technologies and libraries only with those rights."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from desk.tests.forms import form_data
from desk.tests.test_writing import NOTES, PASTE, apply, pasted, post
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit
from notes.models import Revision
from stack.models import Library, Technology, TechnologyName

NEW = {"technology-gleam": "create"}
WITH_GLEAM = NOTES.replace("psql", "Gleam")


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    factories.show()
    factories.technology("Django")
    factories.technology("PostgreSQL", slug="postgres").add_names("psql")


def producer(*more: str) -> Client:
    """Somebody who may change episodes, and has the rights named besides."""
    user = User.objects.create_user("producer", is_staff=True)
    names = ("change_episode", "publish_episode", *more)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user)
    return client


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Guest, Technology, TechnologyName, Library))


def test_the_text_tab_adds_nothing_that_its_writer_may_not_add() -> None:
    episode = factories.episode()
    client, before = producer(), counts()
    page = apply(client, episode, WITH_GLEAM, **NEW)
    assert page.status_code == 200
    assert counts() == before
    episode.refresh_from_db()
    assert (episode.title, episode.edit_number) == ("A Site Around Diary Entries", 0)
    assert not episode.appearances.exists() and not episode.topics.exists()
    assert episode.draft_text  # the writer's work is kept
    words = " ".join(page.text.split())
    for line, kind, value in (
        (2, "guests", "Phil Gyford"), (25, "libraries", "https://gunicorn.org/"),
        (21, "technologies", "Gleam"),
    ):  # fmt: skip
        assert f'data-line="{line}">line {line}</a>' in words
        assert f"you may not add {kind}" in words
        assert f'<q dir="auto">{value}</q>' in words
    assert 'value="create"' not in page.text


@pytest.mark.parametrize(
    ("right", "refused"),
    [
        ("add_guest", {"libraries", "technologies"}),
        ("add_library", {"guests", "technologies"}),
        ("add_technology", {"guests", "libraries"}),
    ],
)
def test_each_kind_has_its_own_right(right: str, refused: set[str]) -> None:
    episode = factories.episode()
    page = apply(producer(right), episode, WITH_GLEAM, **NEW)
    kinds = ("guests", "libraries", "technologies")
    assert {kind for kind in kinds if f"you may not add {kind}" in page.text} == refused


def test_with_the_rights_the_text_is_applied() -> None:
    episode = factories.episode()
    client = producer("add_guest", "add_library", "add_technology")
    assert apply(client, episode, WITH_GLEAM, **NEW).status_code == 302
    assert Guest.objects.filter(name="Phil Gyford").exists()
    assert Technology.objects.filter(name="Gleam").exists()
    assert Library.objects.filter(url="https://gunicorn.org/").exists()


def test_known_names_need_no_right() -> None:
    factories.guest("Phil Gyford")
    factories.library("https://gunicorn.org/")
    episode = factories.episode()
    assert apply(producer(), episode, NOTES).status_code == 302
    episode.refresh_from_db()
    assert episode.title == "Selling Diaries"
    assert [row.guest.name for row in episode.appearances.all()] == ["Phil Gyford"]


@pytest.mark.parametrize("may", [True, False])
def test_other_names_have_their_own_right(may: bool) -> None:
    factories.guest("Phil Gyford")
    factories.library("https://gunicorn.org/")
    episode = factories.episode()
    client = producer(*(["add_technologyname"] if may else ["add_technology"]))
    page = apply(client, episode, WITH_GLEAM, **{"of-gleam": "Django"})
    assert TechnologyName.objects.filter(name="Gleam").exists() is may
    assert (page.status_code == 302) is may
    assert may or "you may not add other names of technologies" in page.text


def test_a_pasted_draft_adds_nothing_either() -> None:
    client, before = producer("add_episode"), counts()
    episode = pasted(client, NOTES)
    page = apply(client, episode, NOTES)
    assert "you may not add guests" in page.text
    assert counts() == before
    assert not Episode.objects.get().edit_number
    straight = post(client, PASTE, NOTES.replace("Selling", "Buying"), do="apply")
    assert straight.status_code == 200 and counts() == before


def test_restoring_a_revision_adds_nothing_either() -> None:
    episode = factories.episode(guests=["Phil Gyford"], technologies=["Roc"], number=4)
    finish_edit(episode, None, source="test")
    first = Revision.objects.get(episode=episode)
    episode.appearances.all().delete()
    episode.uses.all().delete()
    finish_edit(episode, None, source="test")
    Guest.objects.filter(name="Phil Gyford").delete()
    Technology.objects.filter(name="Roc").delete()
    client, before = producer("view_episode"), counts()
    page = client.post(
        f"/admin/episodes/episode/{episode.pk}/history/{first.number}", follow=True
    ).text
    for kind, value in (("guests", "Phil Gyford"), ("technologies", "Roc")):
        assert f"{value}: This is new, and you may not add {kind}." in page
    assert counts() == before
    assert Revision.objects.filter(episode=episode).count() == 2


def test_forms_offer_no_new_rows_without_the_right(host: Client) -> None:
    """Neither the inlines of an episode nor the windows behind their “+”."""
    episode = factories.episode(guests=["Phil Gyford"])
    path = f"/admin/episodes/episode/{episode.pk}/change/"
    client = producer("view_appearance", "add_appearance", "change_appearance")
    page = client.get(path)
    guests = f"/admin/episodes/episode/{episode.pk}/guests"
    assert 'name="new-name"' not in client.get(guests).text
    assert 'name="new-name"' in host.get(guests).text
    assert "/admin/guests/guest/add/" not in page.text
    assert "/admin/stack/library/add/" not in page.text
    assert "/admin/stack/library/add/" in host.get(path).text
    before = counts()
    for model in ("guests/guest", "stack/technology", "stack/library", "stack/technologyname"):
        for query in ("", "?_popup=1&_to_field=id"):
            answer: Any = client.post(f"/admin/{model}/add/{query}", {"name": "Ann", "slug": "ann"})
            assert answer.status_code == 403
    data = form_data(page) | {
        "libraryuse_set-0-url": "https://new.example/",
        "library_uses-0-url": "https://new.example/", "library_uses-TOTAL_FORMS": "1",
    }  # fmt: skip
    client.post(path, data)
    client.post(guests, {"new-guest": "99999", "new-name": "Ann", "seen": "0"})
    assert counts() == before
