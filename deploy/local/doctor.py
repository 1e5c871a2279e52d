"""`./run doctor`: one screen of what is right and wrong here, each with how to fix it.

It looks only: starts nothing, changes nothing, and asks the database when that runs anyway.
"""

import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

from deploy.local import packages
from deploy.local.binaries import account_for, candidates, version_of
from deploy.local.environment import ROOT, address, completed, given, local_url, state_folder
from deploy.local.installation import described
from deploy.local.postgres import PrivateDatabase, url_of
from deploy.local.serving import unusable

ENOUGH_SPACE = 500 * 1024**2
# The first opens a page in a quarter of the others' time: it has no windows.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class Finding(NamedTuple):
    """One line of the report. Without `fix`, nothing is wrong."""

    subject: str
    text: str
    fix: str = ""


def examine() -> int:
    """Print all findings; 1 if something is wrong."""
    report = list(findings(given(), PrivateDatabase(state_folder())))
    for finding in report:
        print(f"{'!!' if finding.fix else 'ok'}  {finding.subject:12}{finding.text}")
        if finding.fix:
            print(f"{'':16}{finding.fix}")
    amiss = any(finding.fix for finding in report)
    return 1 if production() or amiss else 0


def production() -> int:
    """What `manage.py doctor` says of a site with its own database; 1 if something is wrong."""
    env = given()
    if not (url := env.get("DATABASE_URL")) or not packages.works():
        return 0
    print(flush=True)
    command = [packages.python(), "manage.py", "doctor"]
    return subprocess.run(command, cwd=ROOT, env=completed(env, url)).returncode


def findings(env: Mapping[str, str], database: PrivateDatabase) -> Iterator[Finding]:
    """All findings, in the order in which a start needs what they check."""
    yield Finding("Python", f"{sys.version.split()[0]}, {sys.executable}")
    yield venv(env)
    if url := env.get("DATABASE_URL"):
        yield Finding("Database", "DATABASE_URL is given; the private database is not used")
    else:
        yield from programs(env, database.data)
        yield from private_database(database)
        url = running_url(database)
    yield port(env, database)
    yield from contents(env, url, database.state)
    yield secrets(database.state)
    yield space(database.state)
    yield chromium(env)


def venv(env: Mapping[str, str]) -> Finding:
    """The virtual environment and its packages."""
    folder = packages.venv_folder()
    if not packages.works():
        return Finding("Packages", f"{folder} is missing", "./run serve makes it")
    if missing := packages.out_of_step(*packages.needed(env)):
        text = f"{folder} is not in step with {', '.join(missing)}"
        return Finding("Packages", text, "./run serve installs them")
    return Finding("Packages", f"{folder} is in step with the requirements")


def programs(env: Mapping[str, str], data: Path) -> Iterator[Finding]:
    """PostgreSQL's programs, whether they fit the data, and what search can do with them."""
    found = candidates(packages.venv_folder(), env)
    folders = [folder for folder in found if (folder / "postgres").exists()]
    if not folders:
        yield Finding("PostgreSQL", "no programs", "./run serve installs them, or set PGBIN")
        return
    # Asked as ourselves: programs that the server's user can't reach are copied at the start.
    version = version_of(folders[0], None)
    written_by = data / "PG_VERSION"
    if written_by.exists() and int(written_by.read_text()) != version:
        text = f"{version} in {folders[0]}; the data are of {written_by.read_text().strip()}"
        yield Finding("PostgreSQL", text, "./run serve prints how to move them")
    else:
        yield Finding("PostgreSQL", f"{version} in {folders[0]}")
    shares = (folders[0].parent / "share", Path(f"/usr/share/postgresql/{version}"))
    if any((share / "extension/vector.control").exists() for share in shares):
        yield Finding("Search", "by words and by meaning")
    else:
        yield Finding("Search", "by words alone: this PostgreSQL has no pgvector")


