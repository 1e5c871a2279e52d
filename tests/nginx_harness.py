"""nginx, site and invalidator on this machine as in production, for tests and benchmarks."""

import contextlib
import http.client
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from getpass import getuser
from http.client import HTTPMessage
from pathlib import Path

from deploy.nginx.render import render

ROOT = Path(__file__).resolve().parent.parent
NGINX = "/usr/sbin/nginx"
# The files of cached pages; until a page is complete, its file has another name.
CACHED = f"*/{'?' * 32}"
MAIN = """
daemon off;
user {user};
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
pcre_jit on;
events {{ worker_connections {connections}; }}
http {{
    include /etc/nginx/mime.types;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/podcast.conf;
}}
"""


# Below the ports that the kernel gives to clients: one of them might get ours before we listen.
_ports = itertools.count(random.randrange(10_000, 30_000))


def free_port() -> int:
    """A port that nobody listens on at the moment; another one each time."""
    while True:
        port = next(_ports)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def site_environment(database_url: str, static: Path | str, media: Path | str) -> dict[str, str]:
    """The site's variables behind an nginx on this machine; others come from the environment."""
    return {
        "DATABASE_URL": database_url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "STATIC_ROOT": str(static),
        "MEDIA_ROOT": str(media),
        "DEBUG": "0",
    }


@dataclass
class Deployment:
    """An nginx with its invalidator and one or several sites. Stops them on exit.

    `sites=0` with `site_ports`: another nginx for sites that run already.
    """

    folder: Path
    env: dict[str, str]
    sites: int = 1
    workers: int = 2  # of each site
    search_rate: int = 10  # a second and visitor
    miss_rate: int = 1000
    connections: int = 1024  # of each of nginx's workers
    trusted_proxies: str = ""
    port: int = field(default_factory=free_port)
    refresh_port: int = field(default_factory=free_port)
    miss_port: int = field(default_factory=free_port)
    site_ports: list[int] = field(default_factory=list)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def __enter__(self) -> "Deployment":
        self.folder.mkdir(parents=True, exist_ok=True)
        self.site_ports = self.site_ports or [free_port() for _ in range(self.sites)]
        try:
            for number in range(self.sites):
                self.start_site(number)
            self.start_nginx()
            self.start_invalidator()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
            process.kill()

    def start_site(self, number: int) -> None:
        port = self.site_ports[number]
        self._start(
            f"site {number}",
            [
                sys.executable, "-m", "gunicorn", "podcast.wsgi", "--bind", f"127.0.0.1:{port}",
                "--workers", str(self.workers), "--threads", "4", "--no-control-socket",
                "--graceful-timeout", "10", "--log-level", "warning",
            ],
        )  # fmt: skip
        wait_for(port)

    def start_nginx(self) -> None:
        servers = [f"server 127.0.0.1:{port} max_fails=0;" for port in self.site_ports]
        values = {
            "NGINX_LISTEN": f"127.0.0.1:{self.port}",
            "NGINX_REFRESH_LISTEN": f"127.0.0.1:{self.refresh_port}",
            "NGINX_MISS_LISTEN": f"127.0.0.1:{self.miss_port}",
            "NGINX_HOST": "_",
            "NGINX_SCHEME": "$scheme",
            "NGINX_UPSTREAM": " ".join(servers * 3),
            "NGINX_CACHE": str(self.cache),
            "NGINX_STATIC": self.env.get("STATIC_ROOT", str(ROOT / "staticfiles")),
            "NGINX_ERROR_PAGES": str(ROOT / "templates"),
            "NGINX_MEDIA": self.env.get("MEDIA_ROOT", str(self.folder / "media")),
            "NGINX_INCLUDE": str(self.folder / "own*.conf"),
            "NGINX_LOG": str(self.folder / "access.log"),
            "NGINX_SEARCH_RATE": str(self.search_rate),
            "NGINX_MISS_RATE": str(self.miss_rate),
            "NGINX_TRUSTED_PROXIES": self.trusted_proxies,
        }
        tls = f'include "{ROOT}/deploy/nginx/behind_tls.conf";\n'
        (self.folder / "podcast.conf").write_text(tls + render(values))
        main = MAIN.format(folder=self.folder, user=getuser(), connections=self.connections)
        (self.folder / "nginx.conf").write_text(main)
        self._start("nginx", [NGINX, "-c", str(self.folder / "nginx.conf")])
        wait_for(self.port)

    def start_invalidator(self) -> None:
        url = f"http://127.0.0.1:{self.refresh_port}"
        command = [sys.executable, "-m", "podcast.invalidator", str(self.cache), "--fetch", url]
        self._start("invalidator", command)

    def kill(self, name: str) -> None:
        """Kill a program and its children, as when a machine loses power."""
        process = self.processes.pop(name)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        process.wait()

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | self.env, stdout=log, stderr=log
            )

    def get(self, path: str, **headers: str) -> "Response":
        return get(self.port, path, **headers)


@dataclass(frozen=True)
class Response:
    status: int
    headers: HTTPMessage
    body: bytes


def get(port: int, path: str, **headers: str) -> Response:
    """GET, with header names as keywords: Accept_Encoding. Raises OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        return Response(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def wait_for(port: int, seconds: float = 60) -> None:
    """Until something listens there. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port}.")
