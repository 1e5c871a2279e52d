"""What commands say of backups."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
from django.core.management.base import CommandError
from django.db import Error, OperationalError
from django.template.defaultfilters import filesizeformat

from ops.backups.errors import BackupError, in_words
from ops.backups.manifest import Verdict
from ops.backups.repository import Backup

SHOWN = 20


@contextmanager
def refusals() -> Iterator[None]:
    """What the host can mend, as words and exit code 1."""
    try:
        yield
    except BackupError as failure:
        raise CommandError(str(failure)) from failure
    except OSError as failure:
        raise CommandError(in_words(failure)) from failure
    except (OperationalError, psycopg2.OperationalError) as failure:
        raise CommandError(
            f"The database says: {str(failure).strip()}\n"
            "Look at its address: DATABASE_URL, or --on."
        ) from failure
    except (Error, psycopg2.Error) as failure:
        raise CommandError(f"The database says: {str(failure).strip()}") from failure


def report(backup: Backup, verdict: Verdict, say: Callable[[str], object]) -> None:
    """Raises BackupError where something was wrong with it."""
    if not verdict.problems:
        rows = sum(table.rows for table in backup.manifest.tables.values())
        say(f"{backup.name}: verified, {rows} rows and {len(backup.manifest.files)} files")
        return
    lines = verdict.problems[:SHOWN]
    if len(verdict.problems) > SHOWN:
        lines.append(f"and {len(verdict.problems) - SHOWN} more")
    raise BackupError(
        "\n".join([f"{backup.name} is damaged:", *lines, "Make another: manage.py backup --check"])
    )


def shown(backup: Backup) -> str:
    """A line of the list."""
    try:
        size = filesizeformat(backup.manifest.size)
    except BackupError as damaged:
        return f"{backup.name}  damaged: {damaged}"
    verdict = backup.verdict
    state = "not checked"
    if verdict:
        state = f"damaged: {verdict.problems[0]}" if verdict.problems else "verified"
    return f"{backup.name}  {size}  PostgreSQL {backup.manifest.postgresql}  {state}"
