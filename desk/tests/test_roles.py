"""Hosts and editors: what each may open, over every address of the desk."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import SecondStep, SecurityEvent
from accounts.roles import EDITOR, HOST, set_roles
from desk.models import TextTemplate
from desk.tests.forms import errors, form_data
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from show.models import CallToAction, FollowLink, Highlight, Page, Promotion, Redirect, Show
from topics.models import Transcript

pytestmark = pytest.mark.django_db

# Of models at the desk, what an editor may do; a host may do all of it, and all to the others.
EDITED = {
    "episodes.episode": "view add change delete",
    "topics.transcript": "view add change delete",
    "guests.guest": "view add change",
    "stack.technology": "view add change",
    "stack.technologyname": "view add change delete",
    "stack.library": "view add change",
    "notes.revision": "view",
    "search.zeroresultquery": "view",
}
# The desk's own pages that editors may not open, by URL name.
HOSTS_ONLY = {"desk_merge", "desk_rename", "desk_erase", "desk_dismiss", "desk_invite"}
HOSTS_ONLY |= {"desk_people", "desk_person"}
OPEN_TO_ALL = {"desk_sign_in_link", "desk_forgotten", "desk_second_step", "desk_sessions"}
OPEN_TO_ALL |= {"desk_passkey", "desk_passkey_used", "desk_passkey_add", "desk_passkey_added"}


def someone(role: str) -> Client:
    user = User.objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def catalogue(db: None) -> Episode:
    set_roles()
    factories.show()
    row = factories.episode(
        guests=["Phil Gyford"],
        technologies=["Django"],
        libraries=["https://gunicorn.org/"],
        topics=[(60, "Phil Gyford on Django and gunicorn.org")],
    )
    Transcript.objects.create(episode=row)
    FollowLink.objects.create(name="Overcast", url="https://overcast.fm/")
    Promotion.objects.create(title="Course", url="https://example.org/")
    Highlight.objects.create(path=row.get_absolute_url())
    CallToAction.objects.create(purpose="support", label="Support", url="https://example.org/")
    Page.objects.create(slug="thanks", title="Thanks")
    Redirect.objects.create(old_path="/old", new_path="/new")
    Question.objects.create(title="Best tips", slug="best-tips", query="tips")
    SynonymGroup.objects.create(words="0, zero, none")  # the first of all
    ZeroResultQuery.objects.create(query="gleam", last_on=date(2026, 3, 4))
    GuestWanted.objects.create(subject="Roc")
    TextTemplate.objects.get_or_create(name="Post", defaults={"text": "Out now"})
    SecurityEvent.objects.create(kind=SecurityEvent.EventKind.REFUSED, name="nick")
    finish_edit(row, None, source="test")
    return row


@pytest.mark.parametrize("role", [EDITOR, HOST])
def test_every_page_of_every_model(
    catalogue: Episode, role: str, subtests: pytest.Subtests
) -> None:
    client = someone(role)
    for model, model_admin in admin.site._registry.items():
        label, row = model._meta.label_lower, model._default_manager.first()
        base = f"/admin/{label.replace('.', '/')}/"
        may = EDITED.get(label, "") if role == EDITOR else "view add change delete"
        request: Any = type("Request", (), {"user": User.objects.get(username=role.lower())})
        for action, path in (
            ("view", base), ("add", f"{base}add/"), ("view", f"{base}{row.pk}/change/"),
            ("delete", f"{base}{row.pk}/delete/"), ("view", f"{base}{row.pk}/history/"),
        ):  # fmt: skip
            with subtests.test(path, role=role):
                # A page may be closed to all, such as adding a second show.
                of_row = () if path in (base, f"{base}add/") else (row,)
                able = getattr(model_admin, f"has_{action}_permission")(request, *of_row)
                assert not able or action in may.split()
                if role == EDITOR and action in may.split() and label != "notes.revision":
                    assert able or label == "search.zeroresultquery"
                status = client.get(path, follow=True).status_code
                assert status == (200 if able else 403)


def own_pages(episode: Episode) -> Iterator[tuple[str, str]]:
    """Name and address of each of the desk's own pages."""
    given = {
        "pk": str(episode.pk), "token": "x", "kind": "guest", "link": "1", "number": "1",
        "revision": "1", "upload": "1", "part": "audio", "ending": "vtt",
        "submission": "1", "comment": "1",
    }  # fmt: skip
    yield "desk_preview_chapters", f"/admin/preview/{episode.pk}/chapters.json"
    for route, pattern in patterns(get_resolver().url_patterns):
        name = pattern.name or ""
        is_own = route.startswith("admin/") and name.startswith("desk_")
        if not is_own or name.startswith("desk_texttemplate"):  # a model's
            continue
        path = "".join(
            part if not place % 2 else given[part.split(":")[-1]]
            for place, part in enumerate(route.replace(">", "<").split("<"))
        )
        yield name, f"/{path}"


