import pytest
from django.test import Client, RequestFactory

from podcast.wsgi import application

pytestmark = pytest.mark.django_db


def test_head_has_gets_headers_and_sends_no_byte_to_the_server():
    sent = {}
    environ = RequestFactory().head("/podcast/feed.xml").environ
    body = b"".join(application(environ, lambda status, headers: sent.update(headers)))
    full = Client().get("/podcast/feed.xml")
    assert body == b""
    assert sent["Content-Length"] == str(len(full.content))
    assert sent["ETag"] == full["ETag"]


@pytest.mark.parametrize("address", ["/?q=%00", "/%00", "/podcast/?stack=%00"])
def test_nul_bytes_are_refused(client, address: str):
    assert client.get(address).status_code == 400


def test_every_answer_forbids_camera_and_place(client):
    assert "camera=()" in client.get("/")["Permissions-Policy"]
