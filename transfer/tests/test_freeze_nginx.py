"""A frozen copy, served by Debian's nginx, answers as the site did."""

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import feedparser
import pytest
from django.core.management import call_command

from episodes.models import Episode
from tests.crawl import OPENER, crawl
from tests.nginx_harness import NGINX, free_port
from tests.production import eventually
from transfer.tests.factories import frozen_catalogue

pytestmark = [pytest.mark.production, pytest.mark.django_db]

# One process that nobody else's configuration touches.
MAIN = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    include {frozen}/nginx.conf;
}}
"""


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: bytes


def get(url: str, **headers: str) -> Got:
    request = urllib.request.Request(url, headers=headers)
    try:
        with OPENER.open(request, timeout=60) as answer:
            return Got(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        return Got(error.code, dict(error.headers), error.read())


@pytest.fixture
def frozen(tmp_path: Path, settings) -> Iterator[str]:
    """The address of the copy, served."""
    if not os.access(NGINX, os.X_OK):
        pytest.skip("no nginx: apt-get install nginx-light")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "media.storages.HashedStaticFiles"}
    }
    frozen_catalogue()
    call_command("collectstatic", interactive=False, verbosity=0)
    address = f"127.0.0.1:{free_port()}"
    copy = tmp_path / "frozen"
    call_command("freeze", str(copy), listen=address, stdout=open(os.devnull, "w"))  # noqa: SIM115
    # The files alone must do.
    Episode.with_deleted.all().delete()
    shutil.rmtree(settings.STATIC_ROOT)
    folder = tmp_path / "nginx"
    folder.mkdir()
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, frozen=copy))
    with subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf")]) as nginx:
        try:
            wait_for(address, nginx)
            yield f"http://{address}"
        finally:
            nginx.terminate()


def wait_for(address: str, nginx: subprocess.Popen[bytes]) -> None:
    host, _, port = address.partition(":")

    def listens() -> bool:
        assert nginx.poll() is None, "nginx has stopped"
        with socket.socket() as client:
            return client.connect_ex((host, int(port))) == 0

    eventually(listens)


def test_a_frozen_copy_is_complete(frozen: str, settings, tmp_path: Path):
    """One test: freezing and serving takes seconds."""
    found = crawl(frozen, named=settings.SITE_URL)
    assert found.problems == []
    asked = {address.removeprefix(frozen) for address in found.answers}
    assert {"/podcast/page=2/", "/podcast/25-number-25", "/stack/flask", "/guests/ann-lee"} <= asked
    assert "/podcast/31-scheduled" not in asked

    second = get(f"{frozen}/podcast/?page=2")
    assert second.status == 200
    assert b"Number 1<" in second.body
    assert b"Number 25<" not in second.body
    assert b"Number 25<" in get(f"{frozen}/podcast/?utm_source=mail").body
    moment = get(f"{frozen}/podcast/25-number-25?t=1526")
    assert moment.status == 200
    assert b"Under review" in get(f"{frozen}/podcast/30-withdrawn").body

    check_types(frozen)
    check_redirects(frozen)
    check_what_is_not_here(frozen)
    check_pages_with_a_query(frozen)
    check_audio(frozen)
    check_a_slow_body_is_let_go(frozen)
    check_root_reads_no_file_of_the_sites_user(tmp_path)
    packed = get(f"{frozen}/", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == get(f"{frozen}/").body


def check_types(frozen: str) -> None:
    feed = get(f"{frozen}/podcast/feed.xml")
    assert feed.headers["Content-Type"].startswith("application/rss+xml")
    assert len(feedparser.parse(feed.body).entries) == 25
    chapters = get(f"{frozen}/podcast/25-number-25/chapters.json")
    assert chapters.headers["Content-Type"] == "application/json+chapters"
    assert chapters.headers["Access-Control-Allow-Origin"] == "*"
    assert chapters.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert json.loads(chapters.body)["chapters"][0]["title"] == "Queues"
    for path, kind in {
        "/robots.txt": "text/plain",
        "/sitemap.xml": "application/xml",
        "/opensearch.xml": "application/opensearchdescription+xml",
        "/stack/flask/feed.xml": "application/rss+xml",
        "/": "text/html; charset=utf-8",
    }.items():
        assert get(frozen + path).headers["Content-Type"].startswith(kind), path
    home = get(f"{frozen}/")
    assert "default-src 'self'" in home.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in home.headers


def check_redirects(frozen: str) -> None:
    for path, target in {
        "/podcast": "/podcast/",
        "/podcast/25-number-25/": "/podcast/25-number-25",
        "/podcast/25-number-25.html": "/podcast/25-number-25",
        "/podcast/index.html": "/podcast/",
        "/25": "/podcast/25-number-25",
        "/podcast/25": "/podcast/25-number-25",
        "/25/25:26": "/podcast/25-number-25#25:26",
        "/podcast/25/1:02:03": "/podcast/25-number-25#1:02:03",
        "/podcast/old-one": "/podcast/1-number-1",
        "/podcast/old-one/": "/podcast/1-number-1",
        "/podcast/old-one?utm_source=x": "/podcast/1-number-1?utm_source=x",
        "/od%22d%5C%20$uri;%20%C3%A9": "/thanks?a=%22%24b%22",
        "/tags/flask": "/stack/flask",
        "/tags/": "/stack/",
    }.items():
        answer = get(frozen + path)
        assert (answer.status, answer.headers["Location"]) == (301, target), path
    for path in ("/given-up", "/podcast/32-binned"):
        assert get(frozen + path).status == 410


def check_what_is_not_here(frozen: str) -> None:
    for path in (
        "/nowhere", "/podcast/31-scheduled", "/static/", "/media/", "/podcast/?page=9",
        "/podcast/?page=../../nginx", "/podcast/?stack=/../../../nginx.conf", "/%2e%2e/nginx.conf",
        "//evil.example/x.html", "//evil.example/", "/a%0d%0aSet-Cookie:x/", "/404.html?page=2",
    ):  # fmt: skip
        answer = get(frozen + path)
        assert answer.status in (400, 404) or answer.headers["Location"] == "/404?page=2", path
        assert b"map $" not in answer.body
    for path in ("/search?q=flask", "/podcast/?stack=flask&stack=redis", "/stack/mine?stack=flask"):
        assert b"This is an archived copy" in get(frozen + path).body, path
    assert get(f"{frozen}/search/suggest?q=fl").status == 204


def check_pages_with_a_query(frozen: str) -> None:
    """Under their own addresses, too, which people and apps know."""
    for path, words in {
        "/podcast/page=2/": b"Number 1<",
        "/follow?feed=/stack/flask/feed.xml": b"<h1>Follow Flask</h1>",
        "/follow/feed=/stack/flask/feed.xml/": b"<h1>Follow Flask</h1>",
        "/oembed?format=json&url=http%3A%2F%2F127.0.0.1%3A8000%2Fpodcast%2F25-number-25": b"Number",
    }.items():
        answer = get(frozen + path)
        assert (answer.status, words in answer.body) == (200, True), path


def check_audio(frozen: str) -> None:
    answer = get(f"{frozen}/audio/podcast-25.mp3")
    assert answer.status == 302
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    stored = get(frozen + answer.headers["Location"], Range="bytes=0-4")
    assert (stored.status, stored.body) == (206, b"sound")
    assert stored.headers["Content-Type"] == "audio/mpeg"
    assert stored.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Range" in stored.headers["Access-Control-Expose-Headers"]
    assert stored.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def check_a_slow_body_is_let_go(frozen: str) -> None:
    host, _, port = frozen.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 60) as opened:
        opened.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        assert opened.recv(12) == b"HTTP/1.1 405"
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            for _ in range(20):  # nginx would read on for half a minute
                time.sleep(0.5)
                opened.sendall(b"x")


def check_root_reads_no_file_of_the_sites_user(tmp_path: Path) -> None:
    """The docs' commands: nginx's master, which is root, would do what the file says."""
    copy, etc = tmp_path / "frozen", tmp_path / "etc"
    (etc / "sites-enabled").mkdir(parents=True)
    (etc / "sites-enabled/podcast").symlink_to(copy / "nginx.conf")  # as the docs once had it
    before = (copy / "nginx.conf").read_text()
    docs = Path("docs/leaving.md").read_text()
    (commands,) = re.findall(r"```\napt-get install nginx-light\n(.*?)nginx -t", docs, re.DOTALL)
    commands = commands.replace("DIR", str(copy)).replace("/etc/nginx", str(etc))
    subprocess.run(["sh", "-euc", commands], check=True)
    assert (copy / "nginx.conf").read_text() == before
    assert not (etc / "sites-enabled/podcast").is_symlink()
    includes = re.findall(r'include "(.*)";', (etc / "sites-enabled/podcast").read_text())
    assert includes == [f"{etc}/podcast.d/*.conf"]
    assert (etc / "podcast.d").is_dir()
