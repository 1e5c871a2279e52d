"""Signing in: attempts that are counted, links that work once, the cookie on every way in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import throttling
from accounts.models import SignInAttempts, SignInLink
from accounts.sign_in import create_link
from episodes.tests import factories

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"


def try_in(client: Client, password: str = "wrong", name: str = "nick", **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, "next": "/admin/"}, **extra)


@time_machine.travel("2026-03-04 12:00Z", tick=False)
def test_guessing_is_stopped_and_the_host_elsewhere_is_not(client: Client, host_user: User) -> None:
    statuses = [try_in(client, REMOTE_ADDR="192.0.2.1").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    # Right by now, but not looked at.
    refused = try_in(client, "password", REMOTE_ADDR="192.0.2.1")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 15
    assert "Too many attempts" in refused.content.decode()
    assert "desk" not in refused.cookies
    assert try_in(client, "password", REMOTE_ADDR="192.0.2.2").status_code == 302


def test_other_names_from_the_same_address_go_on(client: Client, host_user: User) -> None:
    User.objects.create_user("ann", password="password", is_staff=True)
    for _ in range(8):
        try_in(client)
    assert try_in(client, "password", name="NICK ").status_code == 429
    assert try_in(client, "password", name="ann").status_code == 302


def test_the_window_ends_and_success_begins_anew(client: Client, host_user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(4):
            try_in(client)
        assert try_in(client, "password").status_code == 302
        assert not SignInAttempts.objects.exists()
        for _ in range(9):
            try_in(client)
        clock.shift(throttling.WINDOW + timedelta(seconds=1))
        assert try_in(client, "password").status_code == 302


@pytest.mark.parametrize("trusted", [True, False])
def test_behind_a_proxy_its_own_word_counts(
    client: Client, host_user: User, settings: Any, trusted: bool
) -> None:
    settings.TRUST_PROXY = trusted
    for number in range(6):
        # The visitor's forged entry comes first; the proxy's own is the last.
        forwarded = f"198.51.100.{number}, 203.0.113.9"
        try_in(client, REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded})
    assert SignInAttempts.objects.get().address == ("203.0.113.9" if trusted else "10.0.0.1")
    other = try_in(client, REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "203.0.113.10"})
    assert other.status_code == (200 if trusted else 429)


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:2", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:" + "x" * 80, ("unix:" + "x" * 80)[:50]),
    ],
)
def test_what_counts_as_one_address(rf: Any, peer: str, counted: str) -> None:
    assert throttling.client_address(rf.get("/", REMOTE_ADDR=peer)) == counted


def test_the_table_stays_small(rf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "MAX_ROWS", 10)
    for number in range(30):
        assert not throttling.seconds_to_wait(rf.get("/"), f"name {number}")
    assert SignInAttempts.objects.count() == 10
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        throttling.seconds_to_wait(rf.get("/"), "x" * 5000)
    assert SignInAttempts.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_no_way_round(rf: Any) -> None:
    def once(_: int) -> bool:
        try:
            return not throttling.seconds_to_wait(rf.get("/"), "nick")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(once, range(24)))
    assert sum(allowed) == throttling.MAX_ATTEMPTS


@pytest.mark.parametrize("name", ["", "nick\0", "x" * 200, "🦄"])
def test_odd_names_are_answered(client: Client, host_user: User, name: str) -> None:
    assert try_in(client, name=name).status_code == 200


def link_path(capsys: pytest.CaptureFixture[str], name: str = "nick") -> str:
    call_command("signin_link", name)
    url = capsys.readouterr().out.strip()
    return "/" + url.split("/", 3)[3]


def test_a_link_signs_in_once_and_only_by_its_button(
    client: Client, host_user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    path = link_path(capsys)
    for looked in (client.get(path), client.head(path), client.get(path)):
        assert looked.status_code == 200
        assert "sessionid" not in looked.cookies
    assert "Sign in as nick" in client.get(path).content.decode()
    assert client.get("/admin/").status_code == 302
    pressed = client.post(path)
    assert (pressed.status_code, pressed["Location"]) == (302, "/admin/")
    assert pressed.cookies["desk"].value == "1"
    assert client.get("/admin/").status_code == 200
    again = Client().post(path)
    assert again.status_code == 410
    assert "used already" in again.content.decode()


def test_a_link_wants_a_token_of_the_form(host_user: User, capsys) -> None:
    assert Client(enforce_csrf_checks=True).post(link_path(capsys)).status_code == 403


def test_a_link_expires(client: Client, host_user: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=10, seconds=1)):
        token = create_link(host_user)
    assert client.post(f"/admin/sign-in/{token}").status_code == 410
    create_link(host_user)
    assert SignInLink.objects.count() == 1  # the old one went
    assert token not in str(SignInLink.objects.values_list().first())


def test_a_link_of_someone_who_left_opens_nothing(client: Client, host_user: User) -> None:
    token = create_link(host_user)
    User.objects.update(is_active=False)
    assert client.post(f"/admin/sign-in/{token}").status_code == 410
    assert client.get("/admin/sign-in/guessed").status_code == 410


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_in(host_user: User) -> None:
    path = f"/admin/sign-in/{create_link(host_user)}"

    def press(_: int) -> int:
        try:
            return Client().post(path).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(press, range(4)))
    assert statuses.count(302) == 1


def test_links_are_made_for_those_who_may_come_in(host_user: User) -> None:
    User.objects.create_user("listener")
    with pytest.raises(CommandError, match="may open the desk: nick"):
        call_command("signin_link", "nik")
    with pytest.raises(CommandError, match="may not open the desk"):
        call_command("signin_link", "listener")


def test_a_next_page_elsewhere_leads_to_the_desk(client: Client, host_user: User) -> None:
    factories.show()
    data = {"username": "nick", "password": "password"}
    for query in ("?next=//evil.test/x", "?next=https://evil.test/", "?next="):
        answer = client.post(f"/admin/login/{query}", data, follow=True)
        assert answer.redirect_chain == [("/admin/", 302)], query
        assert answer.status_code == 200
        out = client.post(f"/admin/logout/{query}", follow=True)
        assert out.status_code == 200, query
        assert out.request["PATH_INFO"].startswith("/admin/log")
        assert client.get("/admin/").status_code == 302
