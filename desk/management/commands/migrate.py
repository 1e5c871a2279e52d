"""Django's `migrate`, after which the desk's roles fit the models there are.

Permissions are made at the end of it, so a migration would come too early.
"""

from typing import Any

from django.core.management.commands import migrate

from accounts.roles import set_roles


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["app_label"] or options["plan"] or options["check_unapplied"]):
            set_roles()
