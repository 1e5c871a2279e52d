"""Nobody takes over an account with more rights, or gives rights that they don't have."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from accounts.models import SecondStep, SecurityEvent
from accounts.roles import EDITOR, HOST, PRODUCER, set_roles
from desk.tests.forms import form_data
from episodes.tests.factories import show

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> User:
    set_roles()
    show()
    return User.objects.create_superuser("owner", password="a long enough password")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def co_host(owner: User) -> User:
    user = User.objects.create_user("petra", is_staff=True)
    user.groups.add(Group.objects.get(name=HOST))
    return user


def test_a_host_changes_no_owner(owner: User, co_host: User) -> None:
    client, path = signed_in(co_host), f"/admin/auth/user/{owner.pk}/"
    assert client.get(f"{path}change/").status_code == 200  # to look at
    assert client.post(f"{path}change/", {"username": "mine"}).status_code == 403
    assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{path}password/", {"password1": "x" * 20}).status_code == 403
    action = {"action": "remove_second_step", "_selected_action": [owner.pk]}
    assert "Removed from 0" in client.post("/admin/auth/user/", action, follow=True).text
    owner.refresh_from_db()
    assert owner.username == "owner" and owner.check_password("a long enough password")


def test_a_host_gives_nobody_all_permissions(owner: User, co_host: User) -> None:
    client, path = signed_in(co_host), f"/admin/auth/user/{co_host.pk}/change/"
    client.post(
        path, form_data(client.get(path)) | {"is_superuser": "on", "email": "p@example.org"}
    )
    co_host.refresh_from_db()
    assert co_host.email == "p@example.org"
    assert not co_host.is_superuser


def test_whoever_changes_users_gives_no_role_above_their_own(owner: User) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=("view_user", "change_user")))
    client, path = signed_in(clerk), f"/admin/auth/user/{clerk.pk}/change/"
    data = form_data(client.get(path)) | {"groups": str(Group.objects.get(name=HOST).pk)}
    assert "is not among the choices" in client.post(path, data).text
    assert not clerk.groups.exists()


def test_an_owner_changes_everyone(owner: User, co_host: User) -> None:
    client, path = signed_in(owner), f"/admin/auth/user/{co_host.pk}/change/"
    client.post(path, form_data(client.get(path)) | {"is_superuser": "on"})
    co_host.refresh_from_db()
    assert co_host.is_superuser


def accountant(*codenames: str) -> tuple[Client, Group]:
    """Somebody with the role “Accounts”, which has these permissions alone, and that role."""
    role = Group.objects.create(name="Accounts")
    role.permissions.set(Permission.objects.filter(codename__in=codenames))
    user = User.objects.create_user("clerk", is_staff=True)
    user.groups.add(role)
    return signed_in(user), role


def test_nobody_adds_rights_to_a_role_that_they_lack(owner: User) -> None:
    client, role = accountant("view_group", "change_group", "add_group")
    lacked = Permission.objects.get(codename="change_user")
    for path in (f"/admin/auth/group/{role.pk}/change/", "/admin/auth/group/add/"):
        data = form_data(client.get(path)) | {"name": "Mine", "permissions": [str(lacked.pk)]}
        assert "is not among the choices" in client.post(path, data).text
    assert not Permission.objects.filter(pk=lacked.pk, group__name__in=("Accounts", "Mine"))


def test_nobody_changes_or_deletes_a_role_above_their_own(owner: User) -> None:
    client, _ = accountant("view_group", "change_group", "delete_group")
    host = Group.objects.get(name=HOST)
    path = f"/admin/auth/group/{host.pk}"
    assert client.get(f"{path}/change/").status_code == 200  # to look at
    assert client.post(f"{path}/change/", {"name": "Guests"}).status_code == 403
    assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [host.pk], "post": "yes"}
    client.post("/admin/auth/group/", chosen)
    assert Group.objects.filter(name=HOST).exists()


def test_changed_roles_are_in_the_security_log(owner: User, co_host: User) -> None:
    client = signed_in(co_host)
    kept = Permission.objects.get(codename="change_guest")
    added = Permission.objects.get(codename="view_episode")
    path = "/admin/auth/group/add/"
    data = form_data(client.get(path)) | {"name": "Guests", "permissions": [str(kept.pk)]}
    assert client.post(path, data).status_code == 302
    role = Group.objects.get(name="Guests")
    path = f"/admin/auth/group/{role.pk}/"
    data = form_data(client.get(f"{path}change/")) | {"permissions": [str(added.pk)]}
    assert client.post(f"{path}change/", data).status_code == 302
    assert client.post(f"{path}change/", data).status_code == 302  # nothing changed
    assert client.post(f"{path}change/", data | {"name": "Bookers"}).status_code == 302
    assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 302
    events = SecurityEvent.objects.filter(kind="roles", name="petra").order_by("pk")
    assert list(events.values_list("detail", flat=True)) == [
        "role “Guests”: +Guests: change",
        "role “Guests”: +Episodes: see, −Guests: change",
        "role “Bookers”: renamed",
        "role “Bookers”: deleted",
    ]


def test_an_inactive_host_keeps_password_and_second_step(owner: User, co_host: User) -> None:
    """A host may activate the account again."""
    co_host.is_active = False
    co_host.set_password("a long enough password")
    co_host.save()
    SecondStep.objects.create(user=co_host, secret="A" * 32)
    client, _ = accountant("view_user", "change_user", "delete_user")
    path, new = f"/admin/auth/user/{co_host.pk}/", "a fair way to Tipperary"
    chosen = {"password1": new, "password2": new, "usable_password": "true"}
    assert client.post(f"{path}password/", chosen).status_code == 403
    assert client.post(f"{path}change/", {"username": "mine"}).status_code == 403
    assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    action = {"action": "remove_second_step", "_selected_action": [co_host.pk]}
    assert "Removed from 0" in client.post("/admin/auth/user/", action, follow=True).text
    action = {"action": "delete_selected", "_selected_action": [co_host.pk], "post": "yes"}
    client.post("/admin/auth/user/", action)
    co_host.refresh_from_db()
    assert co_host.check_password("a long enough password")
    assert SecondStep.objects.filter(user=co_host).exists()


def test_host_editor_and_producer_keep_their_names(owner: User) -> None:
    client = signed_in(owner)
    for role in Group.objects.filter(name__in=(HOST, EDITOR, PRODUCER)):
        path = f"/admin/auth/group/{role.pk}/change/"
        assert (
            client.post(path, form_data(client.get(path)) | {"name": "Former"}).status_code == 302
        )
    assert set(Group.objects.values_list("name", flat=True)) == {HOST, EDITOR, PRODUCER}
