"""The show, its follow links, promotions, calls to action, pages and redirects."""

from difflib import get_close_matches
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.images import get_image_dimensions
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from desk.fields import CategoriesField
from desk.focal_point import FIELDS as FOCAL_POINT
from desk.focal_point import FocalPointForm
from desk.history.optimistic_lock import OptimisticLockAdmin, OptimisticLockForm
from desk.model_admin import DeskAdmin
from desk.ordered_admin import OrderedAdmin
from desk.publishing.checklist.podcast_apps import LARGEST, SMALLEST
from desk.show.midnights import count_moved_days
from desk.show.redirect_form import RedirectForm
from feeds.apple_categories import CATEGORIES, apple_category
from show.models import CallToAction, FollowLink, Page, Promotion, Redirect, Show
from show.timezones import is_fixed_offset, suggest_timezone

# What costs listeners, and what to say before.
DRASTIC = {
    "complete": "Apps stop looking for new episodes.",
    "hidden": "Apple Podcasts and other directories remove the show.",
    "new_feed_url": "Apps move every listener to that feed, and don’t come back to this one.",
}
CONFIRM = "If you mean it, tick “Yes, do this” as well."


class ShowForm(FocalPointForm, OptimisticLockForm):
    square_sizes = (112, 256)
    confirmed = forms.BooleanField(
        label="Yes, do this",
        required=False,
        help_text="Tick this, too, when you fill in one of the three above.",
    )
    categories = CategoriesField(
        required=False,
        help_text="Enter Apple’s categories, one to a line: News, or News > Tech News.",
    )

    class Meta:
        labels = {"timezone": "Time zone"}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        for name in DRASTIC.keys() & set(self.changed_data):
            if cleaned.get(name) and not cleaned.get("confirmed"):
                self.add_error(name, f"{DRASTIC[name]} {CONFIRM}")
        return cleaned

    def clean_categories(self) -> list[list[str]]:
        """Apple's own spelling. Categories stored before, by an import, stay as they are."""
        paths: list[list[str]] = self.cleaned_data["categories"]
        if "categories" not in self.changed_data:
            return paths
        return [_apples(path) for path in paths]

    def clean_artwork(self) -> Any:
        """Apple takes out of its directory what has other artwork. What is stored stays."""
        artwork = self.cleaned_data["artwork"]
        if artwork and "artwork" in self.changed_data:
            width, height = (side or 0 for side in get_image_dimensions(artwork))
            if width != height or not SMALLEST <= width <= LARGEST:
                raise ValidationError(
                    f"This picture has {width:,} × {height:,} pixels. Apple requires a square of "
                    f"{SMALLEST:,} to {LARGEST:,}."
                )
        return artwork

    def clean_timezone(self) -> str:
        zone = self.cleaned_data["timezone"]
        if "timezone" in self.changed_data and is_fixed_offset(zone):
            place = suggest_timezone(zone) or "America/New_York"
            raise ValidationError(
                f"{zone} has no daylight saving time: dates in summer would be an hour off. "
                f"Enter a place in your zone, such as {place}."
            )
        return zone


def _apples(path: list[str]) -> list[str]:
    if found := apple_category(tuple(path)):
        return found
    typed = " > ".join(path)
    close = get_close_matches(typed, CATEGORIES, n=1)
    meant = f" Do you mean {close[0]}?" if close else ""
    raise ValidationError(f"Apple has no category “{typed}”.{meant}")


