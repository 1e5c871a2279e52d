from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

STEP = "e170fe3"  # version 1.0, the last that has the migrations which squashed ones replace
HINT = f"Install version 1.0 (commit {STEP}) first and let it migrate, then this version."


def missing_migrations() -> list[str]:
    """Former migrations that this database lacks, where a squashed one replaces others it has."""
    applied = MigrationRecorder(connection).applied_migrations()
    missing: list[str] = []
    for migration in MigrationLoader(None).replacements.values():
        lacking = [key for key in migration.replaces if key not in applied]
        if len(lacking) < len(migration.replaces):
            missing += (f"{app}.{name}" for app, name in lacking)
    return sorted(missing)


def check_history(databases: Any = None, **options: Any) -> list[CheckMessage]:
    """Refuses databases that are too old for one step; `migrate` runs it before it begins."""
    missing = missing_migrations() if databases else []
    if not missing:
        return []
    return [Error(f"This database is too old: it lacks {', '.join(missing)}.", HINT, id="ops.E001")]


class OpsConfig(AppConfig):
    name = "ops"
    verbose_name = "Operations"

    def ready(self) -> None:
        register(check_history, Tags.database)
