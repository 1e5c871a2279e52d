"""People: inviting them and letting them back in, with a mail server and without any mail."""

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from queue import Empty
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from accounts.models import DeskSession, SecurityEvent, SignInLink
from accounts.roles import EDITOR, HOST, PRODUCER, set_roles
from accounts.tests.smtp_sink import Sink
from accounts.two_factor import enrol, has_second_step, new_secret
from desk.people.forms import free_username
from desk.people.people import lock_hosts
from desk.tests.forms import form_data
from desk.tests.test_roles import someone
from episodes.tests import factories

pytestmark = pytest.mark.django_db
PEOPLE, INVITE = "/admin/people/", "/admin/people/invite"
FORGOTTEN = "/admin/forgotten-password"
STRONG = "a fair way to Tipperary"
BOTH = {"new_password1": STRONG, "new_password2": STRONG}


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.MAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "desk@example.org"
        yield server
        server.shutdown()


@pytest.fixture
def boss(db: None) -> Client:
    """A host who signed in just now."""
    set_roles()
    factories.show()
    return someone(HOST)


def role(name: str) -> str:
    return str(Group.objects.get(name=name).pk)


def invite(boss: Client, name: str = EDITOR, email: str = "Anna@example.org") -> Any:
    return boss.post(INVITE, {"name": "Anna Lee", "email": email, "role": role(name)})


def link_in(text: str) -> str:
    """The path of the link that a page or a mail has."""
    found = re.search(r"https?://[^/\s\"]+(/admin/sign-in/[\w-]+)", text)
    assert found, text
    return found[1]


def person(user: User) -> str:
    return f"/admin/people/{user.pk}"


def anna() -> User:
    return User.objects.get(email__iexact="anna@example.org")


def errors(answer: Any) -> str:
    return str(answer.context["form"].errors)


def events() -> list[tuple[str, str, str]]:
    return list(SecurityEvent.objects.values_list("kind", "name", "detail")[:3])


def test_an_invitation_without_mail(boss: Client) -> None:
    page = invite(boss, PRODUCER)
    assert "This site sends no mail." in page.text
    assert page.headers["Cache-Control"].find("no-store") >= 0
    path = link_in(page.text)
    assert (anna().username, anna().get_full_name()) == ("anna", "Anna Lee")
    assert "Invited, has not signed in yet" in boss.get(PEOPLE).text
    new = Client()
    opened = new.get(path)
    assert "Anna Lee" in opened.text and 'name="new_password1"' in opened.text
    assert opened.headers["Referrer-Policy"] == "same-origin"
    weak = new.post(path, {"new_password1": "12345", "new_password2": "12345"})
    assert "too short" in errors(weak)
    assert new.post(path, BOTH).status_code == 302
    assert new.get("/admin/episodes/episode/").status_code == 200
    assert new.get(path).status_code == 410
    # By e-mail address, in whatever case, and by the name made from it.
    for typed in ("anna@example.org", "ANNA@example.org", "anna"):
        again = {"username": typed, "password": STRONG, "next": "/admin/"}
        assert Client().post("/admin/login/", again).status_code == 302
    kinds = [(kind, detail) for kind, _, detail in SecurityEvent.objects.values_list(
        "kind", "name", "detail")]  # fmt: skip
    assert ("roles", "by host: invited: Producer") in kinds
    assert ("password", "chosen by a link: invitation") in kinds


def test_an_invitation_by_mail(boss: Client, sink: Sink) -> None:
    page = invite(boss)
    assert "The link was mailed to Anna@example.org" in page.text
    to, mail = sink.mails.get(timeout=10)
    assert to == ["Anna@example.org"]
    assert mail["Subject"] == "Invitation to the desk of Running in Production"
    assert mail["From"] == "desk@example.org"
    assert mail.get_content_type() == "text/plain"
    text = mail.get_content()
    assert "host invites you to the desk of Running in Production" in text
    assert link_in(text) == link_in(page.text)
    assert Client().post(link_in(text), BOTH).status_code == 302


