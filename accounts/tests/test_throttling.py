"""Guessing is slowed by account as well as by address, and nobody is locked out."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from accounts import sign_in, throttling
from accounts.models import SignInAttempts
from accounts.sign_in import create_link

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"


def try_in(client: Client, password: str = "wrong", address: int = 1) -> Any:
    data = {"username": "nick", "password": password, "next": "/admin/"}
    return client.post(LOGIN, data, REMOTE_ADDR=f"192.0.2.{address}")


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-03-04 12:00Z", tick=False) as travelling:
        yield travelling


def guess_from_everywhere() -> list[int]:
    """Statuses of an attempt from each of 60 addresses."""
    return [try_in(Client(), address=number).status_code for number in range(100, 160)]


def test_distributed_guessing_is_slowed(host_user: User, clock: Any) -> None:
    statuses = guess_from_everywhere()
    assert statuses == [200] * throttling.MAX_UNDER_NAME + [429] * 40
    waits = []
    for number in range(8):
        refused = try_in(Client(), address=number)
        waits.append(int(refused["Retry-After"]))
        clock.shift(timedelta(seconds=waits[-1]))
        assert try_in(Client(), address=number).status_code == 200
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_it_is_a_delay_that_more_attempts_do_not_prolong(host_user: User, clock: Any) -> None:
    guess_from_everywhere()
    guess_from_everywhere()
    elsewhere = Client()
    assert try_in(elsewhere, "password").status_code == 429
    clock.shift(timedelta(seconds=1))
    assert try_in(elsewhere, "password").status_code == 302


def test_a_browser_that_has_signed_in_before_never_waits_for_strangers(
    client: Client, host_user: User, clock: Any
) -> None:
    assert try_in(client, "password", 7).status_code == 302
    client.cookies.pop("sessionid")
    guess_from_everywhere()
    for _ in range(throttling.MAX_ATTEMPTS + 1):
        try_in(Client(), address=7)
    # Nor for mistakes of its own, up to a number that a thief of the device would need.
    for _ in range(throttling.MAX_FROM_BROWSER - 1):
        assert try_in(client, address=7).status_code == 200
    assert try_in(client, "password", 7).status_code == 302
    assert try_in(Client(), "password", 8).status_code == 429


def test_a_stolen_browser_is_a_stranger_after_many_mistakes(
    client: Client, host_user: User, clock: Any
) -> None:
    assert try_in(client, "password").status_code == 302
    statuses = [try_in(client).status_code for _ in range(60)]
    assert statuses.index(429) == throttling.MAX_FROM_BROWSER + throttling.MAX_ATTEMPTS
    assert set(statuses[statuses.index(429) :]) == {429}


def test_the_cookie_of_a_browser_opens_nothing_and_cannot_be_made_up(
    client: Client, host_user: User
) -> None:
    cookie = try_in(client, "password").cookies["browser"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "nick" not in cookie.value
    other = Client()
    other.cookies["browser"] = cookie.value
    assert other.get("/admin/").status_code == 302
    for forged in ("x", cookie.value[:-1] + "x", "W1sxXV0:x:y"):
        stranger = Client()
        stranger.cookies["browser"] = forged
        assert try_in(stranger).status_code == 200
    assert not SignInAttempts.objects.filter(address__startswith=throttling.KNOWN).exists()


def test_a_name_alone_does_not_begin_anew(client: Client, host_user: User, clock: Any) -> None:
    for _ in range(throttling.MAX_ATTEMPTS - 1):
        assert try_in(client).status_code == 200
    client.post(LOGIN, {"username": "nick"}, REMOTE_ADDR="192.0.2.1")
    assert try_in(client, "password").status_code == 429


def test_mistakes_from_one_address_are_delayed_never_locked(host_user: User, clock: Any) -> None:
    for _ in range(throttling.MAX_ATTEMPTS):
        assert try_in(Client()).status_code == 200
    waits = []
    for _ in range(4):
        waits.append(int(try_in(Client())["Retry-After"]))
        clock.shift(timedelta(seconds=waits[-1] - 1))
        assert try_in(Client()).status_code == 429
        clock.shift(timedelta(seconds=1))
        assert try_in(Client()).status_code == 200
    assert waits == [15, 30, 60, 60]
    clock.shift(timedelta(minutes=1))
    assert try_in(Client(), "password").status_code == 302


def test_a_link_is_never_delayed(client: Client, host_user: User, clock: Any) -> None:
    guess_from_everywhere()
    assert client.post(f"/admin/sign-in/{create_link(host_user)}").status_code == 302


def test_addresses_that_poll_do_not_keep_a_newcomer_out(
    host_user: User, clock: Any, rf: Any
) -> None:
    polling = [rf.get("/", REMOTE_ADDR=f"192.0.2.{number}") for number in range(8)]
    for minute in range(40):
        for second in range(0, 60, 10):
            for request in polling:
                throttling.seconds_to_wait(request, "nick")
            if minute < 20 or second:  # the newcomer comes once a minute, after the others
                clock.shift(timedelta(seconds=10))
                continue
            if try_in(Client(), "password", 100).status_code == 302:
                return
            clock.shift(timedelta(seconds=10))
    pytest.fail("The newcomer never got in.")


def test_a_password_in_the_name_field_is_not_stored(client: Client, host_user: User) -> None:
    typed = "a fair way to tipperary"
    client.post(LOGIN, {"username": typed, "password": "x"})
    row = SignInAttempts.objects.get()
    assert typed not in str(SignInAttempts.objects.values_list().get()) + str(row)


def test_one_address_under_ever_new_names_waits(host_user: User, clock: Any) -> None:
    """Each attempt hashes a password, which takes a core for a quarter of a second."""

    def status(number: int, address: int = 1) -> int:
        data = {"username": f"nobody{number}", "password": "wrong", "next": "/admin/"}
        return Client().post(LOGIN, data, REMOTE_ADDR=f"192.0.2.{address}").status_code

    statuses = [status(number) for number in range(60)]
    assert statuses == [200] * throttling.MAX_FROM_ADDRESS + [429] * 20
    assert status(61, address=2) == 200
    clock.shift(throttling.LONGEST_DELAY)
    assert [status(number) for number in range(62, 64)] == [200, 429]
    assert try_in(Client(), "password", 2).status_code == 302


def test_passwords_of_strangers_are_hashed_one_at_a_time(client: Client, host_user: User) -> None:
    assert try_in(client, "password").status_code == 302
    client.cookies.pop("sessionid")
    with sign_in.STRANGERS:
        refused = try_in(Client(), "password", 2)
        assert (refused.status_code, refused["Retry-After"]) == (429, "1")
        assert "Somebody else is signing in" in refused.text
        assert try_in(client, "password").status_code == 302  # a known browser
    assert try_in(Client(), "password", 2).status_code == 302


def test_a_form_without_name_or_password_is_no_attempt(client: Client, host_user: User) -> None:
    for data in ({"username": "nick"}, {"username": "nick", "password": ""}, {"password": "x"}):
        assert client.post(LOGIN, data).status_code == 200
    assert not SignInAttempts.objects.exists()
