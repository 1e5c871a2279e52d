"""Root writes only in folders that belong to root.

In anybody else's, a symbolic link could stand for the file, and root would follow it.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from deploy.nginx.render import read_variables
from tests.nginx_harness import CACHED, NGINX, free_port, wait_for
from tests.production import ROOT, eventually
from tests.test_containers import stage
from tests.test_systemd import SERVICES, unit

FOLDER = ROOT / "deploy/systemd"
AS_ROOT = [
    FOLDER / "install", FOLDER / "make-folders", FOLDER / "podcast-manage",
    FOLDER / "database-roles", FOLDER / "replace-nginx-conf", FOLDER / "replace-unit",
    FOLDER / "limit-logs", FOLDER / "as-podcast", FOLDER / "discard-broken",
    FOLDER / "as-instance", FOLDER / "warn-of-backups",
    ROOT / "deploy/add-static.sh", ROOT / "deploy/nginx/reload.sh",
]  # fmt: skip
# They run in containers, as their user.
OF_IMAGES = [
    ROOT / "deploy" / name for name in ("as-owner.sh", "periodic.sh", "release.sh", "roles.sh")
]
MAKES = re.compile(r"install -d(?: -o (\S+))?(?: -g \S+)?(?: -m \d+)? (.+)")
ASSIGNS = re.compile(r"(\w+)=([-\w./]*)")
PATH = re.compile(r"(?<![\w.}])/(?:etc|opt|run|srv|var)/[-\w./]+")
# systemd, which is root, gives these folders to the unit's user.
GIVEN = re.compile(r"(Cache|Configuration|Logs|Runtime|State)Directory")


def script(path: Path) -> str:
    """A shell script without comments, continued lines and its own simple variables."""
    values, lines = {"root": ""}, []
    for line in path.read_text().replace("\\\n", " ").replace('"', "").splitlines():
        for name, value in values.items():
            line = re.sub(rf"\$(?:{name}\b|{{{name}}})", value, line)
        if assigned := ASSIGNS.fullmatch(line):
            values[assigned[1]] = assigned[2]
        if not line.lstrip().startswith("#"):
            lines.append(line)
    return "\n".join(lines)


def owners() -> dict[str, str]:
    """The folders that don't belong to root, and whose they are."""
    found: dict[str, str] = {}
    for path in AS_ROOT:
        for owner, folders in MAKES.findall(script(path)):
            found |= dict.fromkeys(folders.split(), owner or "root")
    for path in SERVICES:
        service = unit(path)["Service"]
        for key in filter(GIVEN.fullmatch, service):
            kind = {"Cache": "/var/cache", "State": "/var/lib", "Logs": "/var/log"}
            parent = kind.get(key.removesuffix("Directory"), "/run")
            found |= {f"{parent}/{name}": service["User"] for name in service[key].split()}
    return {folder: owner for folder, owner in found.items() if owner != "root"}


def touched_by_root() -> Iterator[tuple[str, str]]:
    """Every path that root names in scripts and commands, and where."""
    for path in AS_ROOT:
        for line in script(path).splitlines():
            for named in PATH.findall(MAKES.sub("", line)):
                yield named.rstrip("/."), path.name
            for _, folders in MAKES.findall(line):
                yield from ((f"{folder}", path.name) for folder in folders.split())
    for path in SERVICES:
        service = unit(path)["Service"]
        for key, value in service.items():
            for line in value.split("\n") if key.startswith("Exec") else ():
                prefix = re.match(r"[-@:+!|]*", line)
                if "User" not in service or (prefix and re.search("[+!]", prefix[0])):
                    yield from ((named, path.name) for named in PATH.findall(line))
    # nginx's master creates these, and gives them to its workers.
    values = read_variables([FOLDER / "nginx.env"])
    yield from ((values[name], "nginx.env") for name in ("NGINX_LOG", "NGINX_CACHE"))


