"""Bring database and static files up to date before serving, in one Django process.

Run by `./run serve` and `./run dev` as `python -m deploy.local.prepare STATE`;
DJANGO_SETTINGS_MODULE and the settings come from the environment.
"""

import argparse
import hashlib
import os
import secrets
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from deploy.local.environment import ROOT
from deploy.local.postgres import CREATE_EXTENSION
from podcast.startup import PROBLEMS, reason

FIXTURES = ROOT / "fixtures"
ROWS = [FIXTURES / f"{name}.json" for name in ("show", "technologies", "questions")]
HOST_NAME = "host"


def load_sample() -> None:
    """The sample catalogue. Can be repeated: what is there already stays as it is."""
    call_command("loaddata", *ROWS, verbosity=0)
    rerender()
    call_command(
        "import_show_notes", FIXTURES / "show-notes.txt", "--facts", FIXTURES / "audio.tsv"
    )


def rerender() -> None:
    """Render what an older version of the site rendered; some queries where all is fresh."""
    call_command("rerender", stdout=StringIO())


def migrate() -> None:
    """Apply pending migrations; one query where there are none."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Migrating the database.", flush=True)
        call_command("migrate", verbosity=0, interactive=False, skip_checks=False)


def create_extension() -> None:
    """The extension that new databases have from their template."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE_EXTENSION)


def make_host_account(state: Path) -> None:
    """An administrator, if there is none; committed only once the password was shown."""
    users = get_user_model().objects
    with transaction.atomic():
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(HOST_NAME, password=password)
        show_sign_in(f"Sign in at {settings.SITE_URL}/admin/ as {HOST_NAME}, {password}", state)


def show_sign_in(text: str, state: Path) -> None:
    """Print the sign-in on a terminal. Other output may be stored, so a private file takes it."""
    if sys.stdout.isatty():
        print(f"\n  {text}\n", flush=True)
        return
    path = state / "sign-in.txt"
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(f"{text}\n")
    print(f"The host's sign-in is in {path}", flush=True)


def collect_static() -> None:
    """Hash and compress the static files, if a name, size or time changed since the last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("--sample", action="store_true", help="load it into a new database")
    parser.add_argument("--private", action="store_true", help="the database is the private one")
    parser.add_argument("--static", action="store_true", help="collect static files")
    options = parser.parse_args()

    django.setup()
    sample = options.state / "sample"  # says what became of it in the private database
    # Before the first migration, so that an interruption is noticed.
    if options.private and not MigrationRecorder(connection).has_table():
        sample.write_text("loading" if options.sample else "left out")
    if options.private:
        create_extension()
    migrate()
    if options.private and sample.exists() and sample.read_text() == "loading":
        print("Loading the sample catalogue.", flush=True)
        load_sample()
        sample.write_text("loaded")
    rerender()
    if options.private:
        call_command("rebuild_search", missing=True, stdout=StringIO())
    make_host_account(options.state)
    if options.static:
        collect_static()


if __name__ == "__main__":
    try:
        main()
    except CommandError as problem:
        sys.exit(f"{problem}")
    except PROBLEMS as error:
        sys.exit(reason(error))
