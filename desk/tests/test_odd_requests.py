"""Requests that no browser would send to the desk's own pages get an answer, never a 5xx."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import HOST
from accounts.sign_in import create_link
from desk.tests.forms import form_data
from desk.tests.test_roles import catalogue, someone
from episodes.models import Episode
from guests.models import Guest
from linkcheck.models import Link
from podcast.bodies import SMALL
from show.models import Redirect

__all__ = ["catalogue"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ODD = [
    "", " ", "0", "-1", "1", "2", "9" * 30, "2147483648", "9223372036854775808", "1e9", "²", "١",
    "a\0b", "\0", "\r\nX: y", "\u202e", "🎧" * 200, "x" * 70_000, "José\nJosé", "%00", "%s%n",
    "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "http://[", "javascript:alert(1)",
    "https://example.org/", "[]", '{"a": {"b": 1}}', '{"Name": 1}', "null", "on", "Phil Gyford",
]  # fmt: skip
FIELDS = [
    "into", "spellings", "name", "erase", "sure", "look", "code", "remove", "username", "password",
    "next", "new", "url", "page", "q", "state", "values_seen", "edit_seen", "slug", "post",
    "old_path", "new_path", "groups", "password1", "password2", "usable_password", "kind",
    "names-TOTAL_FORMS", "names-INITIAL_FORMS", "names-0-name", "names-0-id", "action",
    "_selected_action", "_save", "_popup", "_to_field", "_changelist_filters", "o", "p", "all",
]  # fmt: skip
NUMBERS = ["0", "1", "2147483648", "9223372036854775808", "9" * 40]
typed = st.sampled_from(ODD) | st.text(max_size=30)
sent = st.dictionaries(st.sampled_from(FIELDS), typed, max_size=8)


def pages() -> list[str]:
    """The desk's pages of history, merging, erasing, links and users, with existing rows."""
    episode, guest = Episode.objects.get().pk, Guest.objects.get(name="Phil Gyford").pk
    user = User.objects.get(username="host").pk
    Link.objects.get_or_create(url="https://example.org/gone", failed_days=9)
    return [
        "/admin/", "/admin/login/", "/admin/password_change/", "/admin/second-step/",
        reverse("desk_sign_in_link", args=[create_link(User.objects.get(pk=user))]),
        reverse("desk_links"), reverse("desk_replace_link"),
        reverse("admin:episodes_episode_history", args=[episode]),
        reverse("revision", args=[episode, 1]),
        reverse("admin:episodes_episode_delete", args=[episode]),
        reverse("admin:episodes_episode_changelist"),
        *(reverse("desk_merge", args=[kind, guest]) for kind in ("guest", "technology", "library")),
        reverse("desk_erase", args=[guest]),
        reverse("admin:guests_guest_change", args=[guest]), reverse("admin:guests_guest_add"),
        reverse("admin:auth_user_add"), reverse("admin:auth_user_changelist"),
        reverse("admin:auth_user_change", args=[user]),
        reverse("admin:auth_user_password_change", args=[user]),
        reverse("admin:auth_group_add"),
        reverse("admin:show_redirect_change", args=[Redirect.objects.get().pk]),
        reverse("admin:show_redirect_add"),
    ]  # fmt: skip


@contextmanager
def a_page(place: int) -> Iterator[tuple[Client, str]]:
    """One of them, for a host; its changes are rolled back."""
    with transaction.atomic():
        client = someone(HOST)
        addresses = pages()
        yield client, addresses[place % len(addresses)]
        transaction.set_rollback(True)


@given(place=st.integers(0, 99), data=sent)
def test_any_request_is_answered(catalogue: Episode, place: int, data: dict[str, str]) -> None:
    with a_page(place) as (client, path):
        assert client.get(path, data).status_code < 500, path
        assert client.post(path, data).status_code < 500, path


@given(place=st.integers(0, 99), data=sent)
def test_a_form_with_some_invalid_fields_is_answered(
    catalogue: Episode, place: int, data: dict[str, str]
) -> None:
    with a_page(place) as (client, path):
        page = client.get(path)
        fields = form_data(page) if page.status_code == 200 else {}
        assert client.post(path, fields | data).status_code < 500, path


def test_keys_without_a_row_and_invalid_keys(catalogue: Episode, subtests: Any) -> None:
    client = someone(HOST)
    paths = [f"/admin/merge/{kind}/{{}}" for kind in ("guest", "technology", "library", "nothing")]
    paths += [
        "/admin/erase/{}", "/admin/episodes/episode/{}/history/", "/admin/links/{}/replace",
        "/admin/episodes/episode/1/history/{}", "/admin/episodes/episode/{}/history/1",
        "/admin/episodes/episode/{}/change/", "/admin/guests/guest/{}/change/",
        "/admin/auth/user/{}/password/", "/admin/sign-in/{}", "/admin/r/{}/1/",
    ]  # fmt: skip
    odd = [*NUMBERS, "x", "%00", quote("é\0"), "..", "%2e%2e", quote("🎧" * 50), "1/2", "-1"]
    for path in paths:
        for key in odd:
            for send in (client.get, client.post):
                with subtests.test(path, key=key):
                    assert send(path.format(key)).status_code < 500


def test_merging_with_foreign_keys(catalogue: Episode) -> None:
    client = someone(HOST)
    path = reverse("desk_merge", args=["guest", Guest.objects.get(name="Phil Gyford").pk])
    before = list(Guest.objects.order_by("pk").values_list("pk", "name"))
    for into in ("0", "-1", "x", "9" * 30, "²", "\0"):
        for send in (client.get, client.post):
            assert send(path, {"into": into}).status_code in (400, 404)
    assert list(Guest.objects.order_by("pk").values_list("pk", "name")) == before


@pytest.mark.parametrize(
    "spellings", ["\0", "a\0b", "-", "", "x" * 70_000, "(", "\\", "e", "aaa" + "\n" * 99]
)
def test_odd_spellings_to_erase(catalogue: Episode, spellings: str) -> None:
    client = someone(HOST)
    guest = Guest.objects.get(name="Phil Gyford")
    data = {"spellings": spellings, "name": "A \0 guest", "sure": "on", "erase": ""}
    answer = client.post(reverse("desk_erase", args=[guest.pk]), data)
    assert answer.status_code in (200, 302)


def test_forms_without_a_session(catalogue: Episode) -> None:
    """Signing in with invalid names, passwords and codes."""
    Group.objects.get(name=HOST)
    for odd in ODD:
        client = Client(REMOTE_ADDR="198.51.100.7")
        data = {"username": odd, "password": odd, "code": odd, "next": odd}
        is_large = len(odd) > SMALL
        answers = (413,) if is_large else (200, 429)
        assert client.post("/admin/login/", data).status_code in answers
        answer = client.post("/admin/sign-in/x", {"code": odd})
        assert answer.status_code == (413 if is_large else 410)
        assert client.get("/admin/login/", {"next": odd}).status_code in (200, 400)
