"""The panel on an episode's form: its state, its checklist in numbers, and links to its pages."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from desk.publishing.checklist.assemble import build_checklist
from desk.publishing.page import fetch_episode_or_404
from episodes.models import Episode
from show.models import Show

IN_BIN = (
    'This episode is in the bin. Visitors can’t see it. To restore it, select it in <a href="{}">'
    "the bin</a> and choose “Restore from the bin”."
)


@admin.display(description="publishing")
def publishing_panel(episode: Episode) -> SafeString | str:
    if not episode.pk:
        return ""
    if episode.deleted_at:
        return format_html(IN_BIN, f"{reverse('admin:episodes_episode_changelist')}?state=bin")
    fetched = fetch_episode_or_404(episode.pk)
    context = {"episode": fetched, "checklist": build_checklist(fetched, Show.objects.current())}
    return mark_safe(render_to_string("admin/desk/publishing/panel.html", context))  # noqa: S308
