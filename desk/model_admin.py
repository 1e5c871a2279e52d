"""Base classes of the desk's admin."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch

from accounts.roles import sees_episodes
from desk.fields import LinesField, LocalDateTimeField, StrippedImageField
from desk.pending_files import PendingFileInput, store_chosen_files
from desk.unsaved import forget_typed
from episodes.models import Episode

LONGEST_KEY = 19  # digits of a bigint


class LabelledDateTime(AdminSplitDateTime):
    """Labels both inputs for screen readers."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("Date", "Time"), strict=True):
            widget.attrs["aria-label"] = name


# Form fields by model field, on pages and in inlines.
FIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.DateTimeField: {"form_class": LocalDateTimeField, "widget": LabelledDateTime},
    models.URLField: {"assume_scheme": "https"},
    models.TextField: {"form_class": LinesField},
    models.FileField: {"widget": PendingFileInput},
    models.ImageField: {"form_class": StrippedImageField, "widget": PendingFileInput},
}


class KeySelect(AutocompleteSelect):
    """Ignores values that are no keys, and uses a related row that is already loaded.

    Django's widget fails on the former, and queries the latter again for each row.
    """

    related: models.Model | None = None

    def optgroups(
        self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None
    ) -> Any:
        keys = [key for key in value if is_key(key)]
        if self.related is None or keys != [str(self.related.pk)]:
            return super().optgroups(name, keys, attrs)
        groups = super().optgroups(name, [], attrs)
        options = groups[0][1]
        label = self.choices.field.label_from_instance(self.related)
        options.append(self.create_option(name, self.related.pk, label, True, len(options)))
        return groups


def is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < LONGEST_KEY


class AutocompleteMixin:
    """Uses KeySelect for `autocomplete_fields`; takes drafts only from users who may see them."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        form: Any = self
        if db_field.remote_field.model is Episode and not sees_episodes(request.user):
            options["queryset"] = Episode.objects.published()
        if db_field.name in form.get_autocomplete_fields(request):
            options.setdefault("widget", KeySelect(db_field, form.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]


class PublicAddressMixin:
    """“View on site” links straight to what visitors see, and only then is there a link.

    Django's own goes through a redirect that tells the address of any object to any account.
    """

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        if obj is None or not self.is_public(obj):
            return None
        try:
            return obj.get_absolute_url()
        except NoReverseMatch:  # the form was refused for this slug
            return None

    def is_public(self, obj: Any) -> bool:
        """Whether the object has a page, and visitors see it."""
        return False


class DeskAdmin(PublicAddressMixin, AutocompleteMixin, admin.ModelAdmin):
    formfield_overrides = FIELDS
    save_on_top = True
    list_per_page = 50

    class Media:
        js = (Script("desk/change_form.js", type="module"),)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().changeform_view(request, *args, **kwargs)
        is_saved = getattr(request, "is_form_saved", False)
        return forget_typed(request, response) if is_saved else response

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        if request.method == "POST":  # a refused form
            inlines = (inline.formset.forms for inline in context["inline_admin_formsets"])
            for form in (context["adminform"].form, *chain.from_iterable(inlines)):
                store_chosen_files(form)
        return super().render_change_form(request, context, *args, **kwargs)

    def log_addition(self, request: HttpRequest, *args: Any) -> Any:
        request.is_form_saved = True  # type: ignore[attr-defined]
        return super().log_addition(request, *args)

    def log_change(self, request: HttpRequest, *args: Any) -> Any:
        request.is_form_saved = True  # type: ignore[attr-defined]
        return super().log_change(request, *args)
