"""The log of sign-ins and changes, mail about them, sessions, and signing in anew."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import security_log
from accounts.models import DeskSession, SecurityEvent, SignInAttempts
from accounts.roles import EDITOR, HOST, set_roles
from accounts.security_log import UNKNOWN, purge_sign_ins
from accounts.sign_in import create_link
from accounts.throttling import WINDOW
from desk.tests.forms import form_data
from episodes.tests import factories
from guests.models import Guest

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in(client: Client, password: str = "password", name: str = "nick") -> int:
    data = {"username": name, "password": password, "next": "/admin/"}
    extra: Any = {"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": FIREFOX}
    return client.post("/admin/login/", data, **extra).status_code


def entries() -> list[tuple[str, str, str, str]]:
    """Newest first."""
    return list(SecurityEvent.objects.values_list("kind", "name", "address", "detail"))


@pytest.fixture
def mails(settings: Any) -> list[Any]:
    settings.MAIL = True
    return mail.outbox


def test_attempts_are_logged_with_name_address_and_outcome(client: Client, host_user: User) -> None:
    sign_in(client, "wrong")
    sign_in(client, "wrong", name="my password, in the wrong field")
    sign_in(client)
    assert entries() == [
        ("signed in", "nick", "192.0.2.7", "password"),
        ("refused", UNKNOWN, "192.0.2.7", ""),
        ("refused", "nick", "192.0.2.7", ""),
    ]
    for _ in range(9):
        sign_in(Client(), "wrong")
    kinds = [kind for kind, *_ in entries()]
    assert kinds[:2] == ["delayed", "refused"]
    assert kinds.count("delayed") == 1
    client.post(f"/admin/sign-in/{create_link(host_user)}")
    assert entries()[0][3] == "link"


def test_a_wrong_password_of_somebody_signed_in_is_no_sign_in(host: Client) -> None:
    assert sign_in(host, "wrong") == 200
    assert [kind for kind, *_ in entries()] == ["refused"]


def test_the_host_reads_it_and_nobody_changes_it(host: Client, client: Client) -> None:
    sign_in(client, "wrong")
    page = host.get("/admin/accounts/securityevent/?q=nick").content.decode()
    assert "192.0.2.7" in page
    key = SecurityEvent.objects.get().pk
    assert host.post("/admin/accounts/securityevent/add/").status_code == 403
    assert host.post(f"/admin/accounts/securityevent/{key}/change/").status_code == 403
    assert host.post(f"/admin/accounts/securityevent/{key}/delete/").status_code == 403
    set_roles()
    editor = User.objects.create_user("ann", is_staff=True)
    editor.groups.add(Group.objects.get(name=EDITOR))
    client.force_login(editor)
    assert client.get("/admin/accounts/securityevent/").status_code == 403


def test_tick_removes_what_is_old_too_much_or_expired(
    host: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECURITY_LOG_DAYS = 30
    monkeypatch.setattr(security_log, "MAX_OF_STRANGERS", 3)
    now = timezone.now()
    for days in (0, 29, 31):
        SecurityEvent.objects.create(kind="roles", name="nick", at=now - timedelta(days=days))
    for _ in range(5):
        SecurityEvent.objects.create(kind="refused", name="nick")
    DeskSession.objects.create(session_key="x" * 32, expire_date=now - timedelta(seconds=1))
    SignInAttempts.objects.create(name="x", address="y", count=1, first_at=now - WINDOW * 2)
    SignInAttempts.objects.create(name="x", address="z", count=1, first_at=now)
    purge_sign_ins()
    assert SignInAttempts.objects.get().address == "z"
    assert SecurityEvent.objects.filter(kind="roles").count() == 2
    assert SecurityEvent.objects.filter(kind="refused").count() == 3
    assert DeskSession.objects.count() == 1


def test_changed_roles_passwords_and_users_are_logged(host: Client, mails: list[Any]) -> None:
    set_roles()
    ann = User.objects.create_user("ann", "ann@example.org", is_staff=True)
    page = f"/admin/auth/user/{ann.pk}/change/"
    data = form_data(host.get(page)) | {"groups": [str(Group.objects.get(name=HOST).pk)]}
    assert host.post(page, data).status_code == 302
    assert entries()[0][:2] + entries()[0][3:] == ("roles", "ann", "by nick: no roles → Host")
    assert host.post(page, data).status_code == 302
    assert len(entries()) == 1  # nothing changed
    new = "a fair way to Tipperary"
    chosen = {"password1": new, "password2": new, "usable_password": "true"}
    assert host.post(f"/admin/auth/user/{ann.pk}/password/", chosen).status_code == 302
    assert entries()[0][0] == "password"
    (sent,) = mails
    assert (sent.to, sent.subject) == (["ann@example.org"], "The password was changed")
    host.post(f"/admin/auth/user/{ann.pk}/delete/", {"post": "yes"})
    assert entries()[0][3] == "by nick: deleted"


def test_an_own_changed_password_is_logged_and_mailed(
    host: Client, mails: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "a fair way to Tipperary"
    data = {"old_password": "password", "new_password1": new, "new_password2": new}
    other = Client()
    other.force_login(User.objects.get())
    assert host.post("/admin/password_change/", data | {"old_password": "x"}).status_code == 200
    refused = ("refused", "nick", "127.0.0.1", "changing the password")
    assert (entries(), mails) == ([refused], [])
    assert host.post("/admin/password_change/", data).status_code == 302
    assert entries()[0][:2] == ("password", "nick")
    assert len(mails) == 1
    assert "http://" in mails[0].body
    assert other.get("/admin/").status_code == 302  # the other session has ended

    def refuse(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("accounts.mail.send_mail", refuse)
    data |= {"old_password": new, "new_password1": f"{new}!", "new_password2": f"{new}!"}
    assert host.post("/admin/password_change/", data).status_code == 302


def test_merging_and_erasing_are_logged_without_the_erased_name(host: Client) -> None:
    factories.show()
    factories.episode(guests=["Phil Gyford"])
    double = Guest.objects.create(name="Phil Giford", slug="phil-giford")
    guest = Guest.objects.get(name="Phil Gyford")
    host.post(f"/admin/merge/guest/{double.pk}", {"into": guest.pk})
    kind, name, _, detail = entries()[0]
    assert (kind, name, detail) == ("merged", "nick", "guest “Phil Giford” into “Phil Gyford”")
    answer = host.post(
        f"/admin/erase/{guest.pk}",
        {"spellings": "Phil Gyford\nPhil Giford", "name": "A guest", "erase": "1", "sure": "on"},
    )
    assert answer.status_code == 302
    assert entries()[0][3] == f"guest {guest.pk}, now “A guest”"
    assert not SecurityEvent.objects.filter(detail__contains="Phil").exists()


def test_sessions_are_listed_and_ended(client: Client, host_user: User) -> None:
    factories.show()
    others = [Client(), Client()]
    for each in (client, *others):
        sign_in(each)
    page = client.get("/admin/sessions/").content.decode()
    assert page.count("Firefox on Windows") >= 3
    assert "192.0.2.7" in page
    assert "This session" in page
    for key in DeskSession.objects.values_list("pk", flat=True):
        assert key not in page
    name = page.split('name="end" value="')[1].split('"')[0]
    assert client.post("/admin/sessions/", {"end": name}).status_code == 302
    assert sorted(each.get("/admin/").status_code for each in others) == [200, 302]
    client.post("/admin/sessions/", {"end": "others"})
    assert [each.get("/admin/").status_code for each in (client, *others)] == [200, 302, 302]
    assert entries()[0][0] == "sessions"


def test_nobody_ends_the_sessions_of_others(client: Client, host: Client, host_user: User) -> None:
    factories.show()
    client.force_login(User.objects.create_user("ann", is_staff=True))
    name = host.get("/admin/sessions/")
    assert "ann" not in name.content.decode().split('class="sessions"')[1]
    client.post("/admin/sessions/", {"end": "others"})
    assert host.get("/admin/").status_code == 200


def test_last_seen_is_recorded_every_few_minutes(host: Client, host_user: User) -> None:
    before = DeskSession.objects.get(user=host_user).last_seen
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        host.get("/admin/")
    assert DeskSession.objects.get().last_seen == before
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        host.get("/admin/")
    assert DeskSession.objects.get().last_seen > before


def test_people_change_only_after_signing_in_anew(host: Client, host_user: User) -> None:
    factories.show()
    page = f"/admin/auth/user/{host_user.pk}/change/"
    data = form_data(host.get(page)) | {"email": "new@example.org"}
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert host.get("/admin/auth/user/").status_code == 200
        for path in (page, "/admin/auth/user/add/", "/admin/auth/group/add/"):
            assert "Password or code" in host.get(path).content.decode(), path
        asked = host.post(page, data)
        assert 'value="new@example.org"' in asked.content.decode()
        assert User.objects.get().email == "nick@example.org"
        wrong = host.post(page, form_data(asked) | {"confirmation": "x"})
        assert "Neither your password nor a valid code" in wrong.content.decode()
        assert User.objects.get().email == "nick@example.org"
        done = host.post(page, form_data(wrong) | {"confirmation": "password"})
        assert done.status_code == 302
        assert User.objects.get().email == "new@example.org"
        assert "Password or code" not in host.get(page).content.decode()


def test_signing_in_anew_gives_no_password_back_and_is_limited(
    host: Client, host_user: User
) -> None:
    factories.show()
    path = f"/admin/auth/user/{host_user.pk}/password/"
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        asked = host.post(path, {"password1": "a fair way", "password2": "a fair way"})
        assert "a fair way" not in asked.content.decode()
        statuses = [host.post(path, {"confirmation": "x"}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_get_that_was_asked_again_leads_to_its_page(host: Client, host_user: User) -> None:
    factories.show()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        asked = host.get("/admin/auth/user/add/?username=ann")
        answer = host.post(
            "/admin/auth/user/add/?username=ann", form_data(asked) | {"confirmation": "password"}
        )
        assert answer.headers["Location"] == "/admin/auth/user/add/?username=ann"
    assert User.objects.count() == 1
