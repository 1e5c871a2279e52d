"""Permissions of every address of the desk, by GET and POST, for every role."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.roles import EDITOR, HOST
from desk.tests.test_roles import EDITED, HOSTS_ONLY, catalogue, patterns, someone
from episodes.models import Episode
from guests.models import Guest

__all__ = ["catalogue"]  # a fixture
pytestmark = pytest.mark.django_db

# Open before anyone has signed in, and to whoever has, whatever their role.
BEFORE_SIGNING_IN = {"login", "desk_sign_in_link", "desk_passkey", "desk_passkey_used"}
FOR_ALL: set[str | None] = {"index", "logout", "password_change", "password_change_done", "jsi18n"}
FOR_ALL |= {"desk_second_step", "app_list", None}
FOR_ALL |= {"desk_sessions", "desk_passkey_add", "desk_passkey_added"}
ACTIONS = {"changelist": "view", "add": "add", "delete": "delete", "change": "change"}
ACTIONS |= {"history": "view", "password_change": "change"}
STRANGER, HELPER = "stranger", "helper"


def addresses(episode: Episode) -> Iterator[tuple[URLPattern, str]]:
    """Each address of the desk, with existing rows."""
    rows = {model._meta: model._default_manager.first() for model in admin.site._registry}
    keys = {f"{meta.app_label}_{meta.model_name}": row.pk for meta, row in rows.items() if row}
    for route, pattern in patterns(get_resolver().url_patterns):
        if not route.startswith("admin/") or pattern.name == "autocomplete":
            continue
        model = (pattern.name or "").rpartition("_")[0]
        given: dict[str, Any] = {
            "pk": episode.pk, "kind": "guest", "token": "x", "number": 1, "link": 1,
            "part": "audio", "revision": 1, "upload": 1, "content_type_id": 1, "id": 1,
            "object_id": keys.get(model, 1),
        }  # fmt: skip
        if pattern.name in HOSTS_ONLY:
            given["pk"] = Guest.objects.get(name="Phil Gyford").pk
        yield pattern, "/" + written(route, given)
        if "<str:part>" in route:
            yield pattern, "/" + written(route, given | {"part": "chapters.json"})


def written(route: str, given: dict[str, Any]) -> str:
    parts = route.replace(">", "<").split("<")
    names = (part.split(":")[-1] for part in parts[1::2])
    values = [str(given.get(name, "x")) for name in names]
    return "".join(
        part if not place % 2 else values[place // 2] for place, part in enumerate(parts)
    ).replace("(?P", "x")


def needed(name: str) -> tuple[str, str] | None:
    """The model and the permission that one of Django's pages needs."""
    for model in admin.site._registry:
        meta = model._meta
        for page, action in ACTIONS.items():
            if name == f"{meta.app_label}_{meta.model_name}_{page}":
                return meta.label_lower, action
    return None


def is_allowed(role: str, user: User | None, name: str | None, method: str) -> bool:
    """By the tables of test_roles; some pages are closed to everyone, such as adding a show."""
    if name in BEFORE_SIGNING_IN:
        return True
    if role == STRANGER or user is None:
        return False
    if name in FOR_ALL:
        return True
    if role == HELPER:
        return False
    own = needed(name or "")
    if own is None:
        return role == HOST or name not in HOSTS_ONLY
    label, action = own
    if action == "change" and method == "GET":
        action = "view"
    (model,) = (each for each in admin.site._registry if each._meta.label_lower == label)
    request: Any = type("Request", (), {"user": user})
    if not getattr(admin.site._registry[model], f"has_{action}_permission")(request):
        return False
    assert role == HOST or action in EDITED.get(label, "").split(), (role, label, action)
    return True


def refused(answer: Any) -> bool:
    to_sign_in = answer.status_code == 302 and "/login/?next=" in answer.headers["Location"]
    return answer.status_code == 403 or to_sign_in


@pytest.mark.slow
@pytest.mark.parametrize("role", [STRANGER, HELPER, EDITOR, HOST])
def test_every_address_by_get_and_post(
    catalogue: Episode, role: str, subtests: pytest.Subtests
) -> None:
    if role in (EDITOR, HOST):
        client = someone(role)
    else:
        client = Client()
        if role == HELPER:
            client.force_login(User.objects.create_user(HELPER, is_staff=True))
    user = User.objects.filter(username=role.lower()).first()
    seen = 0
    for pattern, path in addresses(catalogue):
        for method, send in (("GET", client.get), ("POST", client.post)):
            with subtests.test(path, method=method, role=role), transaction.atomic():
                answer = send(path, {"post": "yes", "sure": "on", "erase": ""})
                assert answer.status_code < 500
                if answer.status_code != 405 and path != "/admin/logout/":
                    allowed = is_allowed(role, user, pattern.name, method)
                    assert refused(answer) is not allowed, (answer.status_code, pattern.name)
                seen += 1
                transaction.set_rollback(True)
        if role != STRANGER and user:
            client.force_login(user)  # after signing out, and what was rolled back
    assert seen > 200


def test_autocomplete_needs_permission(catalogue: Episode) -> None:
    path = "/admin/autocomplete/?app_label=episodes&model_name=appearance&field_name=guest&term=ph"
    assert "Phil Gyford" in someone(EDITOR).get(path).content.decode()
    helper = Client()
    helper.force_login(User.objects.create_user(HELPER, is_staff=True))
    assert helper.get(path).status_code == 403
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize("role", [HELPER, EDITOR])
def test_list_actions_need_permission(catalogue: Episode, role: str) -> None:
    if role == EDITOR:
        client = someone(role)
    else:
        client = Client()
        client.force_login(User.objects.create_user(HELPER, is_staff=True))
    for model, model_admin in admin.site._registry.items():
        label = model._meta.label_lower
        if role == EDITOR and "delete" in EDITED.get(label, ""):
            continue
        keys = list(model._default_manager.values_list("pk", flat=True))
        path = f"/admin/{label.replace('.', '/')}/"
        for action in {"delete_selected", *(getattr(each, "__name__", each) for each in
                                            model_admin.actions or ())}:  # fmt: skip
            data = {"action": action, "_selected_action": keys, "post": "yes"}
            assert client.post(path, data).status_code in (200, 302, 403)
            assert list(model._default_manager.values_list("pk", flat=True)) == keys