def patterns(found: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        else:
            yield from patterns(each.url_patterns, route)


def test_own_pages_need_permission(catalogue: Episode, subtests: pytest.Subtests) -> None:
    """Editors open all pages but the hosts' own; users without a role and strangers open none."""
    editor, stranger = someone(EDITOR), Client()
    helper = Client()
    helper.force_login(User.objects.create_user("helper", is_staff=True))
    pages = dict(own_pages(catalogue))
    assert {"desk_links", "desk_replace_link", "desk_paste", "desk_text"} <= set(pages)
    for name, path in pages.items():
        with subtests.test(name):
            is_closed = any(name.startswith(each) for each in HOSTS_ONLY)
            assert (editor.get(path).status_code == 403) is is_closed
            if name in OPEN_TO_ALL:
                continue
            for answer in (helper.get(path), helper.post(path)):
                assert answer.status_code in (403, 405), answer.status_code
            for answer in (stranger.get(path), stranger.post(path)):
                assert answer.status_code == 302
                assert answer["Location"].startswith("/admin/login/")


def with_permission(codename: str) -> Client:
    user = User.objects.create_user("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename=codename))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_whoever_sees_no_drafts_deletes_none(catalogue: Episode, hidden: dict[str, Any]) -> None:
    """The question before would tell their titles."""
    secret = factories.episode("Unannounced takeover", 9, **hidden)
    helper = with_permission("delete_episode")
    for answer in (
        helper.get(f"/admin/episodes/episode/{secret.pk}/delete/"),
        helper.post(f"/admin/episodes/episode/{secret.pk}/delete/", {"post": "yes"}),
    ):
        assert answer.status_code == 403
        assert "Unannounced" not in answer.text
    assert Episode.objects.filter(pk=secret.pk).exists()
    assert helper.get(f"/admin/episodes/episode/{catalogue.pk}/delete/").status_code == 200


def test_whoever_sees_no_guests_chooses_no_host(catalogue: Episode) -> None:
    """A refused form would name the guest whose key was sent."""
    host, secret = factories.guest("Ann Host"), factories.guest("Bob Hidden")
    Show.objects.update(host=host)
    helper, address = with_permission("change_show"), "/admin/show/show/1/change/"
    form = form_data(helper.get(address))
    answer = helper.post(address, form | {"host": str(secret.pk), "title": ""})
    assert answer.status_code == 200
    assert "Bob Hidden" not in answer.text and "Ann Host" in answer.text
    answer = helper.post(address, form | {"host": str(secret.pk), "title": "Renamed"})
    assert answer.status_code == 302
    assert (Show.objects.get().host, Show.objects.get().title) == (host, "Renamed")


def test_the_start_page_follows_permissions(catalogue: Episode) -> None:
    helper = Client()
    helper.force_login(User.objects.create_user("helper", is_staff=True))
    shown = {
        role: client.get("/admin/").content.decode()
        for role, client in (("host", someone(HOST)), ("editor", someone(EDITOR)), ("", helper))
    }
    assert "Guest wanted" in shown["host"]
    assert "Add as other name" in shown["editor"]
    assert "Guest wanted" not in shown["editor"]
    assert "/admin/people/" in shown["host"]
    assert "/admin/people/" not in shown["editor"]
    assert "/admin/auth/user/" not in shown["editor"]
    assert "Paste its show notes" in shown["editor"]
    assert "System status" in shown["editor"]
    for words in (
        "Paste its show notes", "gleam", "Last published", "have no homepage", "System status",
    ):  # fmt: skip
        assert words not in shown[""]


def test_a_new_user_gets_a_role_and_signs_in(catalogue: Episode) -> None:
    client = someone(HOST)
    data = form_data(client.get("/admin/auth/user/add/"))
    editors = Group.objects.get(name=EDITOR)
    data |= {"username": "ann", "groups": str(editors.pk), "usable_password": "true"}
    weak = client.post("/admin/auth/user/add/", data | {"password1": "12345", "password2": "12345"})
    assert "too short" in errors(weak)
    strong = {"password1": "a fair way to Tipperary", "password2": "a fair way to Tipperary"}
    assert client.post("/admin/auth/user/add/", data | strong).status_code == 302
    ann = User.objects.get(username="ann")
    assert (ann.is_staff, ann.is_superuser, list(ann.groups.all())) == (True, False, [editors])
    new = Client()
    login = {"username": "ann", "password": strong["password1"], "next": "/admin/"}
    assert new.post("/admin/login/", login).status_code == 302
    assert new.get("/admin/episodes/episode/").status_code == 200


def test_the_list_of_users_shows_who_has_a_second_step(catalogue: Episode) -> None:
    client = someone(HOST)
    ann = User.objects.create_user("ann", is_staff=True)
    SecondStep.objects.create(user=ann, secret="A" * 32)
    page = client.get("/admin/auth/user/").content.decode()
    assert 'alt="True"' in page.split("field-second_step")[1]
    chosen = {"action": "remove_second_step", "_selected_action": [ann.pk]}
    client.post("/admin/auth/user/", chosen)
    assert not SecondStep.objects.exists()


def test_a_deactivated_user_is_signed_out_at_once(catalogue: Episode) -> None:
    client = someone(EDITOR)
    assert client.get("/admin/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("field", ["is_staff", "is_active", "is_superuser"])
def test_nobody_takes_the_way_in_from_themselves(host: Client, host_user: User, field: str) -> None:
    address = f"/admin/auth/user/{host_user.pk}/change/"
    typed = form_data(host.get(address))
    del typed[field]
    refused = host.post(address, typed)
    assert "You can’t take this from yourself" in errors(refused)
    host_user.refresh_from_db()
    assert getattr(host_user, field)
    assert host.post(address, form_data(host.get(address))).status_code == 302


def test_nobody_deletes_their_own_account(host: Client, host_user: User) -> None:
    host.post(f"/admin/auth/user/{host_user.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": str(host_user.pk), "post": "yes"}
    host.post("/admin/auth/user/", chosen)
    assert User.objects.filter(pk=host_user.pk).exists()


def test_another_user_may_lose_the_way_in(host: Client, host_user: User) -> None:
    anna = User.objects.create_user("anna", is_staff=True)
    address = f"/admin/auth/user/{anna.pk}/change/"
    typed = form_data(host.get(address))
    del typed["is_staff"]
    assert host.post(address, typed).status_code == 302
    anna.refresh_from_db()
    assert not anna.is_staff