@admin.register(Show)
class ShowAdmin(OptimisticLockAdmin, DeskAdmin):
    form = ShowForm
    autocomplete_fields = ("host",)
    fieldsets = (
        (None, {"fields": ("title", "tagline", "description", "host", "website", "timezone")}),
        ("For podcast apps", {"fields": (
            "author", ("owner_name", "owner_email"), "copyright", "language", "type", "explicit",
            "categories", "keywords", "artwork", FOCAL_POINT, "artwork_url", "podcast_guid",
        )}),
        ("The feed", {"fields": (
            ("update_frequency", "update_rule"), "enclosure_prefix", "hub", "locked",
        )}),
        ("Ending, hiding or moving the show", {
            "classes": ("collapse",),
            "description": "Listeners’ apps act on these at once, and some can’t be called back.",
            "fields": ("complete", "hidden", "new_feed_url", "confirmed"),
        }),
        ("Advanced: other tags of the feed", {
            "classes": ("collapse",), "fields": ("further_tags",),
        }),
        ("Search engines", {"fields": ("ai_crawlers", "verifications")}),
        ("Written interviews", {"fields": ("interviews_title", "interviews_description")}),
        ("Other pages", {"fields": ("support_text", "repository")}),
        ("The desk", {"fields": ("second_step_required",)}),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whoever may not see guests chooses none: a refused form would tell the chosen name."""
        may_choose = any(request.user.has_perm(f"guests.{act}_guest") for act in ("view", "change"))
        return () if may_choose else ("host",)

    def save_model(self, request: HttpRequest, obj: Show, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "timezone" in form.changed_data:
            self._warn_of_moved_days(request, form.initial["timezone"], obj.timezone)

    def _warn_of_moved_days(self, request: HttpRequest, before: str, after: str) -> None:
        count = count_moved_days(before, after)
        if not count:
            return
        episodes = "1 episode is" if count == 1 else f"{count:,} episodes are"
        message = (
            f"{episodes} dated midnight in {before}, which is another day in {after}. "
            "Import them again, or correct their dates."
        )
        self.message_user(request, message, "WARNING")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Show.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Skip the list: there is only one show."""
        if Show.objects.exists() and self.has_view_permission(request):
            return redirect("admin:show_show_change", 1)
        if self.has_add_permission(request):
            return redirect("admin:show_show_add")
        return super().changelist_view(request, *args, **kwargs)


@admin.register(FollowLink)
class FollowLinkAdmin(OrderedAdmin):
    adds_several = True
    empty_list = (
        "Where listeners follow the show, such as Overcast with https://overcast.fm/itunes123. "
        "Each page ends with these links."
    )
    list_display = ("name", "url", "position", "closed")
    list_editable = ("position", "closed")
    search_fields = ("name", "url")


@admin.register(Promotion)
class PromotionAdmin(OrderedAdmin):
    adds_several = True
    empty_list = (
        "What you offer beside the show, such as a course with its address. Pages of episodes "
        "without a sponsor show these."
    )
    list_display = ("title", "url", "position", "active")
    list_editable = ("position", "active")
    search_fields = ("title", "text")


@admin.register(CallToAction)
class CallToActionAdmin(DeskAdmin):
    empty_list = (
        "What you ask of visitors, such as “Become a guest” with a form’s or a mail’s address. "
        "Pages show each where it belongs."
    )
    list_display = ("label", "purpose", "url")
    search_fields = ("label", "text", "url")


@admin.register(Page)
class PageAdmin(DeskAdmin):
    empty_list = (
        "Pages of your own beside those of episodes, such as “Thanks” at /thanks, or a privacy "
        "notice."
    )
    list_display = ("title", "slug", "published", "indexed", "updated_at")
    list_filter = ("published", "indexed")
    search_fields = ("title", "slug", "body")
    prepopulated_fields = {"slug": ("title",)}

    def is_public(self, obj: Page) -> bool:
        return obj.published


@admin.register(Redirect)
class RedirectAdmin(DeskAdmin):
    form = RedirectForm
    adds_several = True
    empty_list = (
        "Old addresses and where they lead now, such as /about to /thanks. Renaming an episode, a "
        "guest or a technology adds its own."
    )
    list_display = ("redirect", "created_at")
    list_filter = (("new_path", admin.EmptyFieldListFilter),)
    search_fields = ("old_path", "new_path")
    date_hierarchy = "created_at"

    @admin.display(ordering="old_path")
    def redirect(self, row: Redirect) -> str:
        return str(row)