def private_database(database: PrivateDatabase) -> Iterator[Finding]:
    """The data folder and who runs it."""
    if database.data.exists():
        account = account_for(database.data)
        owner = f", owned by user {account.uid}" if account else ""
        yield Finding("Data", f"{database.data}{owner}")
        text = "postgres, a superuser, which suits a private installation alone (docs/deploy.md)"
        yield Finding("Role", text)
    else:
        yield Finding("Data", f"none yet; ./run serve makes {database.data}")
    if holder := database.holder():
        yield Finding("Running", described(holder))
    elif database.alive.is_free():
        yield Finding("Running", "nothing")
    else:
        yield Finding("Running", "the last server is shutting down; the next start waits for it")


def running_url(database: PrivateDatabase) -> str:
    """The URL of the private database, empty when it doesn't run."""
    sockets = database.holder().get("socket")
    return url_of(Path(sockets)) if sockets else ""


def port(env: Mapping[str, str], database: PrivateDatabase) -> Finding:
    """Whether the site can listen on its port."""
    host, number = address(env)
    problem = unusable(host, number)
    if not problem:
        return Finding("Port", f"{number} on {host} is free")
    if database.holder().get("url", "").endswith(f":{number}") or is_ours(local_url(host, number)):
        return Finding("Port", f"{number} on {host} is ours")
    text, fix = problem
    return Finding("Port", text.partition(". ")[0], fix)


def is_ours(url: str) -> bool:
    """Whether this site answers there, such as one with a DATABASE_URL, which has no holder."""
    try:
        with urlopen(f"{url}/health", timeout=10) as response:  # noqa: S310 - http
            return bool(json.load(response)["status"])
    except HTTPError as refusal:
        return refusal.code == 503 and "X-Request-ID" in refusal.headers
    except (OSError, ValueError, KeyError, TypeError):
        return False


def contents(env: Mapping[str, str], url: str, state: Path) -> Iterator[Finding]:
    """Migrations, and what became of the sample."""
    if not url or not packages.works():
        yield Finding("Migrations", "unknown: the database doesn't run; ./run serve applies them")
    else:
        yield migrations(completed(dict(env), url))
    mark = state / "sample"
    if mark.exists() and not env.get("DATABASE_URL"):
        unfinished = mark.read_text() == "loading"
        fix = "./run serve loads it again" if unfinished else ""
        yield Finding("Sample", "loading was cut short" if unfinished else mark.read_text(), fix)


def migrations(env: Mapping[str, str]) -> Finding:
    """Whether the database has all migrations."""
    command = [packages.python(), "manage.py", "migrate", "--check"]
    result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if result.returncode == 0:
        return Finding("Migrations", "all applied")
    if result.stderr:
        problem = result.stderr.strip().splitlines()[-1]
        return Finding("Migrations", problem, "./run manage migrate --check shows all of it")
    return Finding("Migrations", "some are not applied", "./run manage migrate")


def secrets(state: Path) -> Finding:
    """Whether nobody else can read the secret key and the host's sign-in."""
    files = [state / name for name in ("secret-key", "sign-in.txt") if (state / name).exists()]
    for path in files:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            return Finding("Secrets", f"others can read {path}", f"chmod 600 '{path}'")
    names = ", ".join(path.name for path in files) or "none yet"
    return Finding("Secrets", f"{names} in {state}, for its owner only")


def space(state: Path) -> Finding:
    """Room for the database, packages and uploads."""
    free = min(shutil.disk_usage(folder).free for folder in (state, ROOT))
    text = f"{free / 1024**3:.1f} GB free"
    return Finding("Disk", text, "" if free > ENOUGH_SPACE else f"free some space near {state}")


def chromium(env: Mapping[str, str]) -> Finding:
    """The browser that browser tests drive; the site needs none."""
    found = env.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return Finding("Chromium", found)
    return Finding("Chromium", "none: browser tests are skipped (sudo apt-get install chromium)")
