"""`./run audit` asks a service that answers as osv.dev does."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from deploy.release.advisories import audit

HOLE = {
    "id": "GHSA-1111-2222-3333",
    "aliases": ["CVE-2026-1"],
    "summary": "A hole",
    "affected": [
        {
            "package": {"name": "holey", "ecosystem": "PyPI"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [
                        {"introduced": "0"}, {"fixed": "1.5.9"},
                        {"introduced": "2.0"}, {"fixed": "2.0.3"}, {"fixed": "2.1"},
                    ],
                }
            ],
        }
    ],
}  # fmt: skip
UNMENDED = {
    "id": "PYSEC-2026-9",
    "affected": [{"package": {"name": "worse", "ecosystem": "PyPI"}}],
}


class OpenSourceVulnerabilities(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = {"holey": [HOLE], "worse": [UNMENDED]}.get(body["package"]["name"])
        answer = json.dumps({"vulns": found} if found else {}).encode()
        if self.path == "/odd":
            answer = b"<html>"
        self.send_response(503 if self.path == "/busy" else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    pytest.importorskip("pip_audit", reason="./run audit installs it")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), OpenSourceVulnerabilities)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield {"osv.example": ["--vulnerability-service=osv", f"--osv-url={url}"]}
    server.shutdown()
    server.server_close()


def url_of(service: dict[str, list[str]]) -> str:
    return service["osv.example"][1].removeprefix("--osv-url=")


def requirements(folder: Path, *pins: str) -> list[Path]:
    path = folder / "requirements.txt"
    path.write_text("".join(f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" for pin in pins))
    return [path]


def test_an_advisory_fails_with_the_version_that_mends_it(
    service: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(requirements(tmp_path, "holey==2.0.1", "fine==1.0"), service, {}) == 1
    assert capsys.readouterr().out == (
        "holey 2.0.1: CVE-2026-1 GHSA-1111-2222-3333; "
        "2.0.3 mends it: ./run lock --upgrade-package holey==2.0.3\n"
    )


def test_an_advisory_that_no_version_mends_needs_a_reason(
    service: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = requirements(tmp_path, "worse==3.0")
    assert audit(files, service, {}) == 1
    assert "worse 3.0: PYSEC-2026-9; no version mends it" in capsys.readouterr().out
    assert audit(files, service, {"PYSEC-2026-9": "we never call it"}) == 0


def test_packages_without_advisories_pass(
    service: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(requirements(tmp_path, "fine==1.0"), service, {}) == 0
    assert capsys.readouterr().out == "osv.example knows of nothing against 1 packages.\n"


def test_the_next_service_is_asked_and_none_is_no_failure(
    service: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = requirements(tmp_path, "holey==2.0.1")
    away = {"away.example": ["--vulnerability-service=osv", "--osv-url=http://127.0.0.1:1"]}
    assert audit(files, away | service, {}) == 1
    assert audit(files, away, {}) == 0
    said = capsys.readouterr().out
    assert "away.example doesn't answer: " in said
    assert "skipped: advisories come from away.example" in said


@pytest.mark.parametrize("why", ["no name", "no proxy", "too slow", "overloaded"])
def test_a_service_that_is_away_in_other_ways(
    service: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    url = "https://nobody.invalid"
    if why == "no proxy":
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        if why == "too slow":
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        if why == "overloaded":
            url = f"{url_of(service)}/busy"
        options = ["--vulnerability-service=osv", f"--osv-url={url}", "--timeout=1"]
        assert audit(requirements(tmp_path, "fine==1.0"), {"away.example": options}, {}) == 0


@pytest.mark.parametrize(
    ("path", "pin", "text"), [("/odd", "fine==1.0", "JSONDecodeError"), ("", "odd=1", "odd=1")]
)
def test_another_failure_is_one(
    service: dict[str, list[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    path: str,
    pin: str,
    text: str,
) -> None:
    """Of the answer, or of what was asked: nobody has looked for advisories then."""
    broken = {"odd.example": ["--vulnerability-service=osv", f"--osv-url={url_of(service)}{path}"]}
    assert audit(requirements(tmp_path, pin), broken, {}) == 1
    said = capsys.readouterr().out
    assert "odd.example: pip-audit failed:" in said
    assert text in said


def test_a_failure_is_made_good_by_the_next_service(
    service: dict[str, list[str]], tmp_path: Path
) -> None:
    url = f"{url_of(service)}/odd"
    broken = {"odd.example": ["--vulnerability-service=osv", f"--osv-url={url}"]}
    assert audit(requirements(tmp_path, "fine==1.0"), broken | service, {}) == 0
    assert audit(requirements(tmp_path, "holey==2.0.1"), broken | service, {}) == 1
