"""One address is requested politely, and never in a private network."""

from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from linkcheck import check
from linkcheck.check import LinkChecker, Outcome
from linkcheck.models import Link
from linkcheck.tests.sites import site
from net.tests.servers import send


def only_get(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"here", 200 if handler.command == "GET" else 501)


def test_head_first_and_get_where_that_does_not_help() -> None:
    with site({"/": 200, "/get": only_get, "/gone": 410, "/members": 403}) as (
        origin,
        checker,
        requests,
    ):
        assert checker.check(f"{origin}/").status == 200
        assert checker.check(f"{origin}/get").status == 200
        gone = checker.check(f"{origin}/gone")
        members = checker.check(f"{origin}/members")
    assert (gone.failed, gone.is_gone, gone.reason) == (True, True, "Answered 410 Gone.")
    assert (members.failed, members.status) == (False, 403)
    # robots.txt once, each address by HEAD, and by GET only those that failed.
    assert requests == [
        "GET /robots.txt", "HEAD /", "HEAD /get", "GET /get", "HEAD /gone", "GET /gone",
        "HEAD /members", "GET /members",
    ]  # fmt: skip


def test_the_user_agent_names_this_site_and_robots_txt_is_obeyed(settings: Any) -> None:
    settings.SITE_URL = "https://podcast.example"
    agents = set()

    def robots(handler: BaseHTTPRequestHandler) -> None:
        agents.add(handler.headers["User-Agent"])
        send(handler, b"User-agent: *\nDisallow: /private\n")

    with site({"/robots.txt": robots, "/private": 200, "/": 200}) as (origin, checker, requests):
        assert checker.check(f"{origin}/").status == 200
        kept_out = checker.check(f"{origin}/private")
    assert agents == {
        "Mozilla/5.0 (compatible; podcast-catalogue-links/1.0; +https://podcast.example/)"
    }
    assert (kept_out.failed, kept_out.reason) == (False, check.DISALLOWED)
    assert "HEAD /private" not in requests


@pytest.mark.parametrize(
    "line", ["Crawl-delay: ²", "Request-rate: 1/²", "Disallow: http://[", "Disallow: /\x00"]
)
def test_a_robots_txt_that_nobody_can_read_forbids_nothing(line: str) -> None:
    def robots(handler: BaseHTTPRequestHandler) -> None:
        send(handler, f"User-agent: *\n{line}\n".encode())

    with site({"/robots.txt": robots, "/": 200}) as (origin, checker, _):
        assert checker.check(f"{origin}/").status == 200


@pytest.mark.django_db
def test_a_reason_with_control_characters_is_stored_without_them() -> None:
    def answering(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(404, "a\x00b\x1b[2J")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with site({"/": answering}) as (origin, checker, _):
        link = Link.objects.create(url=f"{origin}/")
        check.record(link, checker.check(link.url))
    link.refresh_from_db()
    assert link.reason == "Answered 404 a�b�[2J."


def test_private_addresses_are_never_requested() -> None:
    with site({"/": 200}) as (origin, _, requests):
        outcome = LinkChecker(pause=0).check(f"{origin}/")
    assert outcome.failed
    assert "private network" in outcome.reason
    assert requests == []


def test_redirects_are_followed_and_large_pages_are_not_read() -> None:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        send(handler, status=301, Location="/large")

    def large(handler: BaseHTTPRequestHandler) -> None:
        send(handler, b"x" * 1_000_000 if handler.command == "GET" else b"", 200)

    with site({"/moved": moved, "/large": large}) as (origin, checker, _):
        assert checker.check(f"{origin}/moved") == Outcome(200, final_url=f"{origin}/large")


def test_a_host_that_no_longer_exists() -> None:
    outcome = LinkChecker(pause=0).check("https://nowhere.invalid/")
    assert outcome.failed
    assert outcome.status is None
    assert outcome.reason.startswith("No answer")


def test_a_host_rests_between_two_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(check.time, "sleep", slept.append)
    with site({"/": 200}) as (origin, checker, requests):
        checker.pause = 3
        checker.check(f"{origin}/")
    assert len(requests) == 2  # robots.txt and the page
    assert slept[0] == 0
    assert 2.5 < slept[1] <= 3
