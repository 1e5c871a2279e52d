from django.core.management.base import BaseCommand
from django.db import transaction

from episodes.models import Episode
from guests.models import Guest
from notes.fragments import render_fragments
from show.models import Page, Promotion, Show
from stack.models import Technology
from text.markup import RENDERER

RENDERED_ON_SAVE = (Technology, Guest, Show, Promotion, Page)


class Command(BaseCommand):
    help = "Render stored HTML made by an older renderer, or never rendered. Run at each deploy."

    def handle(self, **options: object) -> None:
        count = 0
        for model in RENDERED_ON_SAVE:
            for row in model._default_manager.exclude(renderer=RENDERER):
                row.save()
                count += 1
        stale = Episode.with_deleted.exclude(renderer=RENDERER).values_list("pk", flat=True)
        for pk in stale.iterator():
            with transaction.atomic():
                render_fragments(Episode.with_deleted.select_for_update().get(pk=pk))
            count += 1
        self.stdout.write(f"{count} rendered")
