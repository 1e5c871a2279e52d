"""Which forms the server tells a browser that it has saved."""

import pytest
from django.test import Client
from django.urls import reverse

from desk.tests.forms import form_data
from desk.unsaved import COOKIE
from episodes.tests import factories
from guests.models import Guest


@pytest.fixture
def form(db: None) -> str:
    factories.show()
    return reverse("admin:guests_guest_change", args=[factories.guest("Phil Gyford").pk])


def post(host: Client, form: str, **typed: str) -> str:
    """The cookie that the answer sets; empty if it sets none."""
    response = host.post(form, form_data(host.get(form)) | typed)
    return response.cookies[COOKIE].value if COOKIE in response.cookies else ""


def test_a_saved_form(host: Client, form: str) -> None:
    assert post(host, form, unsaved_id="abc1") == "abc1"
    assert post(host, form, unsaved_id="abc2") == "abc1.abc2"
    cookie = host.cookies[COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/admin/", "Lax", "")


def test_a_refused_form_sends_its_id_again(host: Client, form: str) -> None:
    assert post(host, form, unsaved_id="abc1", website="no address") == ""
    refused = host.post(form, form_data(host.get(form)) | {"unsaved_id": "abc1", "name": ""})
    assert '<input type="hidden" name="unsaved_id" value="abc1">' in refused.content.decode()


def test_a_form_that_is_gone_was_not_saved(host: Client, form: str) -> None:
    typed = form_data(host.get(form)) | {"unsaved_id": "abc1"}
    Guest.objects.filter(name="Phil Gyford").delete()
    assert COOKIE not in host.post(form, typed).cookies


@pytest.mark.parametrize("key", ["", "A", "a.b", "a;b", "a" * 41, "é"])
def test_other_ids_are_ignored(host: Client, form: str, key: str) -> None:
    assert post(host, form, unsaved_id=key) == ""


def test_a_pop_up(host: Client, form: str) -> None:
    path = reverse("admin:stack_technology_add") + "?_popup=1"
    assert post(host, path, name="Elm", slug="elm", unsaved_id="abc1") == "abc1"
