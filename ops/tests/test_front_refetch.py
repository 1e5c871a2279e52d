"""What is asked for first when an edit outdates many pages."""

import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from net.tests.servers import send, server
from ops.front.kept import KeptPage
from ops.front.refetch import Refetcher

EDITED = "/podcast/1-edited"


def test_an_edited_page_is_made_before_others_are_asked_for(tmp_path: Path):
    asked: list[str] = []
    another = threading.Event()
    another_came_meanwhile = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        if handler.path == EDITED:
            another_came_meanwhile.append(another.wait(0.3))
        else:
            another.set()
        send(handler)

    with server(answer) as door:
        renewer = Refetcher(door, "example.org")
        refetcher = Refetcher(door, "example.org", behind=renewer)
        renewer.fetch([KeptPage(tmp_path, EDITED, None)])
        (tmp_path / "there").touch()
        there = KeptPage(tmp_path / "there", "/", None)
        refetcher.fetch([there, KeptPage(tmp_path / "dropped", "/podcast/", None)])
        refetcher.wait()
    assert asked == [EDITED, "/podcast/"]  # and not the home page, which a visitor had made
    assert another_came_meanwhile == [False]
