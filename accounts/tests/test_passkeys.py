"""Where passkeys are possible, and what their addresses refuse."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp_webauthn.models import WebAuthnCredential

from accounts.passkeys import CEREMONY, passkey_host
from episodes.tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scheme", "host", "found"),
    [
        ("https", "podcast.example", "podcast.example"),
        ("https", "podcast.example:8443", "podcast.example"),
        ("http", "podcast.example", ""),
        ("http", "localhost:8000", "localhost"),
        ("https", "192.0.2.1", ""),
        ("https", "[2001:db8::1]:443", ""),
    ],
)
def test_where_passkeys_are_possible(
    rf: Any, settings: Any, scheme: str, host: str, found: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    request = rf.get("/", secure=scheme == "https", headers={"host": host})
    assert passkey_host(request) == found


def begin(client: Client, path: str) -> int:
    to_json = "application/json"
    return client.post(path, "{}", to_json, headers={"host": "localhost"}).status_code


def test_a_ceremony_that_was_broken_off_shortens_no_session(
    client: Client, host_user: User
) -> None:
    factories.show()
    assert begin(client, "/admin/passkey") == 200
    assert client.session.get_expiry_age() <= CEREMONY
    login = {"username": "nick", "password": "password", "next": "/admin/"}
    assert client.post("/admin/login/", login).status_code == 302
    assert client.session.get_expiry_age() > 24 * 3600


@pytest.mark.parametrize("path", ["", "/used", "/add", "/added"])
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"1", b"x", b"\xff", b"[" * 60_000, b'{"id": 1}', b'{"id": "\\u0000"}',
     b'{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "!",'
     b' "authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}}'],
)  # fmt: skip
def test_odd_bodies_are_refused(host: Client, path: str, body: bytes) -> None:
    factories.show()
    for client in (host, Client()):
        assert begin(client, "/admin/passkey") == 200
        assert begin(client, "/admin/passkey/add") == (200 if client is host else 302)
        answer = client.post(
            f"/admin/passkey{path}", body, "application/json", headers={"host": "localhost"}
        )
        assert answer.status_code in (200, 302, 400, 403, 404, 422)
        if path.endswith("ed"):
            assert answer.status_code != 200
    assert not WebAuthnCredential.objects.exists()


@pytest.mark.parametrize("path", ["", "/used", "/add", "/added"])
def test_a_form_is_no_ceremony(host: Client, path: str) -> None:
    """The check against forged requests has read it, and a body is read once."""
    factories.show()
    for client in (host, Client(enforce_csrf_checks=True)):
        begin(client, "/admin/passkey")
        client.cookies["csrftoken"] = token = "a" * 32
        data = {"csrfmiddlewaretoken": token, "x": "y"}
        answer = client.post(f"/admin/passkey{path}", data, headers={"host": "localhost"})
        assert answer.status_code in (200, 302, 400, 403, 404, 422)
