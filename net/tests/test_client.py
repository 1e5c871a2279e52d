"""The guarded client, against real servers."""

import gzip
import io
import socket
import ssl
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.addresses import Refused, origin
from net.client import Failed, FetchError, Limits, TooLarge, get, head, post, save
from net.tests.certificates import own_certificate
from net.tests.servers import send, server

REAL_GETADDRINFO = socket.getaddrinfo
QUICK = Limits(bytes=1000, seconds=1)


def hello(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"hello", Content_Type="text/plain; charset=utf-8")


def allow(url: str) -> frozenset[str]:
    return frozenset([origin(url)])


def redirect_to(target: str, status: int = 302):
    return lambda handler: send(handler, status=status, Location=target)


def test_an_answer_has_status_headers_and_body():
    with server(hello) as url:
        answer = get(f"{url}/a", allowed=allow(url))
    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (answer.url, answer.peer) == (f"{url}/a", "127.0.0.1")


def test_it_says_who_asks_and_brings_no_cookies():
    asked = []

    def answering(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers)
        if handler.path == "/":
            send(handler, status=302, Location="/b", Set_Cookie="a=b")
        else:
            hello(handler)

    with server(answering) as url:
        assert get(url, allowed=allow(url)).url == f"{url}/b"
    assert len(asked) == 2
    assert all(headers["User-Agent"].startswith("podcast-catalogue/") for headers in asked)
    assert not any("Cookie" in headers for headers in asked)


def test_a_post_sends_its_body_and_follows_no_redirect():
    received = []

    def answering(handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"])
        received.append((handler.headers["Content-Type"], handler.rfile.read(length)))
        send(handler, status=303, Location="/elsewhere")

    with server(answering) as url:
        answer = post(url, b"a=1", "application/x-www-form-urlencoded", allowed=allow(url))
    assert answer.status == 303
    assert received == [("application/x-www-form-urlencoded", b"a=1")]


def test_a_path_is_sent_encoded():
    paths = []

    def answering(handler: BaseHTTPRequestHandler) -> None:
        paths.append(handler.path)
        hello(handler)

    with server(answering) as url:
        get(f"{url}/a b/é%20c?q=ö&r=%2F", allowed=allow(url))
    assert paths == ["/a%20b/%C3%A9%20c?q=%C3%B6&r=%2F"]


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 localhost 127.1 2130706433 0x7f000001 017700000001 0 0.0.0.0 [::1] "
    "[::ffff:127.0.0.1] 127.0.0.1.".split(),
)
def test_this_machine_is_never_asked_under_any_spelling(host: str):
    asked = []
    with server(lambda handler: asked.append(handler.path)) as url:
        port = url.rpartition(":")[2]
        with pytest.raises((Refused, Failed)):
            get(f"http://{host}:{port}/", QUICK)
    assert asked == []


def test_another_port_of_an_allowed_host_is_refused():
    with (
        server(hello) as url,
        server(hello) as other,
        pytest.raises(Refused, match="private network"),
    ):
        get(other, allowed=allow(url))


def test_a_redirect_into_a_private_network_is_refused():
    asked = []
    with (
        server(lambda handler: asked.append(handler.path)) as inner,
        server(redirect_to(f"{inner}/secret")) as url,
        pytest.raises(Refused, match="private network"),
    ):
        get(url, allowed=allow(url))
    assert asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://a.example/", "http://[::1"])
def test_a_redirect_to_what_is_no_web_address_is_refused(target: str):
    with server(redirect_to(target)) as url, pytest.raises(Refused):
        get(url, allowed=allow(url))


