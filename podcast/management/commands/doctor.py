"""What is right and wrong with this installation."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from podcast.doctor import examine


class Command(BaseCommand):
    help = "Look at what production needs, a line each with what mends it; 1 if something is wrong."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        is_well = True
        for finding in examine():
            self.stdout.write(
                f"{'!!' if finding.mend else 'ok'}  {finding.subject:12}{finding.text}"
            )
            if finding.mend:
                is_well = False
                self.stdout.write(f"{'':16}{finding.mend}")
        if not is_well:
            sys.exit(1)
