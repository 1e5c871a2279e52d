"""Whoever has somebody's session can't guess their password or codes without a limit."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from accounts import throttling
from accounts.models import SecurityEvent, SignInAttempts
from accounts.tests.test_second_step import code_of
from accounts.two_factor import enrol, new_secret
from episodes.tests import factories

pytestmark = pytest.mark.django_db
CHANGE = "/admin/password_change/"
NEW = "a fair way to Tipperary"
TRIES = throttling.MAX_ATTEMPTS


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2026-03-04 12:00Z", tick=False) as travelling:
        yield travelling


def change(client: Client, old: str, new: str = NEW, address: int = 1) -> Any:
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(CHANGE, data, REMOTE_ADDR=f"192.0.2.{address}")


def kinds() -> list[str]:
    """Oldest first."""
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_guesses_at_the_password_change_are_limited_and_logged(
    host: Client, host_user: User, clock: Any
) -> None:
    for _ in range(TRIES):
        assert "was entered incorrectly" in change(host, "x").content.decode()
    refused = change(host, "password")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 15
    page = refused.content.decode()
    assert "Too many attempts under this name. Wait 15 seconds" in page
    assert "was entered incorrectly" not in page
    assert 'name="old_password"' in page
    assert change(host, "password").status_code == 429
    assert kinds() == ["refused"] * TRIES + ["delayed"]
    event = SecurityEvent.objects.earliest("pk")
    assert (event.name, event.detail) == ("nick", "changing the password")
    host_user.refresh_from_db()
    assert host_user.check_password("password")
    clock.shift(throttling.WINDOW + timedelta(seconds=1))
    assert change(host, "password").status_code == 302


def test_a_changed_password_begins_anew(host: Client) -> None:
    for _ in range(TRIES - 1):
        change(host, "x")
    assert change(host, "password").status_code == 302
    for _ in range(TRIES):
        assert change(host, "x").status_code == 200


def test_refused_new_passwords_and_empty_forms_are_no_guesses(host: Client) -> None:
    for _ in range(TRIES + 2):
        assert "too short" in change(host, "password", "short").content.decode()
        assert "required" in change(host, "").content.decode()
    assert kinds() == []
    assert change(host, "password").status_code == 302


def test_other_addresses_give_a_session_no_further_guesses(host: Client) -> None:
    statuses = [change(host, "x", address=number).status_code for number in range(TRIES + 2)]
    assert statuses == [200] * TRIES + [429] * 2


def test_guesses_with_a_stolen_session_do_not_delay_its_owner(host: Client) -> None:
    for _ in range(TRIES + 1):
        change(host, "x")
    data = {"username": "nick", "password": "password", "next": "/admin/"}
    assert Client().post("/admin/login/", data, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_the_other_pages_say_when_to_try_again(host: Client, host_user: User, clock: Any) -> None:
    factories.show()
    secret = new_secret()
    clock.shift(timedelta(minutes=16))
    pages = {"/admin/auth/user/add/": "confirmation", "/admin/second-step/": "code"}
    for page, field in pages.items():
        SignInAttempts.objects.all().delete()
        if field == "code":
            enrol(host_user, secret, code_of(secret))
        answers = [host.post(page, {field: "1"}) for _ in range(TRIES + 1)]
        assert [each.status_code for each in answers] == [200] * TRIES + [429], page
        assert int(answers[-1]["Retry-After"]) == 15, page


def test_an_app_of_the_thief_gives_no_further_guesses(host: Client) -> None:
    factories.show()
    for _ in range(TRIES - 1):
        assert change(host, "x").status_code == 200
    page = host.get("/admin/second-step/").content.decode()
    secret = page.split("secret=")[1].split("&amp;")[0]
    done = host.post("/admin/second-step/", {"code": code_of(secret)})
    assert "recovery" in done.context
    assert change(host, "x").status_code == 429
