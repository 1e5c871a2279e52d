"""Where passkeys are possible, and what their addresses refuse."""

from typing import Any

import pytest
from django.test import Client
from django_otp_webauthn.models import WebAuthnCredential

from accounts.passkeys import passkey_host
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


@pytest.mark.parametrize("path", ["", "/used", "/add", "/added"])
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"1", b"x", b"\xff", b"[" * 100_000, b'{"id": 1}', b'{"id": "\\u0000"}',
     b'{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "!",'
     b' "authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}}'],
)  # fmt: skip
def test_odd_bodies_are_refused(host: Client, path: str, body: bytes) -> None:
    factories.show()
    for client in (host, Client()):
        for begin in ("/admin/passkey", "/admin/passkey/add"):
            client.post(begin, headers={"host": "localhost"})
        answer = client.post(
            f"/admin/passkey{path}", body, "application/json", headers={"host": "localhost"}
        )
        assert answer.status_code in (200, 302, 400, 403, 404, 422)
        if path.endswith("ed"):
            assert answer.status_code != 200
    assert not WebAuthnCredential.objects.exists()
