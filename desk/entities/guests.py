from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from desk.entities.base import EntityAdmin
from desk.entities.names import AliasInline, NameForm
from desk.focal_point import FIELDS as FOCAL_POINT
from desk.focal_point import FocalPointForm
from desk.history.optimistic_lock import OptimisticLockForm
from desk.lists.lacks import GuestLacksFilter
from desk.lists.thumbnails import face
from episodes.counts import public_guests
from guests.handles import PROFILES, pasted_address, refusal
from guests.models import Guest, GuestName
from notes.grammar.head import NOT_A_GUEST_NAME, is_guest_name

SMALLEST_PHOTO = 640  # pixels a side


class GuestNameInline(AliasInline):
    model = GuestName


class PastedInput(AdminTextInputWidget):
    """Submits what `read` finds in a pasted handle or address, which may be longer than it."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self.read = read

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {k: v for k, v in super().build_attrs(*args, **kwargs).items() if k != "maxlength"}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return self.read(value) if value else value


class ProfileField(forms.CharField):
    """A handle or a profile's address, as `PastedInput` found it; tells what else to paste."""

    def __init__(self, column: str, *, assume_scheme: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.column = column

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found and (reason := refusal(self.column, found)):
            raise ValidationError(reason)
        return found


class GuestForm(NameForm, FocalPointForm, OptimisticLockForm):
    square_sizes = (48, 96, 144)
    compared_relation = "names"

    class Meta:
        widgets: ClassVar = {
            name: PastedInput(read)
            for name, read in (*PROFILES.items(), ("website", pasted_address))
        }
        field_classes: ClassVar = {name: partial(ProfileField, name) for name in PROFILES}

    def clean_name(self) -> str:
        name = super().clean_name()
        if "name" in self.changed_data and not is_guest_name(name):
            raise ValidationError(NOT_A_GUEST_NAME)
        return name


def small_photo(guest: Guest) -> str:
    """What to tell of a photo that is smaller than pages show it; empty if it is large enough."""
    width, height = guest.avatar.width, guest.avatar.height
    if not width or min(width, height) >= SMALLEST_PHOTO:
        return ""
    return (
        f"The photo of {guest.name} is saved, but has {width} × {height} pixels: pages show it "
        f"blurred. Choose one of {SMALLEST_PHOTO} or more a side."
    )


@admin.register(Guest)
class GuestAdmin(EntityAdmin):
    adds_several = True
    empty_list = (
        "Everyone who was on the show, such as Phil Gyford, with a photo and links. Show notes add "
        "the guests that they name."
    )
    form = GuestForm
    inlines = (GuestNameInline,)
    list_display = ("photo", "name", "episode_count", "links", "missing")
    list_display_links = ("name",)
    list_filter = (GuestLacksFilter,)
    search_fields = ("name", "names__name", "slug", "twitter", "github", "bluesky")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (
            None,
            {"fields": ("name", "pronunciation", "slug", "avatar", FOCAL_POINT, "introduction")},
        ),
        ("On the web", {"fields": ("website", "website_href", *PROFILES)}),
    )

    def is_public(self, obj: Guest) -> bool:
        return public_guests().filter(pk=obj.pk).exists()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guest]:
        return super().get_queryset(request).annotate(episode_count=Count("appearances"))

    @admin.display(description="episodes", ordering="episode_count")
    def episode_count(self, guest: Any) -> int:
        return guest.episode_count

    @admin.display(description="photo")
    def photo(self, guest: Guest) -> SafeString:
        return face(guest)

    @admin.display(description="links")
    def links(self, guest: Guest) -> SafeString | str:
        found = [("Website", guest.website)] if guest.website else []
        pairs = ((url, label) for label, url in (*found, *guest.profile_links))
        return format_html_join(", ", '<a href="{}">{}</a>', pairs) or "None"

    @admin.display(description="missing")
    def missing(self, guest: Guest) -> str:
        lacking = (
            ("photo", not guest.avatar),
            ("link", not (guest.website or guest.profile_links)),
        )
        return ", ".join(name for name, lacks in lacking if lacks).capitalize()

    def save_model(self, request: HttpRequest, obj: Guest, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.avatar and "avatar" in form.changed_data and (said := small_photo(obj)):
            messages.warning(request, said)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Its line may have been deleted with the other names.
        form.instance.add_names(form.instance.name)
