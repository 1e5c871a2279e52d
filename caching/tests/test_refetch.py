"""What is asked for first when an edit outdates many pages."""

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


class Door:
    """A front whose edited page takes until another was asked for, or `patience` seconds."""

    def __init__(self) -> None:
        self.patience = 0.1
        self.asked: list[str] = []
        self.another = threading.Event()
        self.another_came_meanwhile = False

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        if handler.path == EDITED:
            self.another_came_meanwhile = self.another.wait(self.patience)
        else:
            self.another.set()
        send(handler)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def both(door: Door) -> Iterator[tuple[Refetcher, Refetcher]]:
    """One for edited pages, and the one behind it."""
    with server(door.answer) as address:
        renewer = Refetcher(address, "example.org")
        yield renewer, Refetcher(address, "example.org", behind=renewer)


def page(path: str, file: Path) -> CachedPage:
    return CachedPage(file, path, None)


def test_an_edited_page_is_made_before_others_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: Door, both: tuple[Refetcher, Refetcher]
):
    monkeypatch.setattr(refetch, "BEHIND_SECONDS", 60)
    there = tmp_path / "there"
    there.touch()
    renewer, refetcher = both
    renewer.fetch([page(EDITED, tmp_path)])
    refetcher.fetch([page("/", there), page("/podcast/", tmp_path / "dropped")])
    refetcher.wait(seconds=60)
    assert door.asked == [EDITED, "/podcast/"]  # the home page a visitor had brought back
    assert not door.another_came_meanwhile


def test_what_takes_long_holds_up_no_others(
    tmp_path: Path, door: Door, both: tuple[Refetcher, Refetcher]
):
    door.patience = 60
    renewer, refetcher = both
    renewer.fetch([page(EDITED, tmp_path)])
    refetcher.fetch([page("/", tmp_path / "dropped")])
    renewer.wait(seconds=60)
    assert door.another_came_meanwhile
