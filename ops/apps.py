from django.apps import AppConfig
from django.core.checks import Tags, register

from ops.upgrades import check_history


class OpsConfig(AppConfig):
    name = "ops"
    verbose_name = "Operations"

    def ready(self) -> None:
        register(check_history, Tags.database)