def test_root_touches_nothing_in_a_folder_of_a_lesser_user() -> None:
    lesser = owners()
    assert lesser["/var/cache/podcast/pages"] == "www-data"
    assert lesser["/var/lib/podcast/media"] == lesser["/var/backups/podcast"] == "podcast"
    touched = set(touched_by_root())
    assert ("/var/log/podcast/access.log", "podcast-nightly.service") in touched
    assert ("/var/log/podcast/access.log", "make-folders") in touched
    assert ("/var/cache/podcast/pages", "nginx.env") in touched
    found = {
        f"{where}: {path} is in {folder}, which is {lesser[str(folder)]}'s"
        for path, where in touched
        for folder in Path(path).parents
        if str(folder) in lesser
    }
    assert not found


def test_every_script_of_a_debian_machine_is_looked_at() -> None:
    scripts = {path for path in FOLDER.iterdir() if path.read_bytes().startswith(b"#!")}
    scripts |= {*(ROOT / "deploy/nginx").glob("*.sh"), *(ROOT / "deploy").glob("*.sh")}
    assert scripts == {*AS_ROOT, *OF_IMAGES}


def test_containers_of_root_share_no_volume() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    of_root = {
        name for name, each in compose.items()
        if "build" not in each and each.get("user", "root").split(":")[0] in ("root", "0")
    }  # fmt: skip
    assert of_root == {"tls"}
    for name in ("web", "nginx"):  # the images of all others
        assert "\nUSER ${UID}:${GID}\n" in stage(name)
    volumes = {
        name: {line.split(":")[0] for line in each["volumes"]} for name, each in compose.items()
    }
    for name in compose.keys() - of_root:
        assert not volumes[name] & volumes["tls"], name


USERS = {"podcast-invalidator": "daemon", "podcast": "mail"}  # Debian has both


