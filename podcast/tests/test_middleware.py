import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from podcast.middleware import http_semantics


@pytest.mark.parametrize(("method", "body"), [("get", b"words"), ("head", b"")])
def test_head_has_the_length_of_get_and_no_body(method: str, body: bytes):
    handle = http_semantics(lambda request: HttpResponse("words"))
    response = handle(getattr(RequestFactory(), method)("/"))
    assert response.content == body
    if method == "head":
        assert response["Content-Length"] == "5"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/?q=%00", "/%00", "/podcast/?stack=%00"])
def test_nul_bytes_are_refused(client, address: str):
    assert client.get(address).status_code == 400


@pytest.mark.django_db
def test_every_response_forbids_camera_and_location(client):
    assert "camera=()" in client.get("/")["Permissions-Policy"]