def test_a_lost_password_by_mail(boss: Client, sink: Sink) -> None:
    user = User.objects.create_user("anna", "anna@example.org", "former", is_staff=True)
    thief = Client()
    thief.force_login(user)
    stranger = Client()
    assert FORGOTTEN in stranger.get("/admin/login/").text
    answers = []
    for typed in ("nobody@example.org", "Anna@Example.org"):
        answers.append(stranger.post(FORGOTTEN, {"name": typed}))
    assert answers[0].text == answers[1].text
    assert "If there is such an account" in answers[0].text
    to, mail = sink.mails.get(timeout=10)
    assert to == ["anna@example.org"]
    assert mail["Subject"] == "Sign in to Running in Production"
    path = link_in(mail.get_content())
    assert stranger.post(path, BOTH).status_code == 302
    assert stranger.get("/admin/").status_code == 200
    assert thief.get("/admin/").status_code == 302  # other sessions end
    told, mail = sink.mails.get(timeout=10)
    assert (told, mail["Subject"]) == (["anna@example.org"], "The password was changed")
    assert Client().post(path, BOTH).status_code == 410
    with pytest.raises(Empty):
        sink.mails.get_nowait()


def test_a_lost_password_without_mail(boss: Client) -> None:
    user = User.objects.create_user("anna", "anna@example.org", "former", is_staff=True)
    page = Client().get(FORGOTTEN).text
    assert "Ask a host" in page and "<form" not in page.split('id="content"')[1]
    assert Client().post(FORGOTTEN, {"name": "anna"}).status_code == 200
    assert not SignInLink.objects.exists()
    link = boss.post(person(user), {"do": "link"})
    path = link_in(link.text)
    former = {"username": "anna", "password": "former", "next": "/admin/"}
    assert Client().post("/admin/login/", former).status_code == 302  # until it is used
    new = Client()
    assert new.post(path, BOTH).status_code == 302
    assert new.get("/admin/").status_code == 200
    assert Client().post("/admin/login/", former).status_code == 200


def test_mails_about_a_lost_password_are_few(sink: Sink) -> None:
    factories.show()
    User.objects.create_user("anna", "anna@example.org", "former", is_staff=True)
    for _ in range(5):
        assert Client().post(FORGOTTEN, {"name": "anna"}).status_code == 200
    assert Client().post(FORGOTTEN, {"name": "anna"}).status_code == 429
    assert Client().post(FORGOTTEN, {"name": "nobody"}).status_code == 200
    sink.mails.get(timeout=10)
    with pytest.raises(Empty):
        sink.mails.get(timeout=0.5)
    login = {"username": "anna", "password": "former", "next": "/admin/"}
    assert Client().post("/admin/login/", login).status_code == 302


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_who_may_not_sign_in_gets_no_mail(sink: Sink, state: dict[str, Any]) -> None:
    factories.show()
    fields: dict[str, Any] = {"email": "a@example.org", "is_staff": True} | state
    User.objects.create_user("anna", **fields)
    assert "If there is such an account" in Client().post(FORGOTTEN, {"name": "anna"}).text
    assert not SignInLink.objects.exists()


@pytest.mark.parametrize("name", ["", "\0", "a" * 300, "a@" + "é" * 200, "'; --"])
def test_odd_names_of_a_lost_password(sink: Sink, name: str) -> None:
    factories.show()
    assert Client().post(FORGOTTEN, {"name": name}).status_code == 200


def test_a_mail_that_fails_is_said_and_the_link_shown(boss: Client, settings: Any) -> None:
    settings.MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = invite(boss)
    assert "could not be sent" in page.text
    assert Client().get(link_in(page.text)).status_code == 200


@pytest.mark.parametrize(("hours", "status"), [(71, 200), (73, 410)])
def test_an_invitation_ends(boss: Client, hours: int, status: int) -> None:
    path = link_in(invite(boss).text)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert Client().get(path).status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 410)])
def test_a_link_for_a_lost_password_ends(boss: Client, minutes: int, status: int) -> None:
    user = User.objects.create_user("anna", "a@example.org", "former", is_staff=True)
    path = link_in(boss.post(person(user), {"do": "link"}).text)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert Client().get(path).status_code == status


def test_a_new_link_ends_the_former(boss: Client) -> None:
    first = link_in(invite(boss).text)
    second = link_in(boss.post(person(anna()), {"do": "link"}).text)
    assert Client().get(first).status_code == 410
    page = Client().get(second)
    assert "Choose a password" in page.text  # still an invitation


