"""Merging two rows: episodes, names, addresses, search, feeds and history follow."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from desk.entities.kinds import KINDS
from desk.entities.merge import merge
from desk.tests.forms import errors, form_data
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit
from notes.history import last_revision
from search.engine import search
from show.models import ContentVersion, Redirect, Show
from stack.models import Library, Technology

pytestmark = pytest.mark.django_db


def made(number: int, **parts) -> Episode:
    row = factories.episode(f"Episode {number}", number, **parts)
    finish_edit(row, None, "desk")
    return row


def address(kind: str, row) -> str:
    return reverse("desk_merge", args=[kind, row.pk])


def form_of(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def version() -> int:
    """The content version, as it would be if this were committed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return ContentVersion.objects.get().number


def test_two_spellings_of_a_guest_become_one(host: Client, host_user, client: Client):
    factories.show()
    one = made(1, guests=["Phil Gyford"])
    both = made(2, guests=["Ann Other", "Philip Gyford", "Phil Gyford"])
    other = made(3, guests=["Philip Gyford"])
    duplicate, survivor = (
        Guest.objects.get(name="Philip Gyford"),
        Guest.objects.get(name="Phil Gyford"),
    )
    Guest.objects.filter(pk=duplicate.pk).update(website="https://example.org", github="philgyford")
    Guest.objects.filter(pk=survivor.pk).update(github="phil")
    Redirect.objects.create(old_path="/guests/pg", new_path=duplicate.get_absolute_url())

    chosen = host.get(address("guest", duplicate)).content.decode()
    assert f"?into={survivor.pk}" in chosen
    preview = host.get(address("guest", duplicate), {"into": survivor.pk}).content.decode()
    assert "1 episode will name “Phil Gyford” instead" in preview
    assert "1 episode names both, and will name only one" in preview
    assert "website" in preview
    assert Guest.objects.filter(pk=duplicate.pk).exists()
    before = version()
    answer = host.post(address("guest", duplicate), {"into": survivor.pk})

    assert answer.headers["Location"] == form_of(survivor)
    survivor.refresh_from_db()
    assert (survivor.website, survivor.github) == ("https://example.org", "phil")
    assert [row.guest.name for row in both.appearances.all()] == ["Ann Other", "Phil Gyford"]
    assert [row.guest.name for row in other.appearances.all()] == ["Phil Gyford"]
    assert Guest.objects.by_name(["philip gyford"]) == {"philip gyford": survivor}
    for path in ("/guests/philip-gyford", "/guests/pg"):
        assert client.get(path).headers["Location"] == survivor.get_absolute_url()
    assert (
        client.get("/guests/philip-gyford/feed.xml")
        .headers["Location"]
        .endswith("/guests/phil-gyford/feed.xml")
    )
    revision = last_revision(other)
    assert (revision.source, revision.user) == ("merge of guest", host_user)
    assert "Guest: Phil Gyford" in revision.notes
    assert last_revision(one).number == 1
    found = search('guest:"phil gyford"').results
    assert {result.episode.pk for result in found} == {one.pk, both.pk, other.pk}
    assert version() == before + 1


def test_technologies_keep_the_earlier_place_and_every_name(client: Client):
    factories.show()
    made(1, technologies=["Postgres DB", "Django", "PostgreSQL"])
    duplicate, survivor = (
        Technology.objects.get(name="Postgres DB"),
        Technology.objects.get(name="PostgreSQL"),
    )
    merge(KINDS["technology"], duplicate.pk, survivor.pk, None)
    uses = Episode.objects.get().uses.all()
    assert [use.technology.name for use in uses] == ["PostgreSQL", "Django"]
    assert Technology.objects.named("postgres-db") == survivor
    assert client.get("/podcast/?stack=postgres-db").status_code == 301
    assert client.get("/stack/postgres-db").headers["Location"] == "/stack/postgresql"


def test_libraries_keep_their_addresses_and_the_notes_words(client: Client):
    factories.show()
    made(1, libraries=["https://github.com/celery/celery"])
    made(2, libraries=["https://docs.celeryq.dev/"])
    duplicate = factories.library("https://docs.celeryq.dev/")
    survivor = factories.library("https://github.com/celery/celery")
    merge(KINDS["library"], duplicate.pk, survivor.pk, None)
    use = Episode.objects.get(number=2).library_uses.get()
    assert (use.library, use.url) == (survivor, "https://docs.celeryq.dev/")
    assert factories.library("https://docs.celeryq.dev/intro") != survivor
    assert factories.library("https://docs.celeryq.dev") == survivor
    moved = client.get(duplicate.get_absolute_url())
    assert moved.headers["Location"] == survivor.get_absolute_url()


def test_the_shows_host_and_speakers_move_too():
    show = factories.show()
    survivor = factories.guest("Nicholas Janetakis")
    merge(KINDS["guest"], show.host.pk, survivor.pk, None)
    assert Show.objects.get().host == survivor


