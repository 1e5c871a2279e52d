from django.core.management.base import BaseCommand

from notes.rendering import rerender_stale


class Command(BaseCommand):
    help = "Render stored HTML made by an older renderer, or never rendered. Run at each deploy."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{rerender_stale()} rendered")