def test_a_new_password_doesnt_pass_the_second_step(boss: Client) -> None:
    user = User.objects.create_user("anna", "a@example.org", "former", is_staff=True)
    codes = recovery_codes(user)
    path = link_in(boss.post(person(user), {"do": "link"}).text)
    new = Client()
    assert 'name="code"' in new.get(path).text
    for code in ("", "123456"):
        refused = new.post(path, BOTH | {"code": code})
        assert refused.status_code == 200
        assert "This code is wrong" in errors(refused)
    user.refresh_from_db()
    assert user.check_password("former")
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):  # wrong codes delay the next
        assert new.post(path, BOTH | {"code": codes[0]}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(STRONG)
    assert has_second_step(user)


def recovery_codes(user: User) -> list[str]:
    secret = new_secret()
    totp = TOTP(base64.b32decode(secret))
    totp.time = timezone.now().timestamp()
    enrolled = enrol(user, secret, f"{totp.token():06d}")
    assert enrolled
    return enrolled[1]


def test_only_a_hash_of_the_link_is_stored(boss: Client) -> None:
    token = link_in(invite(boss).text).rsplit("/", 1)[1]
    rows: list[Any] = [*SignInLink.objects.values(), *SecurityEvent.objects.values()]
    rows += [row.get_decoded() for row in DeskSession.objects.all()]
    assert token not in str(rows)


def test_the_list(boss: Client) -> None:
    user = User.objects.create_user("anna", "anna@example.org", first_name="Anna", is_staff=True)
    user.groups.add(Group.objects.get(name=PRODUCER))
    client = Client()
    client.force_login(user)
    DeskSession.objects.filter(user=user).update(last_seen=timezone.now() - timedelta(days=1))
    page = boss.get(PEOPLE).text
    line = next(part for part in page.split("<li>") if person(user) in part)
    for words in ("Anna", "Producer", "anna@example.org", "yesterday", "1 session",
                  "without second step", "Send link", "End sessions"):  # fmt: skip
        assert words in line, words
    assert "(you)" in page
    assert "/admin/auth/user/" not in page


def test_sessions_end(boss: Client) -> None:
    user = User.objects.create_user("anna", is_staff=True)
    client = Client()
    client.force_login(user)
    boss.post(person(user), {"do": "sessions"})
    assert client.get("/admin/").status_code == 302
    assert boss.get("/admin/").status_code == 200
    assert events()[0] == ("sessions", "anna", "by host: 1 ended")


def test_who_is_removed_is_out_at_once_and_may_come_back(boss: Client) -> None:
    path = link_in(invite(boss).text)
    client = Client()
    client.force_login(anna())
    boss.post(person(anna()), {"do": "remove"})
    assert client.get("/admin/").status_code == 302
    assert Client().get(path).status_code == 410
    assert "Removed" in boss.get(PEOPLE).text
    assert boss.post(person(anna()), {"do": "link"}).status_code == 403
    boss.post(person(anna()), {"do": "again"})
    assert anna().is_active
    assert [group.name for group in anna().groups.all()] == [EDITOR]
    assert Client().get(path).status_code == 410


def test_a_lost_second_step_is_removed(boss: Client) -> None:
    user = User.objects.create_user("anna", is_staff=True)
    recovery_codes(user)
    assert "Remove the second step" in boss.get(person(user)).text
    boss.post(person(user), {"do": "second-step"})
    assert not has_second_step(user)
    assert events()[0] == ("second step", "anna", "by host: removed")


def test_a_role_and_an_address_change(boss: Client) -> None:
    path = link_in(invite(boss).text)
    typed = form_data(boss.get(person(anna())))
    assert typed["role"] == role(EDITOR)
    typed |= {"role": role(PRODUCER), "email": "lee@example.org", "name": "A. Lee", "do": "save"}
    assert boss.post(person(anna()), typed).status_code == 302
    user = User.objects.get(email="lee@example.org")
    assert [group.name for group in user.groups.all()] == [PRODUCER]
    assert ("roles", "anna", "by host: Editor → Producer") in events()
    assert Client().get(path).status_code == 410  # whoever reads the former address


@pytest.mark.parametrize("field", ["name", "email", "role"])
def test_an_invitation_needs_all_fields(boss: Client, field: str) -> None:
    data = {"name": "Anna", "email": "anna@example.org", "role": role(EDITOR)} | {field: ""}
    refused = boss.post(INVITE, data)
    assert refused.status_code == 200
    assert not User.objects.filter(email="anna@example.org").exists()


def test_an_address_belongs_to_one_account(boss: Client) -> None:
    invite(boss)
    again = invite(boss, email="ANNA@example.org")
    assert "Anna Lee has this address already." in errors(again)
    assert User.objects.filter(email__iexact="anna@example.org").count() == 1


def test_names_for_signing_in() -> None:
    User.objects.create_user("anna")
    assert free_username("Anna@example.org") == "anna2"
    assert free_username("a b'c@example.org") == "abc"
    assert free_username("'@example.org") == "user"
    assert len(free_username("x" * 200 + "@example.org")) <= 150


@pytest.mark.parametrize("action", ["link", "sessions", "remove", "second-step", "save", "again"])
def test_nobody_changes_somebody_with_more_rights(boss: Client, action: str) -> None:
    User.objects.create_superuser("root", "root@example.org", "password")
    root = User.objects.get(username="root")
    before = User.objects.filter(pk=root.pk).values().get()
    typed = {"do": action, "name": "X", "email": "x@example.org", "role": role(EDITOR)}
    assert boss.post(person(root), typed).status_code == 403
    assert User.objects.filter(pk=root.pk).values().get() == before
    assert not SignInLink.objects.exists()


@pytest.mark.parametrize("action", ["remove", "save"])
def test_nobody_shuts_themselves_out(boss: Client, action: str) -> None:
    me = User.objects.get(username="host")
    page = boss.get(person(me)).text
    assert 'name="role"' not in page and 'value="remove"' not in page
    typed = {"do": action, "name": "Host", "email": "h@example.org", "role": role(EDITOR)}
    boss.post(person(me), typed)
    me.refresh_from_db()
    assert me.is_active
    assert [group.name for group in me.groups.all()] == [HOST]


def test_the_last_host_stays(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the only other host was removed at this very moment."""
    other = User.objects.create_user("other", "o@example.org", is_staff=True)
    other.groups.add(Group.objects.get(name=HOST))
    monkeypatch.setattr("desk.people.views.lock_hosts", lambda: User.objects.filter(pk=other.pk))
    assert "is the last host" in boss.post(person(other), {"do": "remove"}, follow=True).text
    other.refresh_from_db()
    assert other.is_active


def test_changes_need_a_recent_sign_in(boss: Client) -> None:
    user = User.objects.create_user("anna", "a@example.org", is_staff=True)
    User.objects.get(username="host")
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert boss.get(PEOPLE).status_code == 200
        for answer in (
            boss.get(INVITE),
            invite(boss),
            boss.get(person(user)),
            *(boss.post(person(user), {"do": do}) for do in ("link", "remove", "second-step")),
        ):
            assert "it is a while since you signed in" in answer.text
    user.refresh_from_db()
    assert user.is_active
    assert not SignInLink.objects.exists()
    assert not User.objects.filter(email="Anna@example.org").exists()


def test_editors_and_producers_see_no_people(boss: Client) -> None:
    user = User.objects.create_user("anna", "a@example.org", is_staff=True)
    for name in (EDITOR, PRODUCER):
        client = someone(name)
        for path in (PEOPLE, INVITE, person(user), "/admin/auth/user/",
                     "/admin/accounts/securityevent/"):  # fmt: skip
            assert client.get(path).status_code == 403, path
        assert client.post(person(user), {"do": "link"}).status_code == 403


def test_a_headers_line_break_stays_out_of_mails(boss: Client, sink: Sink) -> None:
    factories.show(title="Running in\r\nBcc: all@example.org Production")
    invite(boss)
    to, mail = sink.mails.get(timeout=10)
    assert to == ["Anna@example.org"]
    assert mail["Bcc"] is None


def test_whoever_has_no_role_is_told_so(boss: Client) -> None:
    client = Client()
    client.force_login(User.objects.create_user("anna", is_staff=True))
    assert "You have no role yet" in client.get("/admin/").text
    assert "You have no role yet" not in someone(PRODUCER).get("/admin/").text


def test_a_command_makes_a_link_for_the_only_host(boss: Client, capsys: Any) -> None:
    call_command("signin_link", "host", "--new-password")
    said = capsys.readouterr()
    assert "for 60 minutes" in said.err
    assert Client().post(link_in(said.out), BOTH).status_code == 302
    assert User.objects.get(username="host").check_password(STRONG)


def test_two_hosts_who_remove_each_other(boss: Client) -> None:
    """The second is refused: when the lock is theirs, they are no host any more."""
    lock_hosts()
    User.objects.filter(username="host").update(is_active=False)
    assert not lock_hosts().exists()


def test_a_corrected_address_ends_the_link_and_says_so(boss: Client) -> None:
    path = link_in(invite(boss).text)
    ended = "The link sent before no longer works"
    typed = {"do": "save", "name": "Ann Lee", "email": "anna@example.org", "role": role(EDITOR)}
    page = boss.post(person(anna()), typed, follow=True).text
    assert ended in page
    opened = Client().get(path)
    assert opened.status_code == 410 and "was replaced by a newer one" in opened.text
    assert ended not in boss.post(person(anna()), typed | {"name": "Anna"}, follow=True).text
    assert "“Lost password or phone” in docs/deploy.md" in Client().get(FORGOTTEN).text
