"""The second step: RFC 6238's own vectors, enrolment, one-time use, recovery codes, reset."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from accounts import throttling, two_factor
from accounts.models import SecondStep, SecurityEvent
from accounts.roles import EDITOR, HOST, set_roles
from accounts.sign_in import create_link
from desk.tests.forms import form_data
from episodes.tests import factories
from show.models import Show

pytestmark = pytest.mark.django_db
PAGE = "/admin/second-step/"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

# RFC 6238, appendix B: seconds, and the eight digits by SHA-1, which apps use.
VECTORS = [
    (59, 94287082),
    (1111111109, 7081804),
    (1111111111, 14050471),
    (1234567890, 89005924),
    (2000000000, 69279037),
    (20000000000, 65353130),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_rfcs_own_codes(seconds: int, code: int) -> None:
    totp = TOTP(b"1234567890" * 2, digits=8)
    totp.time = seconds
    assert totp.token() == code


def code_of(secret: str, at: datetime | None = None, steps: int = 0) -> str:
    totp = TOTP(base64.b32decode(secret))
    totp.time = (at or timezone.now()).timestamp() + steps * 30
    return f"{totp.token():06d}"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def enrolled(host_user: User, clock: Any) -> str:
    """The secret of a host who has set up the second step a while ago."""
    secret = two_factor.new_secret()
    assert two_factor.enrol(host_user, secret, code_of(secret))
    clock.shift(timedelta(minutes=5))
    return secret


def try_in(client: Client, code: str = "", password: str = "password", **extra: Any) -> int:
    data = {"username": "nick", "password": password, "code": code, "next": "/admin/"}
    return client.post("/admin/login/", data, **extra).status_code


@pytest.mark.parametrize(("steps", "status"), [(-2, 200), (-1, 302), (0, 302), (1, 302), (2, 200)])
def test_a_clock_may_be_half_a_minute_off(
    client: Client, enrolled: str, steps: int, status: int
) -> None:
    assert try_in(client, code_of(enrolled, steps=steps)) == status


def test_the_password_alone_opens_nothing(client: Client, enrolled: str) -> None:
    assert try_in(client) == 200
    assert try_in(client, "000000x") == 200
    assert try_in(client, code_of(enrolled), password="wrong") == 200
    assert client.get("/admin/").status_code == 302
    assert try_in(client, f" {code_of(enrolled)[:3]} {code_of(enrolled)[3:]}") == 302
    assert client.get("/admin/").status_code == 200


def test_a_code_counts_once(client: Client, enrolled: str) -> None:
    code = code_of(enrolled)
    assert try_in(client, code) == 302
    assert try_in(Client(), code) == 200
    # Nor one before it, which someone may have seen over a shoulder.
    assert try_in(Client(), code_of(enrolled, steps=-1)) == 200


def test_wrong_codes_delay_the_next_one_and_lock_nobody_out(
    client: Client, host_user: User, clock: Any
) -> None:
    secret = two_factor.new_secret()
    _, recovery = two_factor.enrol(host_user, secret, code_of(secret)) or (None, [])
    for number in range(20):
        clock.shift(timedelta(minutes=15))
        assert try_in(client, "12", REMOTE_ADDR=f"192.0.2.{number}") == 200
        assert try_in(client, "000000", REMOTE_ADDR=f"192.0.2.{number}") == 200
    assert try_in(client, code_of(secret), REMOTE_ADDR="198.51.100.1") == 200
    clock.shift(timedelta(minutes=5))
    assert try_in(client, code_of(secret), REMOTE_ADDR="198.51.100.1") == 200
    # However often somebody was wrong, the delay ends.
    clock.shift(timedelta(minutes=4))
    assert try_in(Client(), code_of(secret), REMOTE_ADDR="198.51.100.1") == 302
    assert try_in(Client(), recovery[0], REMOTE_ADDR="198.51.100.1") == 302


def test_setting_it_up(host: Client, host_user: User, clock: Any) -> None:
    factories.show()
    page = host.get(PAGE).content.decode()
    assert "<svg" in page
    uri = urlsplit(re.search(r'href="(otpauth:[^"]+)"', page).group(1).replace("&amp;", "&"))
    told = {name: values[0] for name, values in parse_qs(uri.query).items()}
    secret = told["secret"]
    assert unquote(uri.path) == "/Running in Production desk:nick"
    assert told["issuer"] == "Running in Production desk"
    assert len(base64.b32decode(secret)) == 20
    assert "This code is wrong" in host.post(PAGE, {"code": "123"}).content.decode()
    assert not SecondStep.objects.exists()
    done = host.post(PAGE, {"code": code_of(secret)}).content.decode()
    recovery = re.findall(r"<li><code>([a-z2-7-]+)</code>", done)
    assert len(set(recovery)) == 10
    row = SecondStep.objects.get()
    assert row.secret == secret
    assert not set(recovery) & set(row.recovery)
    # A recovery code is valid once, however it is typed.
    assert try_in(Client(), recovery[0].upper().replace("-", " ")) == 302
    assert try_in(Client(), recovery[0]) == 200
    assert try_in(Client(), code_of(secret)) == 200  # used by setting it up
    assert "9 recovery codes are left" in host.get(PAGE).content.decode()


def test_removing_it_needs_a_code(host: Client, host_user: User, enrolled: str) -> None:
    assert "This code is wrong" in host.post(PAGE, {"code": "1", "remove": "1"}).content.decode()
    assert SecondStep.objects.exists()
    host.post(PAGE, {"code": code_of(enrolled), "remove": "1"})
    assert not SecondStep.objects.exists()
    assert try_in(Client()) == 302


def test_guessing_at_the_page_is_stopped(host: Client, enrolled: str) -> None:
    statuses = [
        host.post(PAGE, {"code": "1"}).status_code for _ in range(throttling.MAX_ATTEMPTS + 1)
    ]
    assert statuses == [200] * throttling.MAX_ATTEMPTS + [429]


def test_required_for_everyone(host: Client, host_user: User, clock: Any) -> None:
    factories.show(second_step_required=True)
    for path in ("/admin/", "/admin/episodes/episode/", "/admin/auth/user/"):
        answer = host.get(path)
        assert (answer.status_code, answer["Location"]) == (302, PAGE), path
    assert "Set up yours to continue" in host.get(PAGE).content.decode()
    secret = host.session["second_step_secret"]
    assert host.post(PAGE, {"code": code_of(secret)}).status_code == 200
    assert host.get("/admin/").status_code == 200
    # A session from before it was required has to give the code.
    other = Client()
    other.force_login(host_user)
    clock.shift(timedelta(minutes=1))
    assert other.get("/admin/")["Location"] == PAGE
    assert other.post(PAGE, {"code": code_of(secret)})["Location"] == "/admin/"
    assert other.get("/admin/").status_code == 200
    assert other.post("/admin/logout/").status_code == 200


def test_signing_in_with_a_code_satisfies_the_requirement(client: Client, enrolled: str) -> None:
    factories.show(second_step_required=True)
    assert try_in(client, code_of(enrolled)) == 302
    assert client.get("/admin/").status_code == 200


def test_a_link_stands_for_the_password_only(
    client: Client, host_user: User, enrolled: str
) -> None:
    path = f"/admin/sign-in/{create_link(host_user)}"
    assert 'name="code"' in client.get(path).content.decode()
    assert client.post(path, {"code": "1"}).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.post(path, {"code": code_of(enrolled)}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_the_command_removes_it(client: Client, host_user: User, enrolled: str, capsys) -> None:
    call_command("reset_second_step", "nick")
    assert "can set up a new one" in capsys.readouterr().out
    assert try_in(client) == 302
    with pytest.raises(CommandError, match="nick has no second step"):
        call_command("reset_second_step", "nick")


def test_the_host_asks_it_of_everyone_at_the_shows_page(host: Client) -> None:
    factories.show()
    page = host.get("/admin/show/show/1/change/").content.decode()
    assert "Require a code at sign-in" in page
    assert Show.objects.get().second_step_required is False


@pytest.mark.parametrize("role", ["superuser", HOST, EDITOR, "Accounts", "Roles"])
def test_hosts_set_it_up_before_they_open_the_desk(
    client: Client, settings: Any, clock: Any, role: str
) -> None:
    settings.HOSTS_NEED_SECOND_STEP = True
    set_roles()
    for name, codename in (("Accounts", "change_user"), ("Roles", "add_group")):
        own = Group.objects.create(name=name)
        own.permissions.set(Permission.objects.filter(codename=codename))
    factories.show()
    user = User.objects.create_user("nick", password="password", is_staff=True)
    if role == "superuser":
        User.objects.update(is_superuser=True)
    else:
        user.groups.add(Group.objects.get(name=role))
    assert try_in(client) == 302
    if role == EDITOR:
        assert client.get("/admin/").status_code == 200
        return
    assert client.get("/admin/")["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert "Hosts sign in with a second step. Set up yours to continue." in page
    for path in ("/admin/sessions/", "/admin/auth/user/", "/admin/paste"):
        assert client.post(path)["Location"] == PAGE, path
    assert client.get("/admin/paste")["Location"] == PAGE
    secret = client.session["second_step_secret"]
    assert "recovery codes" in client.post(PAGE, {"code": code_of(secret)}).content.decode()
    assert client.get("/admin/").status_code == 200
    settings.HOSTS_NEED_SECOND_STEP = False
    other = Client()
    other.force_login(user)
    assert other.get("/admin/").status_code == 200


def test_the_start_page_reminds_of_it_where_it_is_voluntary(
    client: Client, host: Client, enrolled: str
) -> None:
    factories.show()
    assert "Your password alone opens this desk" in host.get("/admin/").content.decode()
    try_in(client, code_of(enrolled))
    assert "Your password alone" not in client.get("/admin/").content.decode()


def test_what_the_former_release_stored_meanwhile_counts(client: Client, host_user: User) -> None:
    """During an update and after a rollback it answers on its own table."""
    secret = two_factor.new_secret()
    code = "4gxq-m2ak-7c2p-aaaa"
    SecondStep.objects.create(
        user=host_user, secret=secret, recovery=[two_factor.recovery_hash(code)]
    )
    assert try_in(client) == 200
    assert try_in(client, code_of(secret)) == 302
    assert try_in(Client(), code) == 302
    assert SecondStep.objects.get().recovery == []


def test_what_is_set_up_now_counts_after_a_rollback(host_user: User, enrolled: str) -> None:
    row = SecondStep.objects.get(user=host_user)
    assert (row.secret, len(row.recovery)) == (enrolled, 10)
    codes = two_factor.renew_recovery_codes(host_user)
    row.refresh_from_db()
    assert row.recovery == [two_factor.recovery_hash(each) for each in codes]
    assert two_factor.remove(host_user)
    assert not SecondStep.objects.exists()


def test_new_recovery_codes_replace_the_earlier_ones(
    client: Client, host_user: User, clock: Any
) -> None:
    factories.show()
    secret = two_factor.new_secret()
    _, recovery = two_factor.enrol(host_user, secret, code_of(secret)) or (None, [])
    assert try_in(client, recovery[0]) == 302
    clock.shift(timedelta(minutes=1))
    page = client.post(PAGE, {"codes": "1", "code": code_of(secret)}).content.decode()
    new = re.findall(r"<li><code>([a-z2-7-]+)</code>", page)
    assert len(set(new) - set(recovery)) == 10
    # The session passed its second step by a recovery code, and goes on.
    assert "New recovery codes" in client.get(PAGE).content.decode()
    clock.shift(timedelta(minutes=1))
    assert try_in(Client(), recovery[1]) == 200
    clock.shift(timedelta(minutes=1))
    assert try_in(Client(), new[0]) == 302
    # An older session, or one without the step, is asked for a code first.
    clock.shift(timedelta(minutes=15))
    assert "This code is wrong" in client.post(PAGE, {"codes": "1"}).content.decode()


def test_a_changed_second_step_is_logged_and_mailed(
    host: Client, host_user: User, clock: Any, settings: Any
) -> None:
    factories.show()
    settings.MAIL = True
    host.get(PAGE)
    secret = host.session["second_step_secret"]
    host.post(PAGE, {"code": code_of(secret)})
    clock.shift(timedelta(minutes=1))
    host.post(PAGE, {"remove": "1", "code": code_of(secret)})
    details = SecurityEvent.objects.filter(kind="second step").values_list("detail", flat=True)
    assert list(details) == ["removed", "app set up"]
    assert [each.subject for each in mail.outbox] == [
        "A second step was set up", "The second step was removed",
    ]  # fmt: skip


def test_a_stolen_session_takes_no_second_step_or_password_away(
    clock: Any, host: Client, host_user: User, enrolled: str
) -> None:
    """Neither by the list of users, right after the sign-in, nor with the password alone."""
    factories.show()
    action = {"action": "remove_second_step", "_selected_action": [host_user.pk]}
    assert "Remove your own on the page" in host.post("/admin/auth/user/", action, follow=True).text
    new = {"password1": "a fair way to go", "password2": "a fair way to go"}
    path = f"/admin/auth/user/{host_user.pk}/password/"
    answer = host.post(path, new | {"usable_password": "true"})
    assert answer["Location"] == "/admin/password_change/"
    host_user.refresh_from_db()
    assert host_user.check_password("password")
    assert two_factor.has_second_step(host_user)


def begin_passkey(client: Client) -> int:
    path, headers = "/admin/passkey/add", {"host": "localhost"}
    return client.post(path, "{}", "application/json", headers=headers).status_code


def test_right_after_signing_in_by_code_a_change_needs_another(
    client: Client, enrolled: str, host_user: User, clock: Any
) -> None:
    """Whoever steals the session doesn't have it."""
    factories.show()
    assert try_in(client, code_of(enrolled)) == 302
    codes = SecondStep.objects.get().recovery
    for button in ("codes", "remove", "app"):
        assert "This code is wrong" in client.post(PAGE, {button: "1"}).text
    assert begin_passkey(client) == 403
    assert two_factor.has_second_step(host_user)
    assert SecondStep.objects.get().recovery == codes


