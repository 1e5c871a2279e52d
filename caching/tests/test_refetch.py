"""The order in which pages are fetched after an edit."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from caching.nginx import refetch
from caching.nginx.cache_files import CachedPage
from caching.nginx.refetch import Refetcher
from net.tests.servers import send, server

EDITED = "/podcast/1-edited"


class RefreshPort:
    """An nginx whose edited page takes until another one is requested, or `patience` seconds."""

    def __init__(self) -> None:
        self.patience = 0.1
        self.requested: list[str] = []
        self.another = threading.Event()
        self.another_came_meanwhile = False

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requested.append(handler.path)
        if handler.path == EDITED:
            self.another_came_meanwhile = self.another.wait(self.patience)
        else:
            self.another.set()
        send(handler)


@pytest.fixture
def nginx() -> RefreshPort:
    return RefreshPort()


@pytest.fixture
def both(nginx: RefreshPort) -> Iterator[tuple[Refetcher, Refetcher]]:
    """One for edited pages, and one behind it."""
    with server(nginx.answer) as address:
        refresher = Refetcher(address, "example.org")
        yield refresher, Refetcher(address, "example.org", behind=refresher)


def page(path: str, file: Path) -> CachedPage:
    return CachedPage(file, path, None)


def test_edited_pages_are_fetched_first(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    nginx: RefreshPort,
    both: tuple[Refetcher, Refetcher],
):
    monkeypatch.setattr(refetch, "PRIORITY_SECONDS", 60)
    there = tmp_path / "there"
    there.touch()
    refresher, refetcher = both
    refresher.fetch([page(EDITED, tmp_path)])
    refetcher.fetch([page("/", there), page("/podcast/", tmp_path / "purged")])
    refetcher.wait(seconds=60)
    assert nginx.requested == [EDITED, "/podcast/"]  # a visitor has brought back the home page
    assert not nginx.another_came_meanwhile


def test_a_slow_page_does_not_delay_others(
    tmp_path: Path, nginx: RefreshPort, both: tuple[Refetcher, Refetcher]
):
    nginx.patience = 60
    refresher, refetcher = both
    refresher.fetch([page(EDITED, tmp_path)])
    refetcher.fetch([page("/", tmp_path / "purged")])
    refresher.wait(seconds=60)
    assert nginx.another_came_meanwhile
