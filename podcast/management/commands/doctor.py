"""What is right and wrong with this installation."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from ops.doctor.checks import diagnose


class Command(BaseCommand):
    help = "Check what production needs, and print what fixes each problem; exit 1 if there is one."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        is_healthy = True
        for subject, text, remedy in diagnose():
            self.stdout.write(f"{'!!' if remedy else 'ok'}  {subject:12}{text}")
            if remedy:
                is_healthy = False
                self.stdout.write(f"{'':16}{remedy}")
        if not is_healthy:
            sys.exit(1)