@pytest.fixture
def machine() -> Iterator[Path]:
    """The root folder of a machine on which an earlier release was installed."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can give folders to others")
    with tempfile.TemporaryDirectory() as made:  # pytest's own folders are closed to others
        root = Path(made)
        root.chmod(0o755)
        for folder in ("var/log/podcast", "var/cache/podcast", "var/cache/podcast/pages/00"):
            (root / folder).mkdir(parents=True)
            shutil.chown(root / folder, "www-data", "www-data")
        yield root


def make_folders(machine: Path) -> None:
    text = (FOLDER / "make-folders").read_text()
    for name, stand_in in USERS.items():
        text = text.replace(f"={name}\n", f"={stand_in}\n")
    subprocess.run(["sh", "-c", text, "make-folders", str(machine)], check=True)


def run_as(user: str, *command: str | Path) -> subprocess.CompletedProcess[str]:
    group = str(pwd.getpwnam(user).pw_gid)
    return subprocess.run(
        ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *map(str, command)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@contextmanager
def nginx_of_root(machine: Path) -> Iterator[int]:
    """nginx with its log and cache on this machine; its master is root, its workers www-data."""
    port = free_port()
    folder = machine / "nginx"
    folder.mkdir(exist_ok=True)
    temporary = " ".join(
        f"{each}_temp_path {folder}/{each};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(f"""
        daemon off; user www-data; pid {folder}/pid; error_log {folder}/error.log;
        events {{}}
        http {{
            {temporary}
            proxy_cache_path {machine}/var/cache/podcast/pages levels=2 keys_zone=pages:1m
                             use_temp_path=off;
            access_log {machine}/var/log/podcast/access.log;
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://127.0.0.1:{port}/origin;
                    proxy_cache pages; proxy_cache_key $uri; proxy_cache_valid 10m;
                }}
                location ^~ /origin {{ add_header ETag 'W/"1-2-3-5e771465-dev"'; return 200 page; }}
            }}
        }}""")
    process = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf")])
    try:
        wait_for(port)
        eventually(lambda: (folder / "pid").read_text().endswith("\n"))  # written after that
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.mark.production
def test_a_link_in_place_of_the_log_makes_root_create_no_file(machine: Path) -> None:
    log, victim = machine / "var/log/podcast/access.log", machine / "victim"
    assert run_as("www-data", "ln", "-s", victim, log).returncode == 0  # as it was
    make_folders(machine)
    with nginx_of_root(machine) as port:
        assert not victim.exists()
        assert log.is_file() and not log.is_symlink()
        for attack in (("rm", log), ("mv", log, f"{log}-1"), ("ln", "-sf", victim, log)):
            assert run_as("www-data", *attack).returncode != 0, attack
        rotate(machine)
        eventually(lambda: is_logged(port, log))  # a worker has reopened it
        assert not victim.exists()
    assert {path.name for path in log.parent.iterdir()} == {"access.log", "access.log-1"}
    for path in log.parent.iterdir():
        assert path.owner() == "www-data" and path.stat().st_mode & 0o777 == 0o640
    assert run_as("mail", "sh", "-c", f"ls {log.parent} && cat {log}*").stdout  # tick
    assert run_as("daemon", "cat", log).returncode != 0


def rotate(machine: Path) -> None:
    """As podcast-nightly.service does."""
    log = machine / "var/log/podcast/access.log"
    lines = unit(FOLDER / "podcast-nightly.service")["Service"]["ExecStartPre"].split("\n")
    moving, making, reopening, _ = lines
    assert moving.startswith("-+/bin/sh -c 'mv /var/log/podcast/access.log ")
    log.rename(f"{log}-1")
    command = making.removeprefix("-+").replace("/var/log/podcast", str(log.parent))
    subprocess.run(command.replace("-g podcast", "-g mail").split(), check=True)
    assert reopening == "-+/usr/sbin/nginx -s reopen"
    os.kill(int((machine / "nginx/pid").read_text()), signal.SIGUSR1)


@pytest.mark.production
@pytest.mark.parametrize("name", ["podcast/access.log", "nginx/error.log"])
def test_a_log_that_strangers_fill_is_rotated_and_all_are_limited(machine: Path, name: str) -> None:
    log = machine / "var/log" / name
    log.parent.mkdir(exist_ok=True)
    (machine / "run").mkdir()
    script = (FOLDER / "limit-logs").read_text().replace("-g podcast", "-g mail")
    make_folders(machine)
    with nginx_of_root(machine) as port:
        shutil.copy(machine / "nginx/pid", machine / "run/nginx.pid")
        command = ["sh", "-c", script.replace("sleep 5", "sleep 0.1"), "limit-logs", str(machine)]
        limiting = subprocess.Popen(command)
        try:
            for number in range(6 if "access" in name else 0):
                earlier = Path(f"{log}-2026-01-0{number}")
                earlier.touch()
                os.utime(earlier, (0, 0))  # else perhaps of the same moment as the newest
            with log.open("ab") as file:
                file.truncate(101 * 1024 * 1024)
            if "access" in name:
                eventually(lambda: is_logged(port, log) and log.stat().st_size < 10_000)
            else:
                eventually(lambda: not log.stat().st_size and is_nginxs(log))
            assert is_nginxs(log)
            rotated = 4 if "access" in name else 1
            eventually(lambda: len(list(log.parent.glob(f"{log.name}?*"))) == rotated)
            newest = max(log.parent.glob(f"{log.name}?*"), key=lambda path: path.stat().st_size)
            assert newest.stat().st_size > 100 * 1024 * 1024
        finally:
            limiting.terminate()
            limiting.wait()


def is_nginxs(log: Path) -> bool:
    return (log.owner(), log.stat().st_mode & 0o777) == ("www-data", 0o640)


def is_logged(port: int, log: Path) -> bool:
    ask(port)
    return log.stat().st_size > 0


def ask(port: int) -> None:
    subprocess.run(["curl", "-s", f"http://127.0.0.1:{port}/a-page"], check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip


def test_an_existing_installation_gets_the_owners_and_modes(machine: Path) -> None:
    victim = machine / "victim"
    victim.mkdir(mode=0o700)
    (machine / "var/log/podcast/access.log-2026-01-01").write_text("kept")
    pages = machine / "var/cache/podcast/pages"
    shutil.rmtree(pages)
    pages.symlink_to(victim)
    for _ in range(2):  # the second time changes nothing
        make_folders(machine)
        shown = {}
        for name in ("log/podcast", "cache/podcast", "cache/podcast/pages"):
            path = machine / "var" / name
            shown[name] = f"{path.owner()}:{path.group()} {path.stat().st_mode & 0o7777:o}"
        assert shown == {
            "log/podcast": "root:mail 751",
            "cache/podcast": "root:root 755",
            "cache/podcast/pages": "www-data:daemon 2770",
        }
        assert not pages.is_symlink()
        assert victim.owner() == "root" and victim.stat().st_mode & 0o777 == 0o700
        assert (machine / "var/log/podcast/access.log-2026-01-01").read_text() == "kept"
        (pages / "00").mkdir(exist_ok=True)
    assert (pages / "00").exists()


INVALIDATE = """
import sys
from pathlib import Path
from caching.nginx.cache_files import NginxCache
cache = NginxCache(Path(sys.argv[1]))
one = cache.page("/a-page")
(page,) = cache.pages()
assert one == page and page.version.number == 1, page
page.file.unlink()
assert not cache.pages()
"""


@pytest.mark.production
@pytest.mark.slow
def test_the_invalidators_own_user_reads_and_removes_nginxs_pages(machine: Path) -> None:
    """With the only capability that its unit gives it."""
    service = unit(FOLDER / "podcast-invalidator.service")["Service"]
    assert service["CapabilityBoundingSet"] == service["AmbientCapabilities"] == "CAP_FOWNER"
    if run_as("daemon", "test", "-r", ROOT / "manage.py").returncode:
        pytest.skip("other users can't read this clone")
    make_folders(machine)
    with nginx_of_root(machine) as port:
        ask(port)
        pages = machine / "var/cache/podcast/pages"
        eventually(lambda: len(list(pages.glob(CACHED))) == 1)
        (page,) = pages.glob("*/*")
        assert page.stat().st_mode & 0o777 == 0o600
        assert run_as("daemon", "cat", page).returncode != 0
        ran = run_invalidator(machine)
        assert ran.returncode == 0, ran.stderr
        ask(port)  # nginx goes on in the folder
        eventually(lambda: len(list(pages.glob(CACHED))) == 1)
        assert run_invalidator(machine).returncode == 0
        assert run_as("mail", "ls", page.parent).returncode != 0


def run_invalidator(machine: Path) -> subprocess.CompletedProcess[str]:
    user = pwd.getpwnam("daemon")
    return subprocess.run(
        ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
         "--inh-caps=-all,+fowner", "--ambient-caps=+fowner", "--bounding-set=-all,+fowner",
         shutil.which("python3", path=f"{ROOT}/.venv/bin") or "python3",
         "-c", INVALIDATE, str(machine / "var/cache/podcast/pages")],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip


def test_the_invalidators_user_reads_neither_settings_nor_environment_of_the_site(
    machine: Path,
) -> None:
    text = (FOLDER / "install").read_text()
    assert "\nchown root:podcast /etc/podcast/env\nchmod 640 /etc/podcast/env\n" in text
    settings = machine / "env"
    settings.write_text("SECRET_KEY=abc")
    settings.chmod(0o640)
    shutil.chown(settings, "root", "mail")
    site = subprocess.Popen(
        ["setpriv", "--reuid=mail", "--regid=mail", "--clear-groups", "sleep", "60"],
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "abc"},
    )
    try:
        environment = f"/proc/{site.pid}/environ"
        eventually(lambda: "SECRET_KEY=abc" in run_as("mail", "cat", environment).stdout)
        assert run_as("mail", "cat", settings).stdout == "SECRET_KEY=abc"
        for user in ("daemon", "www-data"):
            for secret in (settings, environment):
                ran = run_as(user, "cat", secret)
                assert ran.returncode != 0 and "Permission denied" in ran.stderr
    finally:
        site.kill()
        site.wait()
