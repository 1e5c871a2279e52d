"""Rendering stored HTML again, after the renderer or a text changed."""

from typing import Any

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


def rerender_stale() -> int:
    """Render the rows of an older renderer. Returns how many there were."""
    count = 0
    for model in RENDERED:
        rows = model._base_manager.all()
        stale = list(rows.exclude(renderer=RENDERER).values_list("pk", flat=True))
        for pk in stale:
            # One transaction per row, which holds no lock for long and loses nobody's edit.
            with transaction.atomic():
                rerender(rows.select_for_update(of=("self",)).get(pk=pk))
        count += len(stale)
    return count


def rerender(row: Any) -> None:
    """Render one row's HTML and save only those columns. Refreshes search for an episode."""
    if isinstance(row, Episode):
        render_fragments(row)
        refresh([row.pk])
        return
    names = [field.name for field in row._meta.fields if field.name.endswith("_html")]
    row.save(update_fields=[*names, "renderer"])
