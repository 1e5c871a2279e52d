"""The services of a Debian machine, as far as they can be tested without systemd running."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import closing
from getpass import getuser
from pathlib import Path
from typing import Any

import pytest

from deploy.nginx.render import FORMER_NAMES, read_variables, variables
from tests.nginx_harness import MAIN, NGINX, free_port
from tests.production import MACHINE, REQUIRED, ROOT, database_url, eventually

FOLDER = ROOT / "deploy/systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
UNITS = [*SERVICES, *FOLDER.glob("*.socket"), *FOLDER.glob("*.timer")]
LARGEST_EXPOSURE = 20  # tenths; systemd calls up to 50 “medium”, and an open service 96


class Repeating(dict[str, Any]):
    """A unit may repeat a key; the values are joined by newlines."""

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, list) and key in self:
            value = [*self[key], *value]
        super().__setitem__(key, value)


def unit(path: Path) -> ConfigParser:
    parsed = ConfigParser(strict=False, interpolation=None, dict_type=Repeating)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(path)
    return parsed


def nginx_variables() -> dict[str, str]:
    return read_variables([FOLDER / "nginx.env"])


def program(name: str) -> str:
    path = shutil.which(name)
    if not path:
        pytest.skip(f"{name} isn't here")
    return path


def test_every_variable_of_nginxs_template_is_set():
    assert set(nginx_variables()) == variables()


def test_nginx_and_the_invalidator_have_the_same_cache_and_refresh_port():
    invalidator = unit(FOLDER / "podcast-invalidator.service")["Service"]
    command = " ${NGINX_CACHE} --fetch http://${NGINX_REFRESH_LISTEN}"
    assert invalidator["ExecStart"].endswith(command)
    # `install` renders nginx's configuration from this file, too.
    assert invalidator["EnvironmentFile"].split("\n")[-1] == "/opt/podcast/nginx.env"
    assert invalidator["ReadWritePaths"] == nginx_variables()["NGINX_CACHE"]


def test_the_invalidator_has_a_user_of_its_own_and_no_secret():
    invalidator = unit(FOLDER / "podcast-invalidator.service")["Service"]
    users = {unit(path)["Service"]["User"] for path in SERVICES if "invalidator" not in path.stem}
    assert invalidator["User"] not in users | {"www-data"}  # Debian's nginx
    # The site's file, without its secrets, then a database role of its own.
    site, own = invalidator["EnvironmentFile"].split("\n")[:2]
    assert (site, own) == ("/etc/podcast/env", "-/etc/podcast/invalidator.env")
    secret = re.compile(
        r"^#?(\w*(?:SECRET|TOKEN|ACCESS_KEY|EMAIL_URL|BACKUP_URL|BACKUP_PASSWORD|PING_URL)\w*)=",
        re.MULTILINE,
    )
    names = set(secret.findall((ROOT / ".env.example").read_text()))
    assert {"SECRET_KEY", "METRICS_TOKEN", "AWS_SECRET_ACCESS_KEY"} <= names
    assert set(invalidator["UnsetEnvironment"].split()) == names


def test_the_invalidator_starts_after_each_restart_of_the_site():
    """So it purges what the site rendered with other settings."""
    after = unit(FOLDER / "podcast-web.service")["Service"]["ExecStartPost"]
    assert after == "-+/bin/systemctl --no-block try-restart podcast-invalidator.service"


def test_a_machine_may_choose_other_ports(tmp_path: Path):
    own = tmp_path / "nginx.env"
    own.write_text("# 8080 is in use here\nNGINX_LISTEN=127.0.0.1:9080\n")
    assert filled(own).stdout.count("listen 127.0.0.1:9080;") == 1
    own.write_text("NGINX_LISTN=127.0.0.1:9080\n")
    assert filled(own).returncode == 1
    assert "nginx.env, line 1: NGINX_LISTN" in filled(own).stderr


def filled(own: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """nginx's configuration as `install` renders it."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.nginx.render", *options, FOLDER / "nginx.env", own],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_former_names_of_nginxs_variables_work_until_version_2(tmp_path: Path):
    former, own = tmp_path / "front.env", tmp_path / "nginx.env"
    former.write_text("FRONT_LISTEN=127.0.0.1:9080\nFRONT_DOOR=127.0.0.1:9081\n")
    rendered = filled(former)
    assert "FRONT_DOOR is now NGINX_REFRESH_LISTEN" in rendered.stderr
    for port in (9080, 9081):
        assert f"listen 127.0.0.1:{port};" in rendered.stdout
    resolved = filled(former, "--variables")
    assert "NGINX_REFRESH_LISTEN=127.0.0.1:9081\n" in resolved.stdout
    own.write_text(resolved.stdout)  # as the invalidator reads it
    assert filled(own).stdout == rendered.stdout and not filled(own).stderr
    added = {"NGINX_MISS_LISTEN", "NGINX_MISS_RATE", "NGINX_TRUSTED_PROXIES"}
    assert set(FORMER_NAMES.values()) == variables() - added