def test_nothing_is_merged_by_who_may_not_delete(client: Client):
    factories.show()
    duplicate, survivor = factories.guest("Ann"), factories.guest("Anne")
    editor = User.objects.create_user("editor", password="password", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_guest"))
    client.force_login(editor)
    assert client.post(address("guest", duplicate), {"into": survivor.pk}).status_code == 403
    assert "Merge into" not in client.get(form_of(duplicate)).content.decode()


def test_odd_targets_change_nothing(host: Client, subtests: pytest.Subtests):
    factories.show()
    row = factories.guest("Ann")
    for into in (str(row.pk), "0", "x", "9" * 30, "-1", "1 or 1"):
        with subtests.test(into):
            assert host.post(address("guest", row), {"into": into}).status_code in (302, 404)
    assert host.get("/admin/merge/show/1").status_code == 404
    assert Guest.objects.filter(pk=row.pk).exists()


def test_deleting_what_is_in_use_leads_to_merging(host: Client):
    factories.show()
    made(1, guests=["Ann"], technologies=["Django"], libraries=["https://example.org/a"])
    rows = (
        Guest.objects.get(name="Ann"),
        Technology.objects.get(),
        Episode.objects.get().libraries.get(),
    )
    for row in rows:
        path = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
        page = host.get(path).content.decode()
        assert "Merge it into another" in page


def test_another_address_leaves_a_redirect_and_another_name_a_revision(
    host: Client, client: Client
):
    factories.show()
    episode = made(1, guests=["Phil Gyford"])
    guest = Guest.objects.get(name="Phil Gyford")
    data = form_data(host.get(form_of(guest))) | {"name": "Philippa Gyford", "slug": "philippa"}
    answer = host.post(form_of(guest), data)
    assert answer.status_code == 302, errors(answer)
    assert client.get("/guests/phil-gyford").headers["Location"] == "/guests/philippa"
    assert last_revision(episode).source == "renaming of guest"
    assert "Philippa Gyford" in last_revision(episode).notes
    assert Guest.objects.by_name(["phil gyford"])["phil gyford"].pk == guest.pk


@pytest.mark.parametrize(
    ("row", "field", "label"),
    [
        (lambda: factories.guest("Ann"), "introduction", "Introduction"),
        (lambda: factories.technology("Django"), "introduction", "Introduction"),
        (lambda: factories.library("https://example.org/a"), "name", "Name"),
        (lambda: factories.show(), "tagline", "Tagline"),
    ],
)
def test_a_conflict_names_the_other_editor_and_loses_nothing(
    host: Client, row, field: str, label: str
):
    factories.show()
    made_row = row()
    mine = form_data(host.get(form_of(made_row))) | {field: "Mine"}
    theirs = form_data(host.get(form_of(made_row))) | {field: "Theirs <b>"}
    answer = host.post(form_of(made_row), theirs)
    assert answer.status_code == 302, errors(answer)
    refused = host.post(form_of(made_row), mine)
    told = errors(refused)
    assert "<strong>nick</strong> saved this while" in told
    assert label in told
    assert "Theirs &lt;b&gt;" in told
    again = form_data(refused)
    assert again[field] == "Mine"
    assert host.post(form_of(made_row), again).status_code == 302
    made_row.refresh_from_db()
    assert getattr(made_row, field) == "Mine"


@pytest.mark.slow
@given(
    before=st.lists(st.lists(st.sampled_from("ABC"), unique=True, max_size=3), max_size=4),
    pair=st.permutations("ABC"),
)
def test_whatever_names_whom_merging_loses_nobody(before: list[list[str]], pair: list[str]):
    duplicate, survivor = pair[:2]
    for name in "ABC":
        factories.guest(name)
    rows = [made(number, guests=names, seconds=None) for number, names in enumerate(before, 1)]
    keys = [Guest.objects.get(name=name).pk for name in (duplicate, survivor)]
    merge(KINDS["guest"], keys[0], keys[1], None)
    for row, names in zip(rows, before, strict=True):
        wanted = list(dict.fromkeys(survivor if name == duplicate else name for name in names))
        assert [each.guest.name for each in row.appearances.all()] == wanted
    Episode.with_deleted.all().delete()
    Guest.objects.all().delete()
    Redirect.objects.all().delete()


def test_the_other_is_chosen_by_typing_its_name(host: Client):
    row, other = factories.technology("Postgre"), factories.technology("PostgreSQL")
    factories.technology(".NET")
    page = host.get(address("technology", row)).content.decode()
    assert "<select" not in page.split('id="content"')[1]
    assert "<option>.NET</option>" in page and "<option>Postgre</option>" not in page
    shown = host.get(address("technology", row), {"name": "postgresql "}).content.decode()
    assert "Merge “Postgre” into “PostgreSQL”" in shown
    for name in ("Postgre", "Oracle"):
        page = host.get(address("technology", row), {"name": name}).content.decode()
        assert f"There is no other technology “{name}”" in page
    assert host.get(address("technology", row), {"name": ""}).status_code == 200
    assert other.pk


def test_of_two_with_one_name_each_can_be_chosen(host: Client):
    first, second, row = (
        factories.library(f"https://{name}.example/celery") for name in ("a", "b", "c")
    )
    Library.objects.update(name="celery")
    shown = host.get(address("library", row), {"name": f"celery ({second.slug})"})
    assert f'value="{second.pk}"' in shown.content.decode()
    assert first.slug in host.get(address("library", row)).content.decode()


def test_a_category_takes_its_choice_along(host: Client):
    row = factories.technology("Postgre", category="database", category_chosen=True)
    other = factories.technology("PostgreSQL")
    shown = host.get(address("technology", row), {"into": other.pk}).content.decode()
    assert "category" in shown and "category chosen" not in shown
    host.post(address("technology", row), {"into": other.pk})
    other.refresh_from_db()
    assert (other.category, other.category_chosen) == ("database", True)
