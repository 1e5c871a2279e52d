"""Base classes of the desk's admin."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AutocompleteSelect,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch

from accounts.roles import sees_episodes
from desk.fields import LinesField, LocalDateTimeField, StrippedImageField
from desk.lists.editable import LabelledFormSet
from desk.pending_files import PendingFileInput, store_chosen_files
from desk.restorable import RETENTION, delete_restorably, undo_message
from desk.unsaved import forget_typed
from desk.workspace.returning import return_address
from episodes.models import Episode

CHOOSE = [("", "Choose …")]
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

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Without a placeholder, an empty field has no name for screen readers."""
        return super().build_attrs(*args, **kwargs) | {"data-placeholder": "Choose …"}

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

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Related objects can be added here, but changed and deleted only on their own pages."""
        field = super().formfield_for_dbfield(db_field, request, **options)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field

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
    list_per_page = 50
    # What a list without rows says: what belongs there, with an example.
    empty_list = ""
    # Whether somebody who adds one often adds several.
    adds_several = False
    # Whether what is deleted can be restored, and what the question before says of that.
    is_restorable = True
    deleting_says = f"You can restore it for {RETENTION.days} days."

    class Media:
        js = (
            Script("desk/change_form.js", type="module"),
            Script("desk/select_names.js", type="module"),
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().changeform_view(request, *args, **kwargs)
        is_saved = getattr(request, "is_form_saved", False)
        return forget_typed(request, response) if is_saved else response

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method == "POST":  # a refused form
            inlines = (inline.formset.forms for inline in context["inline_admin_formsets"])
            for form in (context["adminform"].form, *chain.from_iterable(inlines)):
                store_chosen_files(form)
        several = self.adds_several and add
        context |= {"show_save_and_continue": False, "show_save_and_add_another": several}
        return super().render_change_form(request, context, add, *args, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With what an empty list says."""
        context = {"empty_list": self.empty_list, **(extra_context or {})}
        return super().changelist_view(request, context)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any):
        """The empty choice in words."""
        is_optional = db_field.blank or not db_field.has_default()
        options["choices"] = db_field.get_choices(is_optional, blank_choice=CHOOSE)
        return super().formfield_for_choice_field(db_field, request, **options)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Without rows that only join others, which have no name of their own."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        for relation in self.opts.local_many_to_many:
            through: Any = relation.remote_field.through
            counts.pop(through._meta.verbose_name_plural, None)
        return deleted, counts, lacking, protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if not self.is_restorable:
            return super().delete_model(request, obj)
        return self.delete_queryset(request, self.model._base_manager.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        if not self.is_restorable:
            return super().delete_queryset(request, queryset)
        username = request.user.get_username()
        request.deletion = delete_restorably(queryset, username)  # type: ignore[attr-defined]
        return None

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **kwargs: Any) -> None:
        """A message about a deletion has the button that restores what was deleted."""
        if deletion := getattr(request, "deletion", None):
            message = undo_message(request, deletion, message)
        super().message_user(request, message, *args, **kwargs)

    def get_changelist_formset(self, request: HttpRequest, **options: Any) -> Any:
        return super().get_changelist_formset(request, **{"formset": LabelledFormSet} | options)

    def get_action_choices(self, request: HttpRequest, default_choices: Any = CHOOSE) -> Any:
        return super().get_action_choices(request, default_choices)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to where the host came from, such as an item of the checklist; else to the list."""
        response = super().response_post_save_change(request, obj)
        return HttpResponseRedirect(return_address(request, response.url))

    def log_addition(self, request: HttpRequest, *args: Any) -> Any:
        request.is_form_saved = True  # type: ignore[attr-defined]
        return super().log_addition(request, *args)

    def log_change(self, request: HttpRequest, *args: Any) -> Any:
        request.is_form_saved = True  # type: ignore[attr-defined]
        return super().log_change(request, *args)
