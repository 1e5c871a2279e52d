"""What guests send through links of their own, behind nginx: a photo, and nothing larger."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.models import PreviewLink
from episodes.tests import factories
from guests.models import Guest
from podcast import bodies
from tests.nginx_harness import Deployment
from tests.test_limits import deployment, opened, post, spooled

__all__ = ["deployment"]  # a fixture
pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]
MEGABYTE = 1_000_000


def link_of(name: str, days: float = 1) -> str:
    """The address to which the guest's form is sent."""
    draft = factories.episode(f"With {name}", None, status="draft", guests=[name])
    until = timezone.now() + timedelta(days)
    guest = Guest.objects.get(name=name)
    link = PreviewLink.objects.create(episode=draft, guest=guest, expires_at=until)
    return f"{link.get_absolute_url()}/send"


def answer_to(deployment: Deployment, path: str, length: int) -> bytes:
    """The response to a body that is announced and never sent."""
    with socket.create_connection(("127.0.0.1", deployment.port), 60) as connection:
        lines = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(lines.encode())
        return connection.recv(4000)


def test_a_photo_passes_and_what_is_larger_is_refused_unread(deployment: Deployment) -> None:
    anna, ended = link_of("Anna"), link_of("Bob", days=-1)
    assert post(deployment, anna, bytes(1000)) == 403  # CSRF: it was read
    assert post(deployment, anna, bytes(9 * MEGABYTE)) == 403
    for path, length in (
        (anna, 60 * MEGABYTE), (ended, 2 * MEGABYTE), (f"/preview/{'x' * 32}/send", 2 * MEGABYTE),
    ):  # fmt: skip
        answer = answer_to(deployment, path, length)
        assert answer.startswith(b"HTTP/1.1 413"), path
        assert b"at most 10 MB" in answer, path
    assert spooled(deployment) == 0
    assert post(deployment, ended, bytes(1000)) == 403
    assert post(deployment, anna.replace("/send", "/page"), bytes(1000)) == 405
    assert post(deployment, f"{anna}/../../../admin/x", bytes(2 * MEGABYTE)) == 413
    log = "".join(path.read_text() for path in deployment.folder.rglob("*.log"))
    assert anna.split("/")[2] not in log


def test_one_guest_takes_one_place_of_large_bodies(deployment: Deployment) -> None:
    anna, bob = link_of("Anna"), link_of("Bob")
    large = bytes(bodies.SMALL + 1)
    with opened(deployment, f"POST {anna}", 3):
        assert post(deployment, anna, large) == 503
        assert post(deployment, bob, large) == 403  # CSRF: it was read
