"""Caddy, nginx and the site as on Debian: whom limits and counts take for a visitor."""

import http.client
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from episodes.tests.factories import episode, show
from ops.doctor.visitors import visitors
from tests.nginx_harness import Deployment, free_port, wait_for
from tests.production import (
    MACHINE,
    REQUIRED,
    ROOT,
    behind_nginx,
    database_url,
    eventually,
    listens,
)

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]
HOST = "podcast.example.org"
FORMER = "www.podcast.example.org"
# Where requests come from: a CDN's machines, and the world.
CDN, CDN_TOO, STRANGER = "127.1.0.7", "127.1.0.8", "127.2.0.9"
CDN_RANGES = "127.1.0.0/24 2001:db8::/32"
SEARCHES = 25  # more than nginx lets a visitor ask at once


@pytest.fixture
def caddy(collected: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Caddy"]:
    program = shutil.which("caddy") or pytest.skip("caddy isn't here")
    show()
    episode("One", 1)
    folder = tmp_path_factory.mktemp("site")
    env = behind_nginx(database_url(), collected, folder)
    env |= {"TRUST_PROXY": "1", "SITE_URL": f"http://{HOST}", "FORMER_DOMAINS": FORMER}
    with Deployment(folder / "nginx", env, search_rate=1, trusted_proxies=CDN_RANGES) as deployment:
        eventually(lambda: listens(deployment))
        caddy = Caddy(deployment, free_port())
        (folder / "Caddyfile").write_text(caddy.caddyfile())
        process = subprocess.Popen(
            [program, "run", "--adapter=caddyfile", f"--config={folder}/Caddyfile"],
            env=MACHINE | {"HOME": str(folder)}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(caddy.port)
            yield caddy
        finally:
            process.terminate()
            process.wait(timeout=60)


class Caddy:
    def __init__(self, deployment: Deployment, port: int) -> None:
        self.deployment, self.port = deployment, port

    def caddyfile(self) -> str:
        """Debian's, without TLS, with the CDN as docs/deploy.md says, and with a former domain."""
        text = (ROOT / "deploy/systemd/Caddyfile").read_text()
        proxy = f"127.0.0.1:{self.deployment.port} {{\n\t\ttrusted_proxies {CDN_RANGES}\n"
        text = text.replace("127.0.0.1:8080 {\n", proxy)
        text = text.replace("\n#www.", "\nwww.").replace("\n#\t", "\n\t").replace("\n#}", "\n}")
        text = text.replace("https://podcast.example{uri}", f"http://{HOST}{{uri}}")
        former = f"\nhttp://{FORMER}:{self.port} {{"
        text = text.replace("\nwww.podcast.example former.example {", former)
        return text.replace("\npodcast.example {", f"\nhttp://{HOST}:{self.port} {{")

    def get(self, path: str, source: str, host: str = HOST, **headers: str) -> "Answer":
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
        )
        with closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": host} | named)
            response = connection.getresponse()
            response.read()
            return Answer(response.status, response.getheader("Location", ""))

    def search(self, source: str, **headers: str) -> list[int]:
        paths = (f"/search?q=word{number}" for number in range(SEARCHES))
        return [self.get(path, source, **headers).status for path in paths]

    def listeners(self) -> list[str]:
        """The addresses of nginx's log, from which downloads are counted."""
        lines = (self.deployment.folder / "access.log").read_text().splitlines()
        return [address for line in lines if (address := json.loads(line)["address"])]


class Answer:
    def __init__(self, status: int, location: str) -> None:
        self.status, self.location = status, location


def test_visitors_behind_a_trusted_proxy_are_told_apart(caddy: Caddy):
    ann, ben = "203.0.113.1", "203.0.113.2"
    assert 429 in caddy.search(CDN, X_Forwarded_For=ann)
    assert caddy.get("/search?q=b", CDN, X_Forwarded_For=ben).status == 200
    # Another machine of the CDN, and what Ann herself claims, change nothing.
    assert caddy.get("/search?q=c", CDN_TOO, X_Forwarded_For=f"{ben}, {ann}").status == 429
    for address in (ann, ben):
        caddy.get("/audio/1.mp3", CDN, X_Forwarded_For=address)
    eventually(lambda: caddy.listeners() == [ann, ben])


def test_a_stranger_can_claim_to_be_nobody_else(caddy: Caddy):
    claims = [f"198.51.100.{number}" for number in range(SEARCHES)]
    found = [
        caddy.get(f"/search?q=word{number}", STRANGER, X_Forwarded_For=claim).status
        for number, claim in enumerate(claims)
    ]
    assert 429 in found
    caddy.get("/audio/1.mp3", STRANGER, X_Forwarded_For=claims[0])
    eventually(lambda: caddy.listeners() == [STRANGER])


def test_a_former_domain_redirects_although_nginx_has_the_page(caddy: Caddy):
    path = "/podcast/1-one?t=60&x=a%20b"
    assert caddy.get(path, STRANGER).status == 200
    answer = caddy.get(path, STRANGER, host=FORMER)
    assert (answer.status, answer.location) == (301, f"http://{HOST}{path}")


class Front(BaseHTTPRequestHandler):
    """A CDN, a load balancer, or nobody: passes requests on, with headers of its own."""

    port = 0
    source = STRANGER
    adds: dict[str, str] = {}

    def do_GET(self) -> None:
        upstream = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(self.source, 0)
        )
        with closing(upstream):
            headers = {"X-Doctor": self.headers["X-Doctor"], "Host": HOST}
            upstream.request("GET", self.path, headers=headers | self.adds)
            answer = upstream.getresponse()
            answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower().startswith("x-"):
                    self.send_header(name, value)
            self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


ANN = "203.0.113.1"
CLOUDFLARE = {"CF-Connecting-IP": ANN, "X-Forwarded-For": ANN}
ANOTHER = {"Via": "1.1 varnish", "X-Forwarded-For": ANN}


def test_the_doctor_knows_a_proxy_that_is_not_trusted(caddy: Caddy, settings):
    settings.SECRET_KEY = REQUIRED["SECRET_KEY"]
    nginx, site = caddy.deployment.port, caddy.deployment.site_ports[0]
    with HTTPServer(("127.0.0.1", 0), Front) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"

        def shown(port: int, source: str, adds: dict[str, str]) -> str:
            Front.port, Front.source, Front.adds = port, source, adds
            (line,) = visitors()
            return line.text if line.remedy else ""

        for port in (caddy.port, nginx, site):
            assert shown(port, STRANGER, {}) == ""
        for adds in (CLOUDFLARE, ANOTHER):
            assert shown(caddy.port, CDN, adds) == ""
        # Caddy trusts them not.
        assert "as CF-Connecting-IP shows" in shown(caddy.port, STRANGER, CLOUDFLARE)
        assert f"count as {STRANGER}, a proxy" in shown(caddy.port, STRANGER, ANOTHER)
        server.shutdown()