def test_a_code_is_good_for_one_change(client: Client, enrolled: str, clock: Any) -> None:
    factories.show()
    assert try_in(client, code_of(enrolled)) == 302
    clock.shift(timedelta(minutes=1))
    answer = client.post(PAGE, {"passkey": "0", "code": code_of(enrolled)})
    assert answer["Location"] == PAGE
    assert begin_passkey(client) == 200
    assert "recovery-codes" in client.post(PAGE, {"codes": "1"}).text
    assert begin_passkey(client) == 403
    assert "This code is wrong" in client.post(PAGE, {"remove": "1"}).text


def test_setting_up_an_app_is_no_proof_for_changes(host: Client, clock: Any) -> None:
    factories.show()
    host.get(PAGE)
    assert begin_passkey(host) == 200  # a first one, after a recent sign-in
    host.post(PAGE, {"code": code_of(host.session["second_step_secret"])})
    assert begin_passkey(host) == 403
    assert "This code is wrong" in host.post(PAGE, {"remove": "1"}).text


def test_whoever_has_a_second_step_signs_in_anew_by_it(
    clock: Any, host: Client, host_user: User, enrolled: str
) -> None:
    factories.show()
    page = f"/admin/auth/user/{host_user.pk}/change/"
    data = form_data(host.get(page)) | {"email": "new@example.org"}
    clock.shift(timedelta(minutes=16))
    assert "Your password isn’t enough here" in host.get(page).text
    refused = host.post(page, data | {"confirmation": "password"})
    assert "This code is wrong" in refused.text
    assert host.post(page, data | {"confirmation": code_of(enrolled)}).status_code == 302
    host_user.refresh_from_db()
    assert host_user.email == "new@example.org"
