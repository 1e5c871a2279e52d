"""A copy of the site to try things out, beside it on the same machine (docs/staging.md)."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from getpass import getuser
from pathlib import Path

import pytest

from tests.nginx_harness import MAIN, NGINX
from tests.production import ROOT
from tests.test_systemd import FOLDER, UNITS, unit, verify

PORT = 8010
OWN = re.compile(r"/(?:etc|opt|var/\w+|usr/local/bin)/podcast[-\w]*")
# What a file declares for the whole of nginx, so that no other file may declare it again.
DECLARED = re.compile(r"(?:^upstream |zone=|^log_format |^map .* )([$\w]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `as-instance` makes of these files."""
    source = tmp_path_factory.mktemp("source") / "1.0"
    unneeded = shutil.ignore_patterns("__pycache__", "word_vectors")
    for name in ("deploy", "ops/doctor"):
        shutil.copytree(ROOT / name, source / name, ignore=unneeded)
    home = tmp_path_factory.mktemp("home")
    printed = as_instance(source, "staging", str(PORT), str(home))
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout == f"{home}/source/1.0\n"
    return home / "source/1.0"


def as_instance(source: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = source / "deploy/systemd/as-instance"
    return subprocess.run([script, *arguments], capture_output=True, text=True, check=False)


def texts(folder: Path) -> Iterator[str]:
    """The files that systemd, nginx and the installation use, without comments."""
    for path in folder.iterdir():
        if path.is_file() and path.name != "as-instance":
            yield re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE)


def found(pattern: str | re.Pattern[str], folder: Path) -> set[str]:
    return {match for text in texts(folder) for match in re.findall(pattern, text)}


def units(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in (".service", ".socket", ".timer")]


def test_folders_and_commands_are_its_own(copy: Path):
    theirs, own = found(OWN, FOLDER), found(OWN, copy / "deploy/systemd")
    assert len(own) == len(theirs)
    assert all("/podcast-staging" in path for path in own)


def test_units_are_its_own(copy: Path):
    names = {path.name for path in units(copy / "deploy/systemd")}
    assert names == {path.name.replace("podcast-", "podcast-staging-") for path in UNITS}
    named = r"\bpodcast-[-\w@]*\.(?:service|socket|timer)\b"
    assert all("podcast-staging-" in each for each in found(named, copy / "deploy/systemd"))
    doctor = (copy / "ops/doctor/units.py").read_text()
    assert "podcast-staging-web.socket" in doctor and "podcast-web" not in doctor


def test_users_are_its_own(copy: Path):
    def users(folder: Path) -> set[str]:
        named = r"(?:^site=|^invalidator=|--re[ug]id=|root:|-g |\bUSER=|\bLOGNAME=)(podcast[-\w]*)"
        services = (path for path in units(folder) if path.suffix == ".service")
        scripts = found(re.compile(named, re.MULTILINE), folder)
        return scripts | {unit(path)["Service"]["User"] for path in services}

    assert users(FOLDER) == {"podcast", "podcast-invalidator"}
    own = users(copy / "deploy/systemd")
    assert own == {"podcast-staging", "podcast-staging-invalidator"}


def test_database_and_ports_are_its_own(copy: Path):
    ports = r"127\.0\.0\.1:(8[0-9]+)"
    theirs, own = found(ports, FOLDER), found(ports, copy / "deploy/systemd")
    assert own == {str(PORT + number) for number in range(4)} and not own & theirs
    settings = (copy / "deploy/systemd/env.example").read_text()
    assert "//podcast_staging:" in settings and ":5432/podcast_staging\n" in settings


def test_nobody_finds_it_by_search_engines(copy: Path):
    caddyfile = (copy / "deploy/systemd/Caddyfile").read_text()
    assert caddyfile.startswith('podcast.example {\n\theader X-Robots-Tag "noindex, nofollow"\n')
    assert f"reverse_proxy 127.0.0.1:{PORT + 1} {{" in caddyfile


def test_systemd_understands_its_units_beside_the_sites(copy: Path, tmp_path: Path):
    verify([*UNITS, *units(copy / "deploy/systemd")], tmp_path)


def test_nginx_runs_both(copy: Path, tmp_path: Path):
    whole = [(ROOT / "deploy/nginx/behind_tls.conf").read_text()]
    for source in (ROOT, copy):
        values = tmp_path / f"{len(whole)}.env"
        values.write_text(
            f"NGINX_CACHE={values}.pages\nNGINX_LOG={values}.log\nNGINX_INCLUDE={values}/*.conf\n"
        )
        defaults = source / "deploy/systemd/nginx.env"
        command: list[str | Path] = [sys.executable, "-m", "deploy.nginx.render", defaults, values]
        ran = subprocess.run(command, cwd=source, capture_output=True, text=True, check=True)
        whole.append(ran.stdout)
    theirs, own = (set(DECLARED.findall(text)) for text in whole[1:])
    # nginx would let a second map of a name replace the first.
    assert len(own) > 40 and not own & theirs
    (tmp_path / "podcast.conf").write_text("".join(whole))
    main = MAIN.format(folder=tmp_path, user=getuser(), connections=64)
    (tmp_path / "nginx.conf").write_text(main)
    command = [NGINX, "-t", "-c", tmp_path / "nginx.conf"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("name", ["", "Staging", "a-b", "site", "averylongname"])
def test_a_name_that_could_collide_or_is_too_long_is_refused(tmp_path: Path, name: str):
    refused = as_instance(ROOT, name, str(PORT), str(tmp_path))
    assert refused.returncode == 1 and "NAME" in refused.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("port", ["", "80", "08010", "x", "65533", "100000"])
def test_a_port_without_three_more_above_it_is_refused(tmp_path: Path, port: str):
    refused = as_instance(ROOT, "staging", port, str(tmp_path))
    assert refused.returncode == 1 and "PORT" in refused.stderr
    assert not list(tmp_path.iterdir())
