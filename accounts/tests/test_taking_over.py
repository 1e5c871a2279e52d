"""Nobody takes over an account with more rights, or gives rights that they don't have."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from accounts.roles import HOST, set_roles
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
    assert "not one of the available choices" in client.post(path, data).text
    assert not clerk.groups.exists()


def test_an_owner_changes_everyone(owner: User, co_host: User) -> None:
    client, path = signed_in(owner), f"/admin/auth/user/{co_host.pk}/change/"
    client.post(path, form_data(client.get(path)) | {"is_superuser": "on"})
    co_host.refresh_from_db()
    assert co_host.is_superuser