def test_a_present_name_overrides_a_former_one(tmp_path: Path):
    own = tmp_path / "nginx.env"
    own.write_text("NGINX_LISTEN=127.0.0.1:9081\nFRONT_LISTEN=127.0.0.1:9080\n")
    assert "NGINX_LISTEN=127.0.0.1:9081\n" in filled(own, "--variables").stdout


@pytest.mark.parametrize("name", ["FRONT_SCHEME", "NGINX_SCHEME"])
def test_the_former_default_of_the_scheme_works(tmp_path: Path, name: str):
    own = tmp_path / "front.env"
    own.write_text(f"{name}=$front_scheme\n")
    rendered = filled(own).stdout
    assert "X-Forwarded-Proto $podcast_scheme;" in rendered
    assert "$front_scheme" not in rendered


@pytest.fixture
def systemctl(tmp_path: Path) -> Path:
    """A systemctl that writes down how it was called."""
    fake = tmp_path / "bin/systemctl"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >>{shlex.quote(str(tmp_path))}/calls\n')
    fake.chmod(0o755)
    return fake


def test_a_renamed_unit_is_stopped_and_removed_and_its_overrides_hold(
    systemctl: Path, tmp_path: Path
):
    units = tmp_path / "units"
    (units / "podcast-keeper.service.d").mkdir(parents=True)
    (units / "podcast-keeper.service.d/override.conf").write_text("[Service]\n")
    (units / "podcast-keeper.service").write_text("[Service]\n")
    command: list[str | Path] = [
        FOLDER / "replace-unit", "podcast-keeper.service", "podcast-invalidator.service", units,
    ]  # fmt: skip
    env = MACHINE | {"PATH": f"{systemctl.parent}:{os.environ['PATH']}"}
    for _ in range(2):  # the second time, as at each later update, there is nothing to do
        subprocess.run(command, env=env, check=True)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls == ["disable --quiet --now podcast-keeper.service"]
    assert not (units / "podcast-keeper.service").exists()
    assert (units / "podcast-invalidator.service.d/override.conf").exists()


def test_install_replaces_the_former_unit():
    text = (FOLDER / "install").read_text()
    replace = '/replace-unit" podcast-keeper.service podcast-invalidator.service\n'
    assert text.index(replace) < text.index("systemctl daemon-reload")
    assert (FOLDER / "podcast-invalidator.service").exists()


@pytest.mark.parametrize("answer", [0, 1], ids=["valid", "invalid"])
def test_a_configuration_that_nginx_rejects_is_taken_back(tmp_path: Path, answer: int):
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin/nginx"
    fake.write_text(f"#!/bin/sh\nexit {answer}\n")
    fake.chmod(0o755)
    new, used = tmp_path / "new", tmp_path / "conf.d"
    new.mkdir()
    used.mkdir()
    (used / "podcast.conf").write_text("former")
    (used / "other.conf").write_text("another site's")
    for name in ("podcast.conf", "podcast_behind_tls.conf"):
        (new / name).write_text("new")
    env = MACHINE | {"PATH": f"{fake.parent}:{os.environ['PATH']}"}
    ran = subprocess.run([FOLDER / "replace-nginx-conf", new, used], env=env, check=False)
    assert ran.returncode == answer
    found = {path.name: path.read_text() for path in used.iterdir()}
    valid = {"podcast.conf": "new", "podcast_behind_tls.conf": "new"}
    assert found == {"other.conf": "another site's"} | (
        {"podcast.conf": "former"} if answer else valid
    )


