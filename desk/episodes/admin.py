"""Episodes: the form with all that hangs on one, the list, the bin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime

from desk.audio.inlines import (
    EnclosureInline,
    SponsorInline,
    audio_link,
    tell_doubts,
    transcript_link,
)
from desk.episodes.bin import BIN, BinAdmin
from desk.episodes.forms import AFTER, PublishingForm, fieldsets_for
from desk.episodes.inlines import (
    AppearanceInline,
    LibraryUseInline,
    ReferenceInline,
    TopicInline,
    UseInline,
    assign_positions,
)
from desk.history.conflicts import changed_since
from desk.model_admin import DeskAdmin
from desk.publishing.defaults import FIXED, is_fixed, next_number
from desk.publishing.views import publishing_panel
from desk.shortcuts import finish
from episodes.models import Episode, EpisodeQuerySet, Joined
from episodes.models.queries import NEWEST_FIRST
from search.engine import search
from text.timecode import format_timecode
from topics.models import Topic

DATE = "j M Y, H:i"
PAGES = 3  # of a search that the list of episodes shows


class EpisodeForm(PublishingForm):
    """Notices another's save meanwhile."""

    data: QueryDict
    edit_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        widgets = {"summary": forms.Textarea({"rows": 3, "cols": 90})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edit_seen"].initial = self.instance.edit_number

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        seen = cleaned.get("edit_seen")
        if self.instance.pk and seen is not None and seen != self.instance.edit_number:
            self._warn_of_conflict(seen)
        return cleaned

    def _warn_of_conflict(self, seen: int) -> None:
        """Refuse once, saying who saved what; what was typed stays, and a second save counts."""
        # As it is stored: the form's own instance holds by now what was typed.
        message = changed_since(Episode.with_deleted.get(pk=self.instance.pk), seen)
        if message is None:
            return
        again = QueryDict(self.data.urlencode(), mutable=True)
        again[self.add_prefix("edit_seen")] = str(self.instance.edit_number)
        self.data = again
        self.add_error(None, message)

    def _get_validation_exclusions(self) -> set[str]:
        # Constraints on kept episodes name deleted_at; as an excluded field it would keep Django
        # from checking them before the write.
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"deleted_at"}


class StateFilter(admin.SimpleListFilter):
    """By what visitors see; the bin is only looked into when asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        states = ("draft", "scheduled", "published", "withdrawn")
        return [(state, state.capitalize()) for state in states] + [(BIN, "In the bin")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Episode]:
        if self.value() == BIN:
            return queryset.exclude(deleted_at=None)
        kept: EpisodeQuerySet = queryset.filter(deleted_at=None)
        match self.value():
            case "published":
                return kept.published()
            case "scheduled":
                return kept.scheduled()
            case "draft" | "withdrawn" as status:
                return kept.filter(status=status)
        return kept


@admin.register(Episode)
class EpisodeAdmin(BinAdmin, DeskAdmin):
    form = EpisodeForm
    inlines = (
        AppearanceInline, EnclosureInline, TopicInline, UseInline, LibraryUseInline,
        ReferenceInline, SponsorInline,
    )  # fmt: skip
    list_display = ("number", "title", "guest_names", "state", "published", "length")
    list_display_links = ("title",)
    list_filter = (StateFilter, "kind")
    list_select_related = ("enclosure",)
    search_fields = (
        "title",
        "summary",
        "slug",
        "=number",
        "appearances__guest__name",
        "uses__technology__name",
    )
    search_help_text = "Anything listeners can find; drafts by title, number, guest or technology"
    date_hierarchy = "published_at"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("kind", "number"),
                    "title",
                    "slug",
                    ("status", "published_at"),
                    "edit_seen",
                )
            },
        ),
        ("Words", {"fields": ("summary", "introduction", "audio_link", "transcript_link")}),
        (
            AFTER,
            {
                "classes": ("collapse",),
                "description": "What listeners should know when something changed.",
                "fields": ("correction", "updated_on", "notice"),
            },
        ),
        (
            "For podcast apps",
            {
                "classes": ("collapse",),
                "description": "Empty where the episode is like the rest of the show.",
                "fields": ("type", "season", "language", "explicit", "image", "image_url", "guid"),
            },
        ),
    )

    class Media:
        css = {"all": ("desk/publishing.css",)}
        js = ("desk/inlines.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Episode]:
        return Episode.with_deleted.newest_first().prefetch_related("appearances__guest")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Episode], bool]:
        """What listeners' search finds, best first; and by their fields those it can't know."""
        named, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return named, may_repeat
        keys = answering(search_term)
        found = queryset.filter(Q(pk__in=named.order_by().values("pk")) | Q(pk__in=keys))
        if keys and "o" not in request.GET:
            places = [When(pk=key, then=place) for place, key in enumerate(keys)]
            found = found.order_by(Case(*places, default=len(keys)), *NEWEST_FIRST)
        return found, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None):
        """Locked while it is being written, so that two hosts' saves follow each other."""
        episode = super().get_object(request, object_id, from_field)
        if episode is None or request.method != "POST":
            return episode
        return Episode.with_deleted.select_for_update().filter(pk=episode.pk).first()

    def get_readonly_fields(self, request: HttpRequest, obj: Episode | None = None):
        fixed = FIXED if obj and is_fixed(obj) else ()
        return ("audio_link", "transcript_link", "publishing_panel", *fixed)

    def get_fieldsets(self, request: HttpRequest, obj: Episode | None = None) -> Any:
        return fieldsets_for(self.fieldsets, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {"number": next_number(str(initial.get("kind", Episode.Kind.PODCAST)))} | initial

    def get_view_on_site_url(self, obj: Episode | None = None) -> str | None:
        """Drafts have no public page yet, and deleted ones none any more."""
        visible = obj and obj.pk and Episode.objects.viewable().filter(pk=obj.pk).exists()
        return super().get_view_on_site_url(obj) if visible else None

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if issubclass(formset.model, Joined | Topic):
            assign_positions(formset)
        tell_doubts(request, formset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Read anew: the form's own instance remembers audio and sponsor as they were.
        finish(request, Episode.with_deleted.get(pk=form.instance.pk))

    audio_link = staticmethod(audio_link)
    transcript_link = staticmethod(transcript_link)
    publishing_panel = staticmethod(publishing_panel)

    @admin.display(description="guests")
    def guest_names(self, episode: Episode) -> str:
        return ", ".join(row.guest.name for row in episode.appearances.all())

    @admin.display(ordering="status")
    def state(self, episode: Episode) -> str:
        if episode.deleted_at:
            return "In the bin"
        return "Scheduled" if episode.is_scheduled() else episode.status.capitalize()

    @admin.display(ordering="published_at")
    def published(self, episode: Episode) -> str:
        return date_format(localtime(episode.published_at), DATE) if episode.published_at else ""

    @admin.display(ordering="enclosure__seconds")
    def length(self, episode: Episode) -> str | None:
        return format_timecode(episode.seconds) if episode.seconds is not None else None


def answering(query: str) -> list[int]:
    """Keys of the episodes on the first pages of a search, best first."""
    first = search(query)
    pages = [first, *(search(query, page=each) for each in range(2, min(first.pages, PAGES) + 1))]
    return [result.episode.pk for each in pages for result in each.results]
