"""Files elsewhere, read in parts: against real servers that do and don't send parts."""

import io
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.addresses import Refused, origin
from net.client import Failed, part
from net.remote import BLOCK, MOST_REQUESTS, RemoteFile
from net.tests.servers import send, server

CONTENT = bytes(range(251)) * 4000
POSITIONS = re.compile(r"bytes=(\d+)-(\d+)")


class Parts:
    """Answers as servers of recordings do; `/moved` leads to the file, `/whole` knows no parts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.headers["Range"])
        found = POSITIONS.fullmatch(handler.headers["Range"])
        assert found
        if handler.path == "/moved":
            send(handler, status=302, Location="/file")
        elif handler.path == "/whole":
            send(handler, CONTENT)
        elif handler.path == "/gone":
            send(handler, status=404)
        else:
            first, last = int(found[1]), int(found[2])
            stated = f"bytes {first}-{last}/{len(CONTENT)}"
            send(handler, CONTENT[first : last + 1], 206, Content_Range=stated)


@pytest.fixture(scope="module")
def parts() -> Iterator[tuple[Parts, str]]:
    answering = Parts()
    with server(answering) as address:
        yield answering, address


def opened(parts: tuple[Parts, str], path: str = "/file") -> RemoteFile:
    address = parts[1] + path
    return RemoteFile(address, frozenset([origin(address)]))


def test_after_redirects_and_from_the_block_at_hand(parts: tuple[Parts, str]):
    parts[0].asked.clear()
    file = opened(parts, "/moved")
    assert file.size == len(CONTENT)
    assert [file.read(4), file.read(4), file.tell()] == [CONTENT[:4], CONTENT[4:8], 8]
    assert parts[0].asked == [f"bytes=0-{BLOCK - 1}"] * 2


@given(st.lists(st.tuples(st.integers(0, len(CONTENT) + 9), st.integers(-1, 3000)), max_size=6))
def test_reads_as_any_file_does(parts: tuple[Parts, str], places: list[tuple[int, int]]):
    file, same = opened(parts), io.BytesIO(CONTENT)
    for position, size in places:
        if size < 0:
            position = max(position, len(CONTENT) - 2 * BLOCK)
        file.seek(position)
        same.seek(position)
        assert file.read(size) == same.read(size)


def test_a_server_without_parts_is_left_alone(parts: tuple[Parts, str]):
    address = parts[1] + "/whole"
    answer = part(address, range(2 * BLOCK), allowed=frozenset([origin(address)]))
    assert (answer.status, answer.body) == (200, CONTENT[: 2 * BLOCK])
    with pytest.raises(Failed, match="does not send parts"):
        opened(parts, "/whole")


def test_what_isn_t_there_and_what_is_private(parts: tuple[Parts, str]):
    with pytest.raises(Failed, match="404"):
        opened(parts, "/gone")
    with pytest.raises(Refused, match="private network"):
        RemoteFile(parts[1] + "/file")


def test_reading_ends_some_time(parts: tuple[Parts, str]):
    file = opened(parts)
    with pytest.raises(Failed, match="too long"):
        for number in range(1, MOST_REQUESTS + 1):
            file.seek(number % 2 * 10 * BLOCK)
            file.read(1)
