from typing import Any

from django.core.management.base import BaseCommand

from episodes.pictures import make_all_renditions


class Command(BaseCommand):
    help = "Make the small copies of stored photos, covers and interview pictures that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        made = 0
        for row, is_made in make_all_renditions():
            if is_made:
                made += 1
                self.stdout.write(f"{row._meta.verbose_name}: {row}")
        self.stdout.write(f"{made} made")
