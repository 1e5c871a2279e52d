"""HTTP client for untrusted URLs: within limits, and never into a private network.

The connection goes to the very IP address that was checked, so DNS rebinding gains nothing. Every
redirect is checked anew. There are no cookies and no proxies.
"""

import http.client
import io
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import BinaryIO
from urllib.parse import quote, urljoin, urlsplit

from net.addresses import PORTS, Refused, is_public, origin, printable, resolve

USER_AGENT = "podcast-catalogue/1.0 (podcast catalogue; one request at a time)"
BLOCK = 64 * 1024
MOST_REDIRECTS = 5
FOLLOWING = {"GET", "HEAD"}
REDIRECTS = {301, 302, 303, 307, 308}
# Characters that a URL may contain unencoded; all others are percent-encoded.
SAFE = "!#$%&'()*+,/:;=?@[]~"


class TooLarge(ValueError):
    """The answer has more bytes than the caller takes."""


class Failed(OSError):
    """There was no answer to use, and why; `status` is the HTTP status where there was one."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(printable(reason))
        self.status = status


FetchError = (Refused, TooLarge, Failed)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an answer may take: bytes (unpacked), and seconds from first to last."""

    bytes: int = 10 * 1024 * 1024
    seconds: float = 30


@dataclass(frozen=True, slots=True)
class FetchedResponse:
    """What an address answered; `url` is where redirects led, `peer` the IP address there."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    peer: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Request:
    """What to send, but for the address. Only GET and HEAD follow redirects."""

    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True  # else what is longer than the limit is cut, and no error


def get(
    url: str,
    limits: Limits = Limits(),
    allowed: frozenset[str] = frozenset(),
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
) -> FetchedResponse:
    """A GET's response. Raises Refused, TooLarge, or Failed, also for a status of 400 and more.

    `allowed` are origins (`net.addresses.origin`) that may be in a private network.
    """
    return _collected(url, Request(method, headers=headers or {}), limits, allowed)


head = partial(get, method="HEAD")  # servers exist that answer only to a GET


def post(
    url: str,
    body: bytes,
    content_type: str,
    limits: Limits = Limits(),
    allowed: frozenset[str] = frozenset(),
) -> FetchedResponse:
    """The answer to a POST; a redirect is not followed but answered. Raises as `get` does."""
    request = Request("POST", body, {"Content-Type": content_type})
    return _collected(url, request, limits, allowed)


def save(
    url: str, file: BinaryIO, limits: Limits = Limits(), allowed: frozenset[str] = frozenset()
) -> FetchedResponse:
    """Like `get`, with the body written to a file: for answers that memory shouldn't hold."""
    return _followed(url, Request(), limits, allowed, file)


def part(
    url: str, positions: range, seconds: float = 10, allowed: frozenset[str] = frozenset()
) -> FetchedResponse:
    """The bytes at these positions (206) or from the beginning (200). Raises as `get` does."""
    asked = f"bytes={positions.start}-{positions.stop - 1}"
    request = Request(headers={"Range": asked, "Accept-Encoding": "identity"}, whole=False)
    return _collected(url, request, Limits(len(positions), seconds), allowed)


def _collected(
    url: str, request: Request, limits: Limits, allowed: frozenset[str]
) -> FetchedResponse:
    body = io.BytesIO()
    answer = _followed(url, request, limits, allowed, body)
    return replace(answer, body=body.getvalue())


def _followed(
    url: str, request: Request, limits: Limits, allowed: frozenset[str], file: BinaryIO
) -> FetchedResponse:
    deadline = time.monotonic() + limits.seconds
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(url, request, limits, deadline, allowed, file)
        target = answer.headers.get("location")
        if answer.status not in REDIRECTS or not target or request.method not in FOLLOWING:
            return answer
        url = _joined(url, target)
    raise Failed(f"More than {MOST_REDIRECTS} redirects; the last led to {url[:200]}.")


