"""Permissions of every address, by GET and POST, for every role: role_matrix.txt says which."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from accounts.roles import EDITOR
from desk.tests.addresses import (
    ROLES,
    SECRET,
    SEES_DRAFTS,
    Address,
    addresses,
    client_of,
    expectations,
    rows_of_routes,
    secret_draft,
)
from desk.tests.test_roles import EDITED, catalogue, someone
from episodes.models import Episode

__all__ = ["catalogue"]  # a fixture
pytestmark = pytest.mark.django_db

HELPER = "helper"
SECRETS = (SECRET, "unannounced-takeover")  # also in addresses


@pytest.fixture
def everything(catalogue: Episode, settings: Any) -> list[Address]:
    settings.SECURITY_CONTACT = ["mailto:security@example.org"]
    return addresses(catalogue, secret_draft())


def is_refused(answer: Any, path: str) -> bool:
    """Also by an answer as if there were nothing."""
    place = answer.headers.get("Location", "")
    is_elsewhere = place == "/admin/" or "/login/?next=" in place
    is_other_spelling = answer.status_code == 301 and place == path.rstrip("/")
    return answer.status_code in (403, 404) or is_elsewhere or is_other_spelling


def test_the_table_has_every_address_and_no_other(everything: list[Address]) -> None:
    rows = {address.row for address in everything}
    assert rows >= rows_of_routes()
    declared = set(expectations())
    assert (sorted(rows - declared), sorted(declared - rows)) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_address_by_get_and_post(
    everything: list[Address], role: str, subtests: pytest.Subtests
) -> None:
    client = client_of(role)
    user = User.objects.filter(username=f"role-{role}").first()
    table = expectations()
    for address in everything:
        for method, send in (("GET", client.get), ("POST", client.post)):
            with subtests.test(address.path, method=method, role=role), transaction.atomic():
                data = {"post": "yes", "sure": "on", "erase": ""} if method == "POST" else None
                answer = send(address.path, data)
                tells = seen_in(answer)
                transaction.set_rollback(True)
                assert answer.status_code < 500
                who = table[address.row].by(method)
                refused = is_refused(answer, address.path)
                assert (who is None) >= (answer.status_code == 405)
                if who is None:
                    assert answer.status_code == 405 or refused
                else:
                    assert refused is (role not in who), answer.status_code
                assert role in SEES_DRAFTS or not any(secret in tells for secret in SECRETS)
        if user and SESSION_KEY not in client.session:
            client.force_login(user)  # after signing out, and what was rolled back
    assert len(everything) > 200


def seen_in(answer: Any) -> str:
    """All that the answer tells: its body and where it leads."""
    body = b"".join(answer) if answer.streaming else answer.content
    return f"{body.decode(errors='replace')} {answer.headers.get('Location', '')}"


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
