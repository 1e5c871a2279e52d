"""The container files, as far as they can be tested without a container engine."""

import http.client
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from getpass import getuser
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.binaries import TRIM
from deploy.nginx.render import TEMPLATE, render, variables
from episodes.tests.factories import show
from tests.image import DOCKERFILE, environment, instructions, wait_for_the_probe, web
from tests.nginx_harness import CACHED, free_port, wait_for
from tests.production import MACHINE, REQUIRED, ROOT, eventually

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


SCRIPTS = "".join(  # sourced by nginx's image, in this order
    f". {shlex.quote(str(ROOT / script))}; "
    for script in ("deploy/nginx/former-names.envsh", "deploy/compose/nginx-defaults.envsh")
)


def stage(name: str) -> str:
    """The lines of one of the Dockerfile's stages."""
    found = re.search(
        rf"^FROM \S+ AS {name}$(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL
    )
    assert found, name
    return found[1].replace("\\\n", " ")


def nginx_variables(**given: str) -> dict[str, str]:
    """The variables of nginx's template in a container, from the image, compose and its .env."""
    compose = {
        name: re.sub(r"\$\{(\w+):-([^}]*)\}", lambda match: given.get(match[1], match[2]), value)
        for name, value in COMPOSE["services"]["nginx"]["environment"].items()
    }
    ran = subprocess.run(
        ["sh", "-euc", f"{SCRIPTS} exec env -0"],
        env=MACHINE | compose, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = dict(line.split("=", 1) for line in ran.stdout.split("\0") if line)
    return {name: value for name, value in found.items() if name.startswith("NGINX_")}


def test_the_images_run_as_an_ordinary_user_with_pinned_packages():
    for name in ("web", "nginx"):
        assert "\nUSER ${UID}:${GID}\n" in stage(name)
        assert "\nHEALTHCHECK " in stage(name)
    assert instructions("ARG").count("UID=1000") == 2  # the invalidator's user is nginx's
    assert "--require-hashes" in stage("packages")
    assert not [line for line in instructions("ENV") if "SECRET_KEY" in line]


def test_nginx_and_caddy_trust_the_same_cdn():
    """As on Debian, where deploy/nginx/render.py reads the list."""
    ranges = "198.51.100.0/24 2001:db8::/32"
    in_image = nginx_variables(TRUSTED_PROXIES=ranges)["NGINX_TRUSTED_PROXIES"].strip()
    assert in_image == "set_real_ip_from 198.51.100.0/24; set_real_ip_from 2001:db8::/32;"
    assert nginx_variables()["NGINX_TRUSTED_PROXIES"] == ""
    values = dict.fromkeys(variables(), "x")
    assert f"\n{in_image}\n" in render(values | {"NGINX_TRUSTED_PROXIES": ranges})
    caddyfile = COMPOSE["services"]["tls"]["environment"]["CADDYFILE"]
    assert "trusted_proxies static ${TRUSTED_PROXIES:-255.255.255.255/32}" in caddyfile


def test_caddy_has_no_open_door_and_logs_no_requests():
    """Nor on Debian, where each program of the machine could reach that door."""
    for caddyfile in (
        COMPOSE["services"]["tls"]["environment"]["CADDYFILE"],
        (ROOT / "deploy/systemd/Caddyfile").read_text(),
    ):
        lines = [line.strip() for line in caddyfile.splitlines() if "#" not in line]
        assert lines[:5] == [
            "{", "admin off", "log default {",
            "exclude http.log.error http.handlers.reverse_proxy", "}",
        ]  # fmt: skip


def test_caddy_and_nginx_drop_idle_connections_after_the_same_time():
    (nginx,) = re.findall(r"keepalive_timeout (\w+);", TEMPLATE.read_text())
    for caddyfile in (
        COMPOSE["services"]["tls"]["environment"]["CADDYFILE"],
        (ROOT / "deploy/systemd/Caddyfile").read_text(),
    ):
        assert re.findall(r"timeouts \{\s+idle (\w+)\s+\}", caddyfile) == [nginx]


def test_debians_caddy_understands_what_the_docs_say(tmp_path: Path):
    """Also the oldest one, 2.6.2 of Debian 12."""
    caddy = shutil.which("caddy") or pytest.skip("caddy isn't here")
    given = (ROOT / "deploy/systemd/Caddyfile").read_text()
    docs = (ROOT / "docs/deploy.md").read_text()
    (proxies,) = re.findall(
        r"`(trusted_proxies [^`]+)` within the braces after `reverse_proxy`", docs
    )
    with_cdn = given.replace("8080 {\n", f"8080 {{\n{proxies}\n")
    moved = given.replace("\n#www.", "\nwww.").replace("\n#\t", "\n\t").replace("\n#}", "\n}")
    before_dns = given.replace("podcast.example {\n", "podcast.example {\ntls internal\n")
    assert len({given, with_cdn, before_dns, moved}) == 4
    for text in (given, with_cdn, before_dns, moved):
        (tmp_path / "Caddyfile").write_text(text)
        ran = subprocess.run(
            [caddy, "validate", "--adapter=caddyfile", f"--config={tmp_path}/Caddyfile"],
            env=MACHINE | {"HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr


def test_the_image_has_the_pages_that_nginx_serves_itself():
    served = re.findall(r"location = /(\w+\.html)", TEMPLATE.read_text())
    assert served == ["maintenance.html", "body_refused.html", "photo_refused.html"]
    assert all(f"templates/{name} " in stage("nginx") for name in served)


def test_an_image_without_a_named_stage_is_the_site():
    assert re.findall(r"^FROM .* AS (\w+)$", DOCKERFILE, re.MULTILINE)[-1] == "web"


def test_no_secret_and_no_history_goes_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split("\n")
    assert {".env", ".env.*", ".git", "var"} <= set(ignored)
    assert ignored.index("!.env.example") > ignored.index(".env.*")  # ops/variables.py reads it


def test_pg_dump_has_the_databases_version():
    server = COMPOSE["services"]["database"]["image"]
    major = server.removeprefix("pgvector/pgvector:pg").partition("-trixie")[0]
    assert f"POSTGRES={major}" in instructions("ARG")


def test_the_site_waits_for_migrations_and_these_for_the_database():
    services = COMPOSE["services"]
    for name in ("web", "tick", "nightly"):
        waits_for = services[name]["depends_on"]["migrate"]
        assert waits_for == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    # It purges all pages as soon as web has other settings.
    assert services["invalidator"]["depends_on"]["web"]["restart"] is True
    assert services["migrate"]["restart"] == "no"
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"
    assert TRIM.items() <= services["database"]["environment"].items()


def test_services_are_hardened():
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["tls"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert "container_name" not in service  # there may be several of web
    assert [name for name, service in services.items() if "cap_add" in service] == ["tls"]
    used = {line.split(":")[0] for row in services.values() for line in row["volumes"]}
    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("former", ["", "former.example, www.podcast.example"])
def test_caddy_redirects_former_domains(tmp_path: Path, former: str):
    """The container's command, with the machine's Caddy."""
    caddy = shutil.which("caddy") or pytest.skip("caddy isn't here")
    tls = COMPOSE["services"]["tls"]
    given = {"SITE_URL": "https://podcast.example", "FORMER_DOMAINS": former}
    env = {
        name: re.sub(r"\$\{(\w+):?[^}]*\}", lambda each: given.get(each[1], ""), value)
        .replace("trusted_proxies static \n", "\n")
        for name, value in tls["environment"].items()
    }  # fmt: skip
    command = tls["command"][2].replace("$$", "$").replace("/tmp/", f"{tmp_path}/")
    command = command.replace("exec caddy run", f"exec {caddy} adapt")
    ran = subprocess.run(
        ["sh", "-euc", command],
        env=MACHINE | env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    routes = [
        (route["match"][0]["host"], json.dumps(route["handle"]))
        for server in json.loads(ran.stdout)["apps"]["http"]["servers"].values()
        for route in server["routes"]
    ]
    assert [hosts for hosts, _ in routes if "podcast.example" in hosts]
    assert [sorted(hosts) for hosts, handle in routes if "Location" in handle] == (
        [["former.example", "www.podcast.example"]] if former else []
    )
    for _, handle in routes:
        if "Location" in handle:
            assert '"Location": ["https://podcast.example{http.request.uri}"]' in handle
            assert '"status_code": 301' in handle


def test_caddy_can_issue_its_own_certificate_before_dns_points_here():
    caddyfile = COMPOSE["services"]["tls"]["environment"]["CADDYFILE"]
    assert "{\n    ${CADDY_TLS:-}\n" in caddyfile
    assert "\n#CADDY_TLS=\n" in (ROOT / ".env.example").read_text()


def test_read_only_services_have_no_inline_config():
    """compose can't copy one into a container with a read-only root."""
    inline = {name for name, each in COMPOSE.get("configs", {}).items() if "content" in each}
    for service in COMPOSE["services"].values():
        assert not inline & {each["source"] for each in service.get("configs", [])}


def test_each_image_has_the_folders_of_its_volumes():
    """A new volume takes the owner of its folder in the image that mounts it first."""
    for name, service in COMPOSE["services"].items():
        if "build" not in service:
            continue
        image = stage("nginx" if name == "nginx" else "site")
        made = " ".join(re.findall(r"install --directory[^&]*", image))
        folders = {line.split(":")[1] for line in service["volumes"]} - {"/tmp"}
        assert folders <= set(made.split()), name


def test_every_variable_of_nginxs_template_is_set():
    assert set(nginx_variables()) == variables()


def test_nginx_and_the_invalidator_share_the_cache():
    services = COMPOSE["services"]
    assert nginx_variables()["NGINX_CACHE"] in services["invalidator"]["command"]
    for name in ("nginx", "invalidator"):
        assert "cache:/cache" in services[name]["volumes"]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"FRONT_SERVERS": "server a; server b;"}, "server a; server b;|8080|$podcast_scheme"),
        ({"FRONT_LISTEN": "9080", "FRONT_SCHEME": "https"}, "{upstream}|9080|https"),
        ({"FRONT_LISTEN": "9080", "NGINX_LISTEN": "9081"}, "{upstream}|9081|$podcast_scheme"),
        ({"FRONT_LISTEN": "9080", "NGINX_LISTEN": "8080"}, "{upstream}|8080|$podcast_scheme"),
        ({"FRONT_SCHEME": "$front_scheme"}, "{upstream}|8080|$podcast_scheme"),
        ({"NGINX_SCHEME": "$front_scheme"}, "{upstream}|8080|$podcast_scheme"),
    ],
)
def test_former_names_of_nginxs_variables_work_in_the_image(given: dict[str, str], line: str):
    shown = 'echo "$NGINX_UPSTREAM|$NGINX_LISTEN|$NGINX_SCHEME"'
    ran = subprocess.run(
        ["sh", "-euc", SCRIPTS + shown],
        env=MACHINE | given, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout == line.format(upstream=nginx_variables()["NGINX_UPSTREAM"]) + "\n"
    if "FRONT_SERVERS" in given:
        assert "FRONT_SERVERS is now NGINX_UPSTREAM" in ran.stderr


def test_nginxs_image_fills_in_its_variables_before_the_template():
    assert "NGINX_ENVSUBST_FILTER=^NGINX_" in stage("nginx")
    # It sources a script before 20-envsubst-on-templates.sh, if it can be executed.
    for script, name in (
        ("deploy/nginx/former-names.envsh", "10-former-names.envsh"),
        ("deploy/compose/nginx-defaults.envsh", "11-nginx-defaults.envsh"),
    ):
        assert f"COPY --chmod=755 {script} /docker-entrypoint.d/{name}\n" in stage("nginx")


def linter(name: str) -> str:
    """A program that .ci/run installs; without it, the test is skipped."""
    path = shutil.which(name, path=f"{ROOT}/var/containers/bin:{os.environ['PATH']}")
    if not path:
        pytest.skip(f"{name} isn't here; .ci/run installs it")
    return path


@pytest.mark.parametrize("more", [[], ["--file", "deploy/compose/s3.yml"]], ids=["alone", "s3"])
def test_compose_understands_its_files(more: list[str], tmp_path: Path):
    for name in ("docker-compose.yml", *more[1:]):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    given = REQUIRED | {"POSTGRES_PASSWORD": "secret"}
    lines = [f"{name}={value}" for name, value in given.items() if name != "DATABASE_URL"]
    (tmp_path / ".env").write_text("\n".join(lines))
    command = [linter("docker-compose"), "--file", "docker-compose.yml", *more, "config"]
    ran = subprocess.run(
        [*command, "--format=json"],
        cwd=tmp_path, env=MACHINE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    config = json.loads(ran.stdout)
    assert "https://podcast.example.org {" in config["services"]["tls"]["environment"]["CADDYFILE"]
    assert config["services"]["web"]["environment"]["DATABASE_URL"].endswith(
        "@database:5432/podcast"
    )


PASSWORDS = {
    "POSTGRES_PASSWORD": "of-the-owner",
    "POSTGRES_SITE_PASSWORD": "of-the-site",
    "POSTGRES_INVALIDATOR_PASSWORD": "of-the-invalidator",
}


def configured(folder: Path, passwords: dict[str, str]) -> dict[str, dict[str, str]]:
    """Each service's environment, as compose fills it in."""
    shutil.copy(ROOT / "docker-compose.yml", folder)
    given = REQUIRED | passwords
    lines = [f"{name}={value}" for name, value in given.items() if name != "DATABASE_URL"]
    (folder / ".env").write_text("\n".join(lines))
    command = [linter("docker-compose"), "config", "--format=json"]
    ran = subprocess.run(command, cwd=folder, env=MACHINE, capture_output=True, check=True)
    services = json.loads(ran.stdout)["services"]
    return {name: each.get("environment", {}) for name, each in services.items()}


def test_each_service_has_a_database_role_and_no_other_password(tmp_path: Path):
    services = configured(tmp_path, PASSWORDS)
    roles = {
        "web": "podcast_site:of-the-site",
        "tick": "podcast_site:of-the-site",
        "invalidator": "podcast_invalidator:of-the-invalidator",
        "migrate": "podcast:of-the-owner",
        "nightly": "podcast:of-the-owner",
    }
    for name, role in roles.items():
        url = services[name].pop("DATABASE_URL")
        assert url == f"postgres://{role}@database:5432/podcast"
    for name in ("web", "tick", "invalidator", "nightly"):
        assert not set(PASSWORDS.values()) & set(services[name].values()), name
    assert set(services["invalidator"]) == {"LOG_LEVEL", "SENTRY_DSN", "SITE_URL"}


def test_an_installation_with_one_database_role_goes_on(tmp_path: Path):
    services = configured(tmp_path, {"POSTGRES_PASSWORD": "PASSWORD"})
    for name in ("web", "tick", "invalidator", "migrate", "nightly"):
        url = services[name]["DATABASE_URL"]
        assert url == "postgres://podcast:PASSWORD@database:5432/podcast"
    assert roles_script(services["migrate"]).returncode == 0  # there is nothing to do


def test_a_missing_password_is_named(tmp_path: Path):
    del (passwords := PASSWORDS.copy())["POSTGRES_INVALIDATOR_PASSWORD"]
    ran = roles_script(configured(tmp_path, passwords)["migrate"])
    assert ran.returncode != 0
    assert "POSTGRES_INVALIDATOR_PASSWORD: set it, too" in ran.stderr


def roles_script(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "deploy/roles.sh"],
        cwd=ROOT, env=MACHINE | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_both_ways_of_compose_prepare_a_release_in_the_same_way():
    """The extension, too: the image's own scripts skip a volume of an earlier release."""
    store = yaml.safe_load((ROOT / "deploy/compose/s3.yml").read_text())
    assert COMPOSE["services"]["migrate"]["command"] == ["sh", "deploy/release.sh"]
    assert store["services"]["migrate"]["command"][-1].endswith("&&\nsh deploy/release.sh\n")


def test_the_invalidator_gets_no_secret():
    invalidator = COMPOSE["services"]["invalidator"]
    assert invalidator["env_file"] == []
    assert not [name for name in invalidator["environment"] if "SECRET" in name]


def test_hadolint_finds_nothing():
    ran = subprocess.run(
        [linter("hadolint"), "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


def test_static_files_of_earlier_releases_remain(tmp_path: Path):
    release, served = tmp_path / "release", tmp_path / "served"
    (release / "css").mkdir(parents=True)
    (served / "css").mkdir(parents=True)
    (served / "css/site.0123456789ab.css").write_text("of a page in a browser's cache")
    (served / "staticfiles.json").write_text("old")
    (release / "css/site.ba9876543210.css").write_text("new")
    (release / "staticfiles.json").write_text("new")
    subprocess.run([ROOT / "deploy/add-static.sh", release, served], check=True)
    assert (served / "css/site.0123456789ab.css").exists()
    assert (served / "css/site.ba9876543210.css").read_text() == "new"
    assert (served / "staticfiles.json").read_text() == "new"
    assert not list(served.rglob("*.new"))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def running(transactional_db, port: int, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of the image's command, which runs on this machine."""
    env = environment(MEDIA_ROOT=str(tmp_path), PORT=str(port), TRUST_PROXY="1")
    with web(env):
        yield env


def test_the_images_command_and_probe(running: dict[str, str]):
    wait_for_the_probe(running)


@pytest.fixture
def nginx(running: dict[str, str], tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """nginx configured as in the image: its port, and the folder of its volumes."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("nginx isn't here")
    port = free_port()
    # Debian's nginx can't resolve names again at run time, unlike the image's.
    values = nginx_variables() | {
        "NGINX_LISTEN": f"127.0.0.1:{port}",
        "NGINX_REFRESH_LISTEN": f"127.0.0.1:{free_port()}",
        "NGINX_MISS_LISTEN": f"127.0.0.1:{free_port()}",
        "NGINX_UPSTREAM": f"server 127.0.0.1:{running['PORT']};",
    }
    for name in ("cache", "logs", "conf.d", "tmp", "static", "media"):
        (tmp_path / name).mkdir(exist_ok=True)
    (tmp_path / "cache").chmod(0o777)
    (tmp_path / "logs").chmod(0o777)
    main = (ROOT / "deploy/compose/nginx.conf").read_text()
    for folder in ("/tmp", "/cache"):
        main = main.replace(f" {folder}/", f" {tmp_path}{folder}/")
    main = main.replace("/etc/nginx/behind_tls.conf", f'"{ROOT}/deploy/nginx/behind_tls.conf"')
    main = main.replace("/etc/nginx/conf.d", f"{tmp_path}/conf.d")
    for name in ("NGINX_CACHE", "NGINX_STATIC", "NGINX_MEDIA", "NGINX_LOG"):
        values[name] = f"{tmp_path}{values[name]}"
    (tmp_path / "nginx.conf").write_text(main)
    (tmp_path / "conf.d/podcast.conf").write_text(render(values))
    command = [program, "-c", str(tmp_path / "nginx.conf"), "-g", f"daemon off; user {getuser()};"]
    wait_for_the_probe(running)
    server = subprocess.Popen(command)
    try:
        wait_for(port)
        yield port, tmp_path
    finally:
        server.terminate()
        assert server.wait(timeout=60) == 0


@pytest.mark.production
def test_nginx_of_the_image_caches_pages_and_logs_clients_addresses(nginx: tuple[int, Path]):
    port, folder = nginx
    show()
    for _ in range(3):
        status, body = ask(port, "/podcast/feed.xml", "203.0.113.9")
        assert status == 200, body
        eventually(lambda: len(list((folder / "cache/pages").glob(CACHED))) == 1)
    assert ask(port, "/media/none.mp3", "203.0.113.9")[0] == 404
    log = folder / "logs/access.log"
    eventually(lambda: log.read_text().count("\n") == 4)  # nginx logs after it has answered
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    statuses = sorted(line["cache"] for line in lines if line["uri"].startswith("/podcast/"))
    assert statuses == ["HIT", "HIT", "MISS"]
    (listener,) = [line for line in lines if line["uri"].startswith("/media/")]
    assert listener["address"] == "203.0.113.9"  # a listener's
    assert len(list((folder / "cache/pages").glob("*/*"))) == 1


@pytest.mark.production
def test_nginx_reopens_a_log_that_was_moved_away(nginx: tuple[int, Path]):
    port, folder = nginx
    log = folder / "logs/access.log"
    script = ROOT / "deploy/compose/new-log.sh"
    watch = subprocess.Popen([script, log, folder / "tmp/nginx.pid"], start_new_session=True)
    try:
        ask_until_logged(port, log)
        log.rename(log.with_name("access.log-2026-01-01"))
        ask_until_logged(port, log)
    finally:
        watch.wait()  # it goes on in the background
        os.killpg(watch.pid, signal.SIGTERM)


@pytest.mark.production
def test_a_log_that_strangers_fill_is_moved_away(tmp_path: Path):
    log = tmp_path / "access.log"
    script = (ROOT / "deploy/compose/new-log.sh").read_text().replace("sleep 5", "sleep 0.1")
    for number in range(6):
        earlier = Path(f"{log}-2026-01-0{number}")
        earlier.touch()
        os.utime(earlier, (0, 0))  # else perhaps of the same moment as the newest
    with log.open("wb") as file:
        file.truncate(101 * 1024 * 1024)
    command = ["sh", "-c", script, "new-log.sh", str(log), str(tmp_path / "nginx.pid")]
    watch = subprocess.Popen(command, start_new_session=True)
    try:
        eventually(lambda: not log.exists() and len(list(tmp_path.iterdir())) == 4)
        assert max(path.stat().st_size for path in tmp_path.iterdir()) > 100 * 1024 * 1024
    finally:
        watch.wait()
        os.killpg(watch.pid, signal.SIGTERM)


def ask_until_logged(port: int, log: Path) -> None:
    for _ in range(200):
        assert ask(port, "/media/none.mp3", "203.0.113.9")[0] == 404
        if log.exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{log} isn't written")


def ask(port: int, path: str, address: str) -> tuple[int, bytes]:
    """Request a page as Caddy does, for a client at this address."""
    headers = {
        "Host": REQUIRED["ALLOWED_HOSTS"],
        "X-Forwarded-For": address,
        "X-Forwarded-Proto": "https",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_owners_services_share_no_folder_with_the_site():
    """What a broken-into site writes there, a backup's check would run in the database."""

    services = COMPOSE["services"]
    used = {name: set(row["volumes"]) for name, row in services.items() if "volumes" in row}
    for name in ("migrate", "nightly"):
        others = set().union(*(used[other] for other in used if other != name))
        assert used[name] & others <= {"media:/media", "logs:/logs"}, name
        assert "/tmp" in {line.split(":")[1] for line in used[name]} | set(
            services[name].get("tmpfs", [])
        )


def test_only_nightly_has_the_keys_of_backups():
    for name in ("BACKUP_ACCESS_KEY_ID", "BACKUP_SECRET_ACCESS_KEY", "BACKUP_PASSWORD"):
        found = {
            service: row["environment"][name]
            for service, row in COMPOSE["services"].items()
            if name in row.get("environment", {})
        }
        assert found == {
            "web": "", "tick": "", "migrate": "", "nightly": f"${{{name}:-}}",
        }  # fmt: skip
    assert COMPOSE["services"]["invalidator"]["env_file"] == []


def test_no_password_is_in_the_arguments_of_a_program(tmp_path: Path):
    """Every user of the machine can read them."""
    psql = tmp_path / "psql"
    psql.write_text('#!/bin/sh\necho "$@"; echo "password $PGPASSWORD"; cat\n')
    psql.chmod(0o755)
    url = "postgres://podcast:of-the-owner@127.0.0.1:1/podcast"  # pragma: allowlist secret
    path = f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    ran = roles_script(REQUIRED | PASSWORDS | {"DATABASE_URL": url, "PATH": path})
    assert ran.returncode == 0, ran.stderr
    arguments, rest = ran.stdout.split("\n", 1)
    assert "podcast" in arguments and not [each for each in PASSWORDS.values() if each in arguments]
    assert "--no-psqlrc" in arguments
    assert rest == f"password of-the-owner\n{(ROOT / 'deploy/roles.sql').read_text()}"
