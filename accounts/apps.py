from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from accounts.roles import set_roles


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Set the roles once `migrate` has created the permissions of every app."""
        last_app = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(set_roles_after_migrate, sender=last_app)


def set_roles_after_migrate(apps: Any = apps, **_: Any) -> None:
    """`apps` has the models of the last applied migration, which may predate groups.

    `flush` sends the signal without it.
    """
    if "group" in apps.all_models["auth"]:
        set_roles()