def test_redirects_have_an_end():
    with (
        server(redirect_to("/again")) as url,
        pytest.raises(Failed, match="More than 5 redirects"),
    ):
        get(url, allowed=allow(url))


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(monkeypatch):
    """DNS rebinding: the second answer would be this machine."""
    answers = iter(["93.184.215.14", "127.0.0.1"])
    connected = []

    def resolving(host, port, **more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connecting(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError("not from a test")

    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    monkeypatch.setattr(socket, "create_connection", connecting)
    with pytest.raises(Failed, match="not from a test"):
        get("http://rebinding.example/")
    assert connected == [("93.184.215.14", 80)]


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch):
    def resolving(host, port, **more):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("93.184.215.14", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        get("http://both.example/")


def test_more_bytes_than_allowed_are_not_read():
    with (
        server(lambda handler: send(handler, b"x" * 1001)) as url,
        pytest.raises(TooLarge, match="More than 1,000 bytes"),
    ):
        get(url, QUICK, allow(url))


def test_a_packed_answer_is_counted_unpacked():
    bomb = gzip.compress(b"0" * 10_000_000)

    def answering(handler: BaseHTTPRequestHandler) -> None:
        body = bomb if handler.path == "/bomb" else gzip.compress(b"hello")
        send(handler, body, Content_Encoding="gzip")

    with server(answering) as url:
        assert get(url, QUICK, allow(url)).body == b"hello"
        with pytest.raises(TooLarge):
            get(f"{url}/bomb", Limits(bytes=1_000_000), allow(url))


def test_bytes_that_are_not_packed_as_said():
    with (
        server(lambda handler: send(handler, b"no gzip", Content_Encoding="gzip")) as url,
        pytest.raises(Failed, match="No answer"),
    ):
        get(url, allowed=allow(url))


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_sender_of_a_byte_now_and_then_is_cut_off(where: str):
    ended = []

    def answering(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            send(handler, Content_Length="100")
        for _ in range(99):
            handler.wfile.write(b"H")
            time.sleep(0.1)
        ended.append(handler)

    with server(answering) as url:
        with pytest.raises(Failed, match="Took longer than 1 seconds"):
            get(url, QUICK, allow(url))
        assert not ended


def test_an_answer_that_ends_early():
    def answering(handler: BaseHTTPRequestHandler) -> None:
        send(handler, b"half", Content_Length="8")
        handler.close_connection = True

    with server(answering) as url, pytest.raises(Failed, match="ended early"):
        get(url, allowed=allow(url))


def test_a_status_of_failure_is_an_error_that_names_it():
    with (
        server(lambda handler: send(handler, b"gone", 410)) as url,
        pytest.raises(Failed, match="Answered 410 Gone") as failure,
    ):
        get(url, allowed=allow(url))
    assert failure.value.status == 410


def test_nobody_listening():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(Failed, match="No answer: connection refused."):
            get(url, allowed=allow(url))


def test_a_name_that_nobody_has():
    with pytest.raises(Failed, match="No answer: its name could not be looked up."):
        get("http://nobody.invalid/")


def test_a_large_answer_goes_to_a_file():
    file = io.BytesIO()
    with server(lambda handler: send(handler, b"x" * 300_000)) as url:
        answer = save(url, file, Limits(bytes=300_000), allow(url))
    assert (len(file.getvalue()), answer.body) == (300_000, b"")


def test_https_needs_a_certificate_that_is_trusted(tmp_path: Path, monkeypatch):
    certificate = own_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with server(hello, tls) as url:
        with pytest.raises(Failed, match="certificate verify failed"):
            get(url, allowed=allow(url))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert get(url, allowed=allow(url)).body == b"hello"


def test_a_server_silent_in_the_handshake_is_cut_off():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Failed, match="Took longer"):
            get(url, QUICK, allow(url))


def numbers_only(host, port, **more):
    return REAL_GETADDRINFO(host, port, flags=socket.AI_NUMERICHOST, **more)


@given(st.text(max_size=40))
def test_no_address_raises_anything_but_the_clients_own_errors(text: str):
    with patch("socket.getaddrinfo", numbers_only):  # no name leaves this machine
        for url in (text, f"http://{text}", f"http://127.0.0.1:1/{text}", f"https://[{text}]/"):
            with pytest.raises(FetchError):
                get(url, Limits(seconds=0))


def test_a_head_follows_redirects_and_reads_no_body():
    def answering(handler: BaseHTTPRequestHandler) -> None:
        assert handler.command == "HEAD"
        if handler.path == "/":
            return send(handler, status=301, Location="/b")
        # What a GET would get: packed, and longer than the limit.
        return send(handler, Content_Encoding="gzip", Content_Length="5000")

    with server(answering) as url:
        answer = head(url, QUICK, allowed=allow(url), headers={"User-Agent": "me"})
    assert (answer.url, answer.status, answer.body) == (f"{url}/b", 200, b"")