def _joined(url: str, target: str) -> str:
    # http.client reads headers as Latin-1; addresses in them are ASCII or, in practice, UTF-8.
    target = target.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return urljoin(url, target)
    except ValueError as wrong:
        raise Refused(f"Redirects to “{target[:200]}”, which isn't a web address.") from wrong


def _ask(
    url: str,
    request: Request,
    limits: Limits,
    deadline: float,
    allowed: frozenset[str],
    file: BinaryIO,
) -> FetchedResponse:
    """One request and its answer; the body is written only where it is the last one."""
    origin(url)  # refuses what isn't a web address
    try:
        with _connected(url, deadline, allowed) as sock:
            peer = str(sock.getpeername()[0])
            response = _sent(sock, url, request)
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = FetchedResponse(url, response.status, headers, peer)
            if answer.status >= 400:
                message = f"Answered {answer.status} {response.reason}".rstrip() + "."
                raise Failed(message, answer.status)
            if answer.status not in REDIRECTS and request.method != "HEAD":
                _write(response, limits.bytes, file, request.whole)
    except FetchError:
        raise
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as wrong:
        if time.monotonic() >= deadline:
            raise Failed(f"Took longer than {limits.seconds:g} seconds.") from wrong
        raise Failed(f"No answer: {_reason(wrong)}.") from wrong
    return answer


def _reason(wrong: Exception) -> str:
    """Why there is no answer, without the system's error numbers."""
    match wrong:
        case socket.gaierror():
            return "its name could not be looked up"
        case ssl.SSLCertVerificationError():
            return f"certificate verify failed: {wrong.verify_message}"
        case OSError(strerror=str(text)) if text:
            return text[:1].lower() + text[1:]
    return str(wrong) or type(wrong).__name__


@contextmanager
def _connected(url: str, deadline: float, allowed: frozenset[str]) -> Iterator[socket.socket]:
    """A connection to one of the host's IP addresses, closed at the deadline."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    addresses = resolve(host, port)
    if origin(url) not in allowed and not all(map(is_public, addresses)):
        raise Refused(f"{host} is in a private network ({', '.join(addresses)}); not requested.")
    sock = _first_that_answers(addresses, port, deadline)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    # A timeout counts from one byte to the next: a slow sender would keep us for hours.
    timer = threading.Timer(max(0, deadline - time.monotonic()), _cut, [sock])
    timer.daemon = True
    timer.start()
    with closing(sock):
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            yield sock
        finally:
            timer.cancel()


def _first_that_answers(addresses: list[str], port: int, deadline: float) -> socket.socket:
    failure = OSError("the host name has no IP address")
    for address in addresses:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((address, port), timeout=remaining)
        except OSError as wrong:
            failure = wrong
    raise failure


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        # Not the method of an SSLSocket, which would take its state away from a reader.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _sent(sock: socket.socket, url: str, request: Request) -> http.client.HTTPResponse:
    parts, is_secure = urlsplit(url), isinstance(sock, ssl.SSLSocket)
    kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port)
    connection.sock = sock
    target = quote((parts.path or "/") + (parts.query and f"?{parts.query}"), safe=SAFE)
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
    connection.request(request.method, target, request.body, headers | dict(request.headers))
    return connection.getresponse()


def _write(response: http.client.HTTPResponse, most: int, file: BinaryIO, whole: bool) -> None:
    """Write the body, unpacked. More bytes than `most`: raise TooLarge if it must be whole."""
    packed = response.getheader("Content-Encoding", "").lower() in ("gzip", "x-gzip", "deflate")
    unpacker = zlib.decompressobj(wbits=47) if packed else None  # 47: gzip or zlib, as it comes
    left = most
    while block := response.read(BLOCK):
        if unpacker:
            block = unpacker.decompress(block, left + 1)
        left -= len(block)
        if left < 0:
            if whole:
                raise TooLarge(f"More than {most:,} bytes.")
            return
        file.write(block)
    if response.length or (unpacker and not unpacker.eof):
        raise http.client.HTTPException("it ended early")
