import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from podcast.middleware import head_without_body


@pytest.mark.parametrize(("method", "body"), [("get", b"words"), ("head", b"")])
def test_head_has_gets_length_and_no_body(method: str, body: bytes):
    handle = head_without_body(lambda request: HttpResponse("words"))
    response = handle(getattr(RequestFactory(), method)("/"))
    assert response.content == body
    if method == "head":
        assert response["Content-Length"] == "5"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/?q=%00", "/%00", "/podcast/?stack=%00"])
def test_nul_bytes_are_refused(client, address: str):
    assert client.get(address).status_code == 400


@pytest.mark.django_db
def test_every_answer_forbids_camera_and_place(client):
    assert "camera=()" in client.get("/")["Permissions-Policy"]
