"""The list of episodes, and an episode's form with all its rows."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Case, Q, QuerySet, When
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from accounts.roles import edits_drafts_only
from desk.audio.inlines import (
    EnclosureInline,
    SponsorInline,
    add_warnings,
)
from desk.episodes.bin import BinAdmin
from desk.episodes.chips import UseInline
from desk.episodes.forms import AFTER, EpisodeForm, fieldsets_for, filled
from desk.episodes.inlines import (
    LibraryUseInline,
    ReferenceInline,
    TopicInline,
    assign_positions,
)
from desk.episodes.merging import tell_both_changed
from desk.lists.thumbnails import episode_picture
from desk.model_admin import DeskAdmin, is_key
from desk.publishing.defaults import FIXED_NUMBER, fixed_fields, next_number
from desk.publishing.visibility import tell_stale_chapters, tell_visibility
from desk.shortcuts import BIN, finish, refuse_unless_draft
from desk.start.unfinished import UNFINISHED
from desk.workspace.bar import Save, workspace
from desk.workspace.returning import return_address
from episodes.models import NEWEST_FIRST, Episode, EpisodeQuerySet, Joined
from episodes.rights import may_edit
from notes.history import last_revision
from search.engine import search
from text.timecode import format_timecode
from topics.models import Topic

# The form's parts, of which one is shown at a time.
PANES = (("basics", "Basics"), ("topics", "Topics"), ("stack", "Stack and links"))
DATE = "j M Y, H:i"
PAST_DATE = "Its date is in the past: publishing it for that date makes it public at once."
SEARCH_PAGES = 3  # of full-text results that the list includes


class StateFilter(admin.SimpleListFilter):
    """Filters by what visitors see. Lists episodes in the bin only on request."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        states = ("unfinished", "draft", "scheduled", "published", "withdrawn")
        return [(state, state.capitalize()) for state in states] + [(BIN, "In the bin")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Episode]:
        if self.value() == BIN:
            return queryset.exclude(deleted_at=None)
        active: EpisodeQuerySet = queryset.filter(deleted_at=None)
        match self.value():
            case "unfinished":
                return active.filter(UNFINISHED)
            case "published":
                return active.published()
            case "scheduled":
                return active.scheduled()
            case "draft" | "withdrawn" as status:
                return active.filter(status=status)
        return active


