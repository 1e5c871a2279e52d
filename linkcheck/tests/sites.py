"""A site whose links are checked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from linkcheck.check import LinkChecker
from net.tests.servers import send, server

Answering = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def site(answers: dict[str, int | Answering]) -> Iterator[tuple[str, LinkChecker, list[str]]]:
    """A server by path: a status or a function. Yields its origin, a checker, the requests."""
    requests: list[str] = []

    def answering(handler: BaseHTTPRequestHandler) -> None:
        requests.append(f"{handler.command} {handler.path}")
        answer = answers.get(handler.path, 404)
        if callable(answer):
            answer(handler)
        else:
            send(handler, b"body", answer)

    with server(answering) as origin:
        yield origin, LinkChecker(pause=0, allowed=frozenset({origin})), requests
