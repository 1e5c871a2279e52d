"""Errors that a process with the real settings sends to a local Sentry."""

import gzip
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest

FAILING_SITE = """
import os, sys, time, types
import sentry_sdk
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

def search(request):
    typed = request.GET["q"]
    raise RuntimeError(f"the index is gone after {len(typed)} letters")

def slow(request):
    time.sleep(float(request.GET["q"]))
    return HttpResponse("done")

urls = types.ModuleType("urls")
urls.urlpatterns = [path("search", search), path("slow", slow), path("preview/<token>", search)]
sys.modules["urls"] = urls
settings.ROOT_URLCONF = "urls"
application = get_wsgi_application()
headers = {"referer": "https://example.org/page-before", "cookie": "sessionid=cookie-value"}
host = {"HTTP_HOST": os.environ["HOST_HEADER"]} if "HOST_HEADER" in os.environ else {}
request = RequestFactory().get(
    os.environ["ASKED"], headers=headers, REMOTE_ADDR="203.0.113.7", **host)
answer = application(request.environ, lambda status, headers: print(status))
b"".join(answer), answer.close()
sentry_sdk.flush(5)
"""

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


class Receiver(BaseHTTPRequestHandler):
    """Sentry's envelope endpoint, as far as the client needs it."""

    received: list[bytes] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(UNPACK[self.headers["Content-Encoding"]](body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def sentry():
    Receiver.received = []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def run(
    address: str = "/search?q=my-illness", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FAILING_SITE],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "podcast.settings", "ASKED": address}
        | environment,
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip


def items() -> list[Any]:
    return [json.loads(line) for body in Receiver.received for line in body.splitlines()]


def transactions() -> list[str]:
    return [item["transaction"] for item in items() if "start_timestamp" in item]


def test_errors_are_anonymised(sentry: HTTPServer):
    dsn = f"http://public@127.0.0.1:{sentry.server_port}/1"
    ran = run(SENTRY_DSN=dsn, RELEASE="test-7", SENTRY_TRACES_SAMPLE_RATE="1.0")

    assert ran.stdout.strip() == "500 Internal Server Error"
    sent = b"\n".join(Receiver.received).decode()
    event = next(item for item in items() if "exception" in item)
    assert event["exception"]["values"][0]["value"] == "the index is gone after 10 letters"
    assert event["release"] == "test-7"
    assert event["request"] == {"url": "http://testserver/search", "method": "GET"}
    assert re.fullmatch(r"[0-9a-f]{32}", event["tags"]["request_id"])
    assert transactions() == ["/search"]
    for personal in ("my-illness", "cookie-value", "203.0.113.7", "page-before", '"vars"'):
        assert personal not in sent


def test_secret_addresses_are_masked(sentry: HTTPServer):
    dsn = f"http://public@127.0.0.1:{sentry.server_port}/1"
    run("/preview/s3cr3t?q=x", SENTRY_DSN=dsn, SENTRY_TRACES_SAMPLE_RATE="1.0")
    assert next(item for item in items() if "exception" in item)["request"]["url"].endswith("/…")
    assert b"s3cr3t" not in b"".join(Receiver.received)


@pytest.mark.slow
def test_slow_requests_are_traced_and_others_by_chance(sentry: HTTPServer):
    dsn = f"http://public@127.0.0.1:{sentry.server_port}/1"
    run("/slow?q=0.4", SENTRY_DSN=dsn, SENTRY_SLOW_SECONDS="0.3", RELEASE="test-8")
    run("/slow?q=0", SENTRY_DSN=dsn, SENTRY_SLOW_SECONDS="30")
    run("/slow?q=0.4", SENTRY_DSN=dsn, SENTRY_SLOW_SECONDS="0")
    assert transactions() == ["/slow"]
    timed = next(item for item in items() if "start_timestamp" in item)
    assert timed["release"] == "test-8"
    assert timed["request"] == {"url": "http://testserver/slow", "method": "GET"}
    assert re.fullmatch(r"[0-9a-f]{32}", timed["tags"]["request_id"])
    for personal in ("q=0.4", "cookie-value", "203.0.113.7", "page-before"):
        assert personal not in json.dumps(timed)
    run("/slow?q=0", SENTRY_DSN=dsn, SENTRY_TRACES_SAMPLE_RATE="1")
    assert transactions() == ["/slow", "/slow"]


def test_without_a_dsn_nothing_is_sent(sentry: HTTPServer):
    assert run(SENTRY_DSN="").stdout.strip() == "500 Internal Server Error"
    assert Receiver.received == []


def test_a_foreign_host_costs_nothing(sentry: HTTPServer):
    dsn = f"http://public@127.0.0.1:{sentry.server_port}/1"
    given = {"SENTRY_DSN": dsn, "SENTRY_TRACES_SAMPLE_RATE": "1", "ALLOWED_HOSTS": "testserver"}
    assert run("/slow?q=0", HOST_HEADER="192.0.2.7:8000", **given).stdout.startswith("400")
    assert {item["type"] for item in items() if "type" in item} <= {"client_report", "sessions"}
    run("/slow?q=0", HOST_HEADER="testserver:80", **given)
    assert transactions() == ["/slow"]