@admin.register(Episode)
class EpisodeAdmin(BinAdmin, DeskAdmin):
    empty_list = (
        "Episodes and written interviews, such as “1: A Site Around Diary Entries”. Paste show "
        "notes for the first one, or fill in a form."
    )
    form = EpisodeForm
    inlines = (
        EnclosureInline, TopicInline, UseInline, LibraryUseInline,
        ReferenceInline, SponsorInline,
    )  # fmt: skip
    list_display = ("picture", "number", "title", "guest_names", "state", "published", "length")
    list_display_links = ("title",)
    list_filter = (StateFilter, "kind")
    list_select_related = ("enclosure",)
    search_fields = (
        "title", "summary", "slug", "=number", "appearances__guest__name", "uses__technology__name",
    )  # fmt: skip
    search_help_text = (
        "This finds what listeners’ search finds, and drafts by title, number, guest or technology."
    )
    date_hierarchy = "published_at"
    fieldsets = (
        (None, {"fields": (
            ("kind", "number"), "title", "slug", ("status", "published_at"), "edit_seen",
        )}),
        ("Text", {"fields": ("summary", "introduction")}),
        (AFTER, {
            "classes": ("collapse",),
            "description": "Tell listeners here what has changed.",
            "fields": ("correction", "updated_on", "notice"),
        }),
        ("For podcast apps", {
            "classes": ("collapse",),
            "description": "Leave a field empty to use the show’s value.",
            "fields": ("type", "season", "language", "explicit", "image", "image_url", "guid"),
        }),
    )  # fmt: skip

    class Media:
        css = {"all": ("desk/workspace.css", "desk/episode_form.css")}
        js = (
            "desk/inlines.js",
            Script("desk/go_there.js", type="module"),
            Script("desk/chips.js", type="module"),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Episode]:
        return Episode.with_deleted.newest_first().prefetch_related("appearances__guest")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Episode], bool]:
        """Full-text results, best first, then matches in fields, which include drafts."""
        matches, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return matches, may_repeat
        keys = full_text_keys(search_term)
        found = queryset.filter(Q(pk__in=matches.order_by().values("pk")) | Q(pk__in=keys))
        if keys and "o" not in request.GET:
            ranks = [When(pk=key, then=rank) for rank, key in enumerate(keys)]
            found = found.order_by(Case(*ranks, default=len(keys)), *NEWEST_FIRST)
        return found, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None):
        """Lock the episode on POST, so that two saves run one after the other."""
        episode = super().get_object(request, object_id, from_field)
        if episode is None or request.method != "POST" or not connection.in_atomic_block:
            return episode
        return Episode.with_deleted.select_for_update().filter(pk=episode.pk).first()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A save of what was a draft when the form was opened is refused with the reason."""
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except PermissionDenied:
            if object_id is None or not is_key(object_id):
                raise
            refused = refuse_unless_draft(request, int(object_id))
            if refused is None:
                raise
            return refused

    def has_change_permission(self, request: HttpRequest, obj: Episode | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_edit(request.user, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Episode | None = None):
        fixed = ("status",) if edits_drafts_only(request.user) else ()
        return (*fixed, *fixed_fields(obj)) if obj else fixed

    def get_form(
        self, request: HttpRequest, obj: Episode | None = None, change: bool = False, **options: Any
    ) -> Any:
        if obj and "number" in fixed_fields(obj):
            options["help_texts"] = {"number": FIXED_NUMBER}
        form: Any = super().get_form(request, obj, change, **options)
        form.user = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Episode | None = None) -> Any:
        found = fieldsets_for(self.fieldsets, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        return filled(found, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {"number": next_number(str(initial.get("kind", Episode.Kind.PODCAST)))} | initial

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        episode = kwargs.get("obj")
        may_save = self.has_change_permission(request, episode) if episode else True
        if episode and request.method == "POST":  # a refused form has changed this instance
            episode = Episode.with_deleted.get(pk=episode.pk)
        save = Save("episode_form") if may_save else None
        context |= {"workspace": workspace(request.user, episode, "form", save), "panes": PANES}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Episode, post_url_continue: Any = None):
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, f"“{obj}” saved.")
        return redirect("admin:episodes_episode_change", obj.pk)

    def response_change(self, request: HttpRequest, obj: Episode) -> HttpResponse:
        """Back to where the host came from, such as a filtered list; else the form again."""
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        messages.success(request, f"“{obj}” saved.")
        if obj.has_past_date:
            messages.warning(request, PAST_DATE)
        if self.get_preserved_filters(request):
            return self.response_post_save_change(request, obj)
        return HttpResponseRedirect(return_address(request, request.get_full_path()))

    def is_public(self, obj: Episode) -> bool:
        return not obj.deleted_at and obj.is_viewable

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if issubclass(formset.model, Joined | Topic):
            assign_positions(formset)
        add_warnings(request, formset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = last_revision(form.instance)
        # Read again: the form's instance has cached the former audio and sponsor.
        episode = Episode.with_deleted.get(pk=form.instance.pk)
        if form.merge:
            form.merge.merge_rows(episode)
            tell_both_changed(request, form.merge)
            episode = Episode.with_deleted.get(pk=form.instance.pk)
        finish(request, episode)
        tell_visibility(request, before, episode)
        tell_stale_chapters(request, episode)

    @admin.display(description="picture")
    def picture(self, episode: Episode) -> SafeString:
        return episode_picture(episode)

    @admin.display(description="guests")
    def guest_names(self, episode: Episode) -> str:
        return ", ".join(row.guest.name for row in episode.appearances.all())

    @admin.display(ordering="status")
    def state(self, episode: Episode) -> str:
        if episode.deleted_at:
            return "In the bin"
        return "Scheduled" if episode.is_scheduled else episode.status.capitalize()

    @admin.display(ordering="published_at")
    def published(self, episode: Episode) -> str:
        return date_format(localtime(episode.published_at), DATE) if episode.published_at else ""

    @admin.display(ordering="enclosure__seconds")
    def length(self, episode: Episode) -> str | None:
        return format_timecode(episode.seconds) if episode.seconds is not None else None


def full_text_keys(query: str) -> list[int]:
    """Keys of the episodes on the first pages of search results, best first."""
    first = search(query)
    last = min(first.pages, SEARCH_PAGES)
    pages = [first, *(search(query, page=page) for page in range(2, last + 1))]
    return [result.episode.pk for page in pages for result in page.results]
