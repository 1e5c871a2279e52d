from typing import Any

from django.core.management.base import BaseCommand
from django.db import models, transaction

from episodes.models import Episode
from guests.models import Guest
from notes.fragments import render_fragments
from search.index import refresh
from search.models import Question
from show.models import Page, Promotion, Show
from stack.models import Technology
from text.markup import RENDERER

RENDERED: tuple[type[models.Model], ...] = (
    Technology, Guest, Question, Show, Promotion, Page, Episode,
)  # fmt: skip


class Command(BaseCommand):
    help = "Render stored HTML made by an older renderer, or never rendered. Run at each deploy."

    def handle(self, **options: object) -> None:
        count = 0
        for model in RENDERED:
            rows = model._base_manager.all()
            stale = list(rows.exclude(renderer=RENDERER).values_list("pk", flat=True))
            for pk in stale:
                # One row, one transaction: whoever edits it meanwhile loses nothing.
                with transaction.atomic():
                    render(rows.select_for_update(of=("self",)).get(pk=pk))
            count += len(stale)
        self.stdout.write(f"{count} rendered")


def render(row: Any) -> None:
    """Write the row's fragments anew, and no other column; search follows."""
    if isinstance(row, Episode):
        render_fragments(row)
        refresh([row.pk])  # it reads what was rendered
        return
    names = [field.name for field in row._meta.fields if field.name.endswith("_html")]
    row.save(update_fields=[*names, "renderer"])
