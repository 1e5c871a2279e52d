"""Highlights: what the home page shows newcomers, and what it could."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize

from desk.highlights.forms import HighlightForm
from desk.highlights.proposals import ProposedHighlight, proposals
from desk.ordered_admin import OrderedAdmin, next_position
from episodes.models import Episode
from pages.start_here import EPISODES, MOMENTS, place_of, resolve
from show.models import Highlight

GONE = "leads to no published episode, or past its end; the home page leaves it out"
STANDS_ABOVE = "(as the newest episode it stands above, and not here)"


@admin.register(Highlight)
class HighlightAdmin(OrderedAdmin):
    empty_list = (
        "Episodes or moments for somebody who is new to the show, such as "
        "/podcast/1-a-site-around-diary-entries?t=1526. Below are proposals."
    )
    form = HighlightForm
    change_list_template = "admin/desk/highlights/change_list.html"
    list_display = ("shown", "path", "position")
    list_editable = ("position",)
    fields = ("path", "position")

    def is_public(self, obj: Highlight) -> bool:
        return obj.path in resolve([obj.path])

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Look up what all rows lead to in one go."""
        changelist = super().get_changelist_instance(request)
        rows: Any = changelist.result_list
        found = resolve([row.path for row in rows])
        newest = newest_episode()
        for row in rows:
            row.found = found.get(row.path)
            row.is_newest = row.found is not None and row.found == newest
        return changelist

    @admin.display(description="shown")
    def shown(self, highlight: Any) -> str:
        if highlight.found is None:
            return GONE
        if isinstance(highlight.found, Episode):
            return f"{highlight.found} {STANDS_ABOVE if highlight.is_newest else ''}"
        return f"{highlight.found.time} {highlight.found.plain}"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with proposals below it; a press adds one of them, or all."""
        if request.method == "POST" and "propose" in request.POST:
            return self._add(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            "proposals": open_proposals() if self.has_add_permission(request) else [],
            "most_episodes": EPISODES,
            "most_moments": MOMENTS,
            "is_empty": not Highlight.objects.exists(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def _add(self, request: HttpRequest) -> HttpResponse:
        """Only what is proposed: nothing else can be added without the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        wanted = request.POST["propose"]
        paths = [each.path for each in open_proposals() if wanted in ("all", each.path)]
        rows = [
            Highlight(path=path, position=position)
            for position, path in enumerate(paths, next_position(Highlight))
        ]
        Highlight.objects.bulk_create(rows, ignore_conflicts=True)
        if rows:
            messages.success(request, f"Added {len(rows)} proposal{pluralize(len(rows))}.")
        else:
            messages.warning(request, "This is no longer proposed.")
        return redirect("admin:show_highlight_changelist")


def open_proposals() -> list[ProposedHighlight]:
    """What isn't picked yet."""
    found = resolve(list(Highlight.objects.values_list("path", flat=True))).values()
    return proposals({place_of(each) for each in found}, newest_episode())


def newest_episode() -> Episode | None:
    return Episode.objects.published().podcast().newest_first().first()
