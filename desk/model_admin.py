"""What every page of the desk has in common."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import (
    AdminFileWidget,
    AdminSplitDateTime,
    AutocompleteSelect,
)
from django.db import DataError, IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from desk.fields import MomentField, PictureField

logger = logging.getLogger(__name__)
LONGEST_KEY = 19  # digits, and what a database's numbers can hold


class DateAndTime(AdminSplitDateTime):
    """Both fields are named for those who don't see the words before them."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("Date", "Time"), strict=True):
            widget.attrs["aria-label"] = name


# How values are typed, on pages and in their inlines.
FIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": DateAndTime},
    models.URLField: {"assume_scheme": "https"},
    models.ImageField: {"form_class": PictureField, "widget": AdminFileWidget},
}


class Finder(AutocompleteSelect):
    """Django's own looks up whatever was sent, and fails on what is no key; and each row anew."""

    known: models.Model | None = None  # that a line names, and was read with it

    def optgroups(
        self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None
    ) -> Any:
        keys = [key for key in value if is_key(key)]
        if self.known is None or keys != [str(self.known.pk)]:
            return super().optgroups(name, keys, attrs)
        groups = super().optgroups(name, [], attrs)
        options = groups[0][1]
        label = self.choices.field.label_from_instance(self.known)
        options.append(self.create_option(name, self.known.pk, label, True, len(options)))
        return groups


def is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < LONGEST_KEY


class Finding:
    """Of forms and lines in which another row is found by typing."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        form: Any = self
        if db_field.name in form.get_autocomplete_fields(request):
            options.setdefault("widget", Finder(db_field, form.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]


class DeskAdmin(Finding, admin.ModelAdmin):
    formfield_overrides = FIELDS
    save_on_top = True
    list_per_page = 50

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.guarded(super().changeform_view, request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.guarded(super().changelist_view, request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.guarded(super().delete_view, request, *args, **kwargs)

    def guarded(
        self, view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Forms name what is wrong before the write. What only the database can know, such as
        a name taken in the same moment by someone else, or the storage, such as a full disk,
        becomes a message too."""
        try:
            return view(request, *args, **kwargs)
        except (IntegrityError, DataError) as error:
            logger.warning("The database refused a write of the desk", exc_info=error)
            reason = str(error).splitlines()[0]
            messages.error(request, f"Nothing was saved: the database refused it ({reason}).")
        except OSError as error:
            logger.error("A file of the desk could not be stored", exc_info=error)
            messages.error(request, f"Nothing was saved: the file could not be stored ({error}).")
        return HttpResponseRedirect(request.get_full_path())


class ReadOnly:
    """For records that are made elsewhere and only looked at here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