def test_install_tests_nginxs_configuration_before_it_switches():
    text = (FOLDER / "install").read_text()
    assert text.index("manage.py migrate") < text.index('/replace-nginx-conf"')
    assert text.index('/replace-nginx-conf"') < text.index('"$home/current"')


def test_the_site_listens_on_nginxs_upstream():
    socket_unit = unit(FOLDER / "podcast-web.socket")["Socket"]
    assert f"server {socket_unit['ListenStream']} " in nginx_variables()["NGINX_UPSTREAM"]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_services_are_hardened(path: Path):
    service = unit(path)["Service"]
    assert service["User"] in ("podcast", "podcast-invalidator")
    assert service["EnvironmentFile"].split("\n")[0] == "/etc/podcast/env"
    limit = [f"--threshold={LARGEST_EXPOSURE}", "--offline=true", "--no-pager"]
    ran = subprocess.run(
        [program("systemd-analyze"), "security", *limit, path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_failing_unit_is_reported(path: Path):
    own = unit(path)["Unit"]
    if path.name == "podcast-failure@.service":
        assert unit(path)["Service"]["ExecStart"].endswith("manage.py report_failure %i")
        assert "OnFailure" not in own
        assert own["StartLimitIntervalSec"] == "0"  # only reports that were sent count
    elif unit(path).get("Service", "Restart", fallback=None) == "always":
        # systemd never gives it up, which OnFailure= would wait for.
        assert own["StartLimitIntervalSec"] == "0" and "OnFailure" not in own
        command = unit(path)["Service"]["ExecStopPost"]
        assert command.endswith("systemctl start --no-block podcast-failure@%n.service'")
    else:
        assert own["OnFailure"] == "podcast-failure@%n.service"


def test_each_failure_is_reported_once_an_hour(tmp_path: Path):
    service = unit(FOLDER / "podcast-failure@.service")["Service"]
    folder = f"/run/{service['RuntimeDirectory']}"

    def run(key: str, what: str) -> int:
        command = service[key].replace("%i", what).replace("$$", "$")
        command = command.replace(folder, str(tmp_path))
        return subprocess.run(shlex.split(command), check=False).returncode

    def may_report(what: str) -> bool:
        return run("ExecCondition", what) == 0

    assert may_report("podcast-web.service")
    assert run("ExecStartPost", "podcast-web.service") == 0  # after a report that was sent
    assert not may_report("podcast-web.service")
    assert may_report("podcast-tick.service")
    an_hour_ago = time.time() - 3601
    os.utime(tmp_path / "podcast-web.service", (an_hour_ago, an_hour_ago))
    assert may_report("podcast-web.service")
    assert run("ExecStartPost", "test") == 0
    assert may_report("test")


def test_systemd_understands_every_unit(tmp_path: Path):
    verify(UNITS, tmp_path)


def verify(paths: list[Path], root: Path) -> None:
    """systemd finds no mistake in them, in a root of its own, with empty files as programs."""
    units = root / "etc/systemd/system"
    units.mkdir(parents=True)
    for path in paths:
        shutil.copy(path, units)
        commands = r"^ExecStart(?:Pre|Post)?=[-+]*(\S+)"
        for command in re.findall(commands, path.read_text(), re.MULTILINE):
            stub = root / command.lstrip("/")
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.touch(mode=0o755)
    library = root / "lib/systemd/system"
    library.parent.mkdir(parents=True)
    shutil.copytree("/lib/systemd/system", library, symlinks=True)
    names = [path.name for path in paths]
    ran = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no",
         f"--root={root}", *names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    problems = [line for line in ran.stderr.splitlines() if "podcast-" in line]
    assert ran.returncode == 0 and not problems, ran.stderr


@pytest.mark.parametrize("result", ["success", "exit-code"])
def test_only_a_service_that_failed_is_reported(systemctl: Path, tmp_path: Path, result: str):
    line = unit(FOLDER / "podcast-web.service")["Service"]["ExecStopPost"]
    command = shlex.split(line.removeprefix("-+").replace("$$", "$"))
    env = MACHINE | {"PATH": f"{systemctl.parent}:{os.environ['PATH']}", "SERVICE_RESULT": result}
    subprocess.run(command, env=env, check=False)
    assert (tmp_path / "calls").exists() == (result != "success")


def test_a_release_whose_python_is_gone_is_made_anew(tmp_path: Path):
    for name, program in (("runs", "exit 0"), ("lacks-packages", "exit 1"), ("unfinished", "")):
        python = tmp_path / name / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\n{program}\n")
        python.chmod(0o755)
    (tmp_path / "lacks-python/.venv/bin").mkdir(parents=True)
    (tmp_path / "lacks-python/.venv/bin/python").symlink_to("/usr/bin/python3.0")
    for name in ("runs", "lacks-packages", "lacks-python"):
        (tmp_path / name / "complete").touch()
    subprocess.run([FOLDER / "discard-broken", tmp_path], check=True)
    assert [path.parent.name for path in tmp_path.glob("*/complete")] == ["runs"]
    text = (FOLDER / "install").read_text()
    assert text.index('/discard-broken"') < text.index('[ ! -e "$target/complete" ]')


def test_interrupted_releases_replace_no_former_one(tmp_path: Path):
    releases = tmp_path / "releases"
    for age, name in enumerate(("new", "interrupted", "killed", "former", "before", "oldest")):
        (releases / name).mkdir(parents=True)
        if name not in ("interrupted", "killed"):
            (releases / name / "complete").touch()
        os.utime(releases / name, (1_000_000 - age, 1_000_000 - age))
    text = (FOLDER / "install").read_text()
    remove = text[text.index("# The last three") : text.index("manage deploy/systemd/warn")]
    script = f"set -eu; home={tmp_path}; target={releases}/new\n{remove}"
    subprocess.run(["sh", "-c", script], check=True)
    assert {each.name for each in releases.iterdir()} == {"new", "former", "before"}


@pytest.mark.parametrize("is_copy", [False, True])
def test_the_checkout_of_a_copy_does_not_update_the_site(tmp_path: Path, is_copy: bool):
    text = (FOLDER / "install").read_text()
    check = text[text.index('    [ "$(git -C') : text.index("else\n    release=")]
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    if is_copy:
        subprocess.run(["git", "-C", tmp_path, "config", "podcast.copy", "true"], check=True)
    script = f'set -eu; fail() {{ echo "$*"; exit 1; }}; source={tmp_path}\n{check}'
    ran = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert ran.returncode == is_copy
    assert (f"git -C {tmp_path} config --unset podcast.copy" in ran.stdout) == is_copy


def test_a_release_names_the_version_of_its_python(tmp_path: Path):
    """Debian's next python3 is another one; the environment must not become its."""
    text = (FOLDER / "install").read_text()
    make = next(line.strip() for line in text.splitlines() if line.strip().startswith("python=$"))
    (tmp_path / "python3.99").touch(mode=0o755)
    (tmp_path / "python3").symlink_to("python3.99")
    env = MACHINE | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(
        ["sh", "-c", f'{make}; echo "$python"'], env=env, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == str(tmp_path / "python3.99")
    assert '"$python" -m venv "$target/.venv"' in text
    assert 'target=$home/releases/$release-$(basename "$python")' in text
    assert 'ln -sfn "$target" "$home/current.new"' in text


def test_scripts_are_valid_for_debians_shell():
    for name in (
        "install",
        "discard-broken",
        "as-instance",
        "make-folders",
        "database-roles",
        "podcast-manage",
        "as-podcast",
        "replace-nginx-conf",
        "replace-unit",
        "warn-of-backups",
    ):
        subprocess.run(["sh", "-n", FOLDER / name], check=True)
        assert os.access(FOLDER / name, os.X_OK)


@pytest.mark.parametrize(
    ("command", "role"),
    [("tick", "site"), ("createsuperuser", "site"), ("backup", "owner"), ("restore", "owner"),
     ("migrate", "owner"), ("rebuild_search", "owner"), ("loaddata", "owner")],
)  # fmt: skip
def test_podcast_manage_has_the_owners_role_only_where_rows_are_not_enough(
    tmp_path: Path, command: str, role: str
):
    for name in ("env", "owner.env"):
        (tmp_path / name).write_text(f"DATABASE_URL=postgres://{name}/d?a=$b&c=`d` (e) 'f' #g\n")
    (tmp_path / "release.env").touch()
    as_podcast = tmp_path / "as-podcast"
    as_podcast.write_text('#!/bin/sh\necho "$DATABASE_URL $*"\n')
    as_podcast.chmod(0o755)
    text = (FOLDER / "podcast-manage").read_text()
    folders = "/etc/podcast|/opt/podcast/current(?=/release)|/opt/podcast/current/deploy/systemd"
    text = re.sub(folders, str(tmp_path), text)
    text = text.replace("/opt/podcast/current/deploy", shlex.quote(f"{ROOT}/deploy"))
    urls = {
        "site": "postgres://env/d?a=$b&c=`d` (e) 'f' #g ",
        "owner": "postgres://owner.env/d?a=$b&c=`d` (e) 'f' #g ",
    }
    env = MACHINE | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}

    def said() -> str:
        ran = ["sh", "-c", text, "podcast-manage", command, "--more"]
        return subprocess.run(ran, env=env, capture_output=True, text=True, check=True).stdout

    assert said().startswith(urls[role]) and said().endswith(f" {command} --more\n")
    (tmp_path / "owner.env").unlink()  # an installation with one role
    assert said().startswith(urls["site"])


def test_the_nightly_backup_has_the_owners_role():
    files = unit(FOLDER / "podcast-nightly.service")["Service"]["EnvironmentFile"].split("\n")
    assert files[:2] == ["/etc/podcast/env", "-/etc/podcast/owner.env"]
    for name in ("web", "tick", "invalidator"):
        assert "owner.env" not in (FOLDER / f"podcast-{name}.service").read_text()
    text = (FOLDER / "install").read_text()
    assert text.index(" -/etc/podcast/owner.env ") < text.index("manage.py migrate")


def test_only_the_units_of_backups_see_them_and_their_dumps():
    given = {"-/var/backups/podcast", "-/var/cache/podcast-backup"}
    made = (FOLDER / "make-folders").read_text()
    for name in ("web", "tick", "failure@"):
        service = unit(FOLDER / f"podcast-{name}.service")["Service"]
        hidden = service["InaccessiblePaths"].split()
        assert hidden == [*sorted(given), "-/var/lib/podcast/.ssh"]
        # A running service goes on seeing what is made after its start.
        assert all(f'"$root{path.removeprefix("-")}"' in made for path in hidden)
        assert not given & set(service.get("ReadWritePaths", "").split())
    for name in ("hourly", "nightly"):
        service = unit(FOLDER / f"podcast-{name}.service")["Service"]
        assert given < set(service["ReadWritePaths"].split())


def test_install_says_what_backups_lack(tmp_path: Path):
    (tmp_path / "restic").touch(0o755)

    def said(**given: str) -> str:
        environment = {"PATH": str(tmp_path), "BACKUP_URL": "file:///srv/backups"} | given
        command = ["/bin/sh", str(FOLDER / "warn-of-backups")]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stderr

    assert said(BACKUP_PASSWORD="password") == ""
    assert "owner.env has a BACKUP_PASSWORD" in said() and "restic" not in said()
    (tmp_path / "restic").unlink()
    assert "apt-get install restic" in said(BACKUP_PASSWORD="password")
    assert said(BACKUP_URL="") == ""
    text = (FOLDER / "install").read_text()
    assert text.index("manage deploy/systemd/warn-of-backups") < text.index("Release $release runs")


def test_an_installation_needs_its_settings_first(tmp_path: Path):
    if os.geteuid() != 0 or Path("/etc/podcast/env").exists():
        pytest.skip("only as root, where nothing is installed")
    ran = subprocess.run([FOLDER / "install"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "env.example" in ran.stderr


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[int]:
    """An nginx on a port; its configuration is in tmp_path."""
    (tmp_path / "nginx.conf").write_text(
        MAIN.format(folder=tmp_path, user=getuser(), connections=64)
    )
    port = free_port()
    listen_on(tmp_path, port)
    process = subprocess.Popen([NGINX, "-c", tmp_path / "nginx.conf"])
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    eventually(lambda: len(workers.read_text().split()) == 2)
    yield port
    process.terminate()
    process.wait(timeout=60)


def listen_on(folder: Path, *ports: int) -> None:
    lines = " ".join(f"listen 127.0.0.1:{port};" for port in ports)
    (folder / "podcast.conf").write_text(f"server {{ {lines} }}")


def reloaded(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [ROOT / "deploy/nginx/reload.sh", folder / "nginx.pid", folder / "error.log"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.production
def test_a_reloaded_nginx_listens_on_new_ports(nginx: int, tmp_path: Path):
    more = free_port()
    listen_on(tmp_path, nginx, more)
    assert reloaded(tmp_path).returncode == 0
    socket.create_connection(("127.0.0.1", more), timeout=5).close()


@pytest.mark.production
def test_a_port_in_use_is_named(nginx: int, tmp_path: Path):
    with closing(socket.create_server(("127.0.0.1", 0))) as another:
        in_use = another.getsockname()[1]
        listen_on(tmp_path, nginx, in_use)
        ran = reloaded(tmp_path)
    assert ran.returncode == 1
    assert f"bind() to 127.0.0.1:{in_use} failed (98: Address already in use)" in ran.stderr
    socket.create_connection(("127.0.0.1", nginx), timeout=5).close()  # as before


def test_no_limit_has_the_name_that_one_of_1_0_had(tmp_path: Path):
    """nginx reloads no limit with another key: updates from 1.0 and rollbacks to it would fail."""
    own = tmp_path / "nginx.env"
    own.touch()
    zones = re.findall(r"limit_\w+_zone \S+ zone=(\w+)", filled(own).stdout)
    assert "searches" in zones
    assert not {"questions", "sign_in", "asking", "handing_in"} & set(zones)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """The socket as systemd holds it, open whether or not the site runs."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=1024)) as opened:
        yield opened


Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start(transactional_db, listening: socket.socket, tmp_path: Path) -> Iterator[Start]:
    """Starts the site repeatedly, and ends what is left of it."""
    begun: list[subprocess.Popen[bytes]] = []

    def again() -> subprocess.Popen[bytes]:
        begun.append(started(listening, tmp_path))
        return begun[-1]

    yield again
    for process in begun:
        process.terminate()
        process.wait(timeout=60)


def test_no_request_is_refused_while_the_site_restarts(start: Start, listening: socket.socket):
    port = listening.getsockname()[1]
    first = start()
    assert health(port) == 200  # it runs
    answers: list[int | str] = []
    stop = threading.Event()
    asking = threading.Thread(target=ask_until, args=(stop, port, answers))
    asking.start()
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=60) == 0
    second = start()
    before = len(answers)
    assert health(port) == 200
    stop.set()
    asking.join()
    second.kill()  # as when the machine is out of memory
    second.wait()
    start()
    assert health(port) == 200
    assert set(answers) == {200}
    assert len(answers) >= before


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_with_wrong_settings_the_start_fails_and_nobody_waits(
    listening: socket.socket, tmp_path: Path, workers: str
):
    process = started(listening, tmp_path, SITE_URL="podcast.example.org", WEB_CONCURRENCY=workers)
    assert health(listening.getsockname()[1]) == 503
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert (
        said.decode() == "SITE_URL is “podcast.example.org”: begin it with https:// (or http://).\n"
    )


HANDING_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""


def started(
    listening: socket.socket, tmp_path: Path, **environment: str
) -> subprocess.Popen[bytes]:
    """The unit's command, with the socket passed as systemd does."""
    line = unit(FOLDER / "podcast-web.service")["Service"]["ExecStart"]
    programs = str(Path(sys.executable).parent)  # a path that may hold spaces
    command = [
        part.replace("/opt/podcast/current/.venv/bin", programs)
        for part in line.replace("${GUNICORN_THREADS}", "2").split()
    ]
    env = MACHINE | REQUIRED | {"DATABASE_URL": database_url(), "WEB_CONCURRENCY": "1"}
    number = listening.fileno()
    return subprocess.Popen(
        [sys.executable, "-c", HANDING_OVER, str(number), *command],
        cwd=ROOT, env=env | {"MEDIA_ROOT": str(tmp_path)} | environment, pass_fds=[number],
        stderr=subprocess.PIPE if environment else None,
    )  # fmt: skip


def ask_until(stop: threading.Event, port: int, answers: list[int | str]) -> None:
    while not stop.is_set():
        try:
            answers.append(health(port))
        except OSError as error:
            answers.append(repr(error))


def health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("GET", "/health", headers={"Host": REQUIRED["ALLOWED_HOSTS"]})
        return connection.getresponse().status
