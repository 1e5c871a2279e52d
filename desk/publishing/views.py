"""The desk's pages beside an episode's form: its checklist, and the texts to send out."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from desk.models import TextTemplate
from desk.placeholders import fill
from desk.publishing.checklist.assemble import checklist_of
from desk.publishing.page import is_public, kept_episode, publishing_page
from desk.publishing.publish import when_form, why_not
from desk.publishing.texts import values_of
from episodes.addresses import absolute_url
from episodes.models import Episode
from show.models import Show

IN_BIN = (
    'In the bin: nobody sees it. To put it back, tick it in <a href="{}">the list of the bin</a> '
    "and choose “Put back from the bin” there."
)
may_view = permission_required("episodes.view_episode", raise_exception=True)


@may_view
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """What to mend before the episode goes out, how it will be shown, and the way out."""
    episode, show = kept_episode(pk), Show.objects.current()
    may_publish = request.user.has_perm("episodes.change_episode") and not why_not(episode)
    return publishing_page(
        request,
        "checklist",
        episode,
        "Checklist",
        checklist=checklist_of(episode, show),
        may_publish=may_publish,
        when=when_form(request, episode),
        show=show,
        address=absolute_url(episode.get_absolute_url()),
    )


@may_view
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """Every template of the host's, filled in for this episode."""
    episode = kept_episode(pk)
    values = values_of(episode, Show.objects.current())
    filled = [(row, fill(row.text, values)) for row in TextTemplate.objects.all()]
    return publishing_page(request, "texts", episode, "Texts to send out", texts=filled)


@admin.display(description="publishing")
def publishing_panel(episode: Episode) -> SafeString | str:
    """For an episode's form: the ways to these pages, and how its checklist stands."""
    if not episode.pk:
        return ""
    if episode.deleted_at:
        return format_html(IN_BIN, f"{reverse('admin:episodes_episode_changelist')}?state=bin")
    kept = kept_episode(episode.pk)
    context = {
        "episode": kept,
        "is_public": is_public(kept),
        "checklist": checklist_of(kept, Show.objects.current()),
    }
    return mark_safe(render_to_string("admin/desk/publishing/panel.html", context))  # noqa: S308
