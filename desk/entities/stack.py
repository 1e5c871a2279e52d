from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from desk.categories.changes import CATEGORIES, shown_category
from desk.entities.base import EntityAdmin
from desk.entities.names import AliasFormSet, AliasInline, NameForm, validate_key
from desk.history.optimistic_lock import OptimisticLockForm
from desk.lists.editable import LabelledFields
from desk.lists.lacks import LibraryLacksFilter, TechnologyLacksFilter
from desk.lists.thumbnails import technology_icon
from desk.model_admin import DeskAdmin
from episodes.counts import libraries_in_use, technologies_in_use
from episodes.social_cards import draw_after_commit
from notes.grammar.items import is_name
from stack.directory import icon_of
from stack.models import DEFAULT_HEADING, Library, LibraryAddress, Technology, TechnologyName
from text.urls import url_key


class TechnologyForm(NameForm, OptimisticLockForm):
    compared_relation = "names"

    def clean_name(self) -> str:
        name = super().clean_name()
        if "name" in self.changed_data and not is_name(name):
            raise ValidationError(
                "Show notes can’t list this name: leave out commas, “and”, < and {."
            )
        return name

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        validate_key(slug)
        return slug

    def clean_title(self) -> str:
        """A renamed technology gets the usual heading anew, with its new name."""
        title, former = self.cleaned_data["title"], self.initial.get("name", "")
        is_usual = title.casefold() == DEFAULT_HEADING.format(former).casefold()
        return "" if is_usual and "name" in self.changed_data else title

    def loses_icon(self) -> bool:
        """Icons are found by name, then by address."""
        had_icon = icon_of("", self.initial.get("slug", ""))
        return bool(had_icon) and not icon_of(self.instance.name, self.instance.slug)

    def has_former_name_in_title(self) -> bool:
        former = self.initial.get("name", "")
        return "name" in self.changed_data and bool(former) and former in self.instance.title


class TechnologyNameFormSet(AliasFormSet):
    def own_names(self) -> tuple[str, ...]:
        return (self.instance.name, self.instance.slug)


class TechnologyNameInline(AliasInline):
    model = TechnologyName
    formset = TechnologyNameFormSet


class StackAdmin(EntityAdmin):
    """Technologies and libraries, each with the number of episodes that use it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(episode_count=Count("uses"))

    @admin.display(description="episodes", ordering="episode_count")
    def episode_count(self, row: Any) -> int:
        return row.episode_count


@admin.register(Technology)
class TechnologyAdmin(StackAdmin):
    adds_several = True
    empty_list = (
        "What your guests run, such as Django or PostgreSQL. Show notes add what they list under "
        "the stack."
    )
    form = TechnologyForm
    inlines = (TechnologyNameInline,)
    list_display = ("symbol", "name", "shown_category", "episode_count", "homepage")
    list_display_links = ("name",)
    list_per_page = 300
    list_filter = (TechnologyLacksFilter, "category")
    search_fields = ("name", "names__name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("shown_icon",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "shown_icon", "category", "homepage")}),
        ("Its page", {"fields": ("title", "introduction")}),
    )

    @admin.display(description="icon")
    def shown_icon(self, technology: Technology) -> SafeString:
        """The icon, and why it is this one."""
        if technology._state.adding:
            return SafeString("The name decides: once it is saved, its icon stands here.")
        if found := icon_of(technology.name, technology.slug):
            said = f"“{found}” of Simple Icons, by its name or its address."
        else:
            said = (
                "Its initial. Simple Icons, which pages use, has none by this name or address: "
                "some owners don’t allow theirs to be used."
            )
        return format_html("{} {}", technology_icon(technology), said)

    @admin.display(description="icon")
    def symbol(self, technology: Technology) -> SafeString:
        return technology_icon(technology)

    @admin.display(description="category", ordering="category")
    def shown_category(self, technology: Technology) -> str:
        return CATEGORIES.get(shown_category(technology), "No category")

    def is_public(self, obj: Technology) -> bool:
        return technologies_in_use().filter(pk=obj.pk).exists()

    def save_model(self, request: HttpRequest, obj: Technology, form: Any, change: bool) -> None:
        obj.category_chosen = obj.category_chosen or "category" in form.changed_data
        super().save_model(request, obj, form, change)
        if change and form.has_former_name_in_title():
            message = f"The page’s heading still has the former name: “{obj.title}”."
            self.message_user(request, message, "WARNING")
        if change and form.loses_icon():
            message = (
                f"{obj.name} has no icon: neither its name nor its address is that of a known "
                f"technology. With the address “{form.initial['slug']}” it has one again."
            )
            self.message_user(request, message, "WARNING")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Their lines may have been deleted with the other names.
        form.instance.add_names(form.instance.name, form.instance.slug)
        draw_after_commit(form.instance)


class LibraryForm(OptimisticLockForm):
    compared_relation = "addresses"

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        other = Library.objects.at(url)
        if other and other.pk != self.instance.pk:
            raise ValidationError(f"This is the address of {other} (/libraries/{other.slug}).")
        return url


class LibraryAddressForm(forms.ModelForm):
    def clean_key(self) -> str:
        return url_key(self.cleaned_data["key"])


class LibraryAddressFormSet(LabelledFields, BaseInlineFormSet):  # type: ignore[misc]
    def clean(self) -> None:
        super().clean()
        own = url_key(self.instance.url)
        for form in self.forms:
            if form.is_valid() and form.cleaned_data.get("key") == own != form.initial.get("key"):
                form.add_error("key", "This is the library’s address; it needs no line here.")


class LibraryAddressInline(admin.TabularInline):
    model = LibraryAddress
    form = LibraryAddressForm
    formset = LibraryAddressFormSet
    extra = 1
    verbose_name_plural = "other addresses in notes"


@admin.register(TechnologyName)
class TechnologyNameAdmin(DeskAdmin):
    """Used only from searches without results: elsewhere, names are edited inline."""

    form = NameForm
    fields = ("technology", "name")
    autocomplete_fields = ("technology",)

    def formfield_for_dbfield(self, *args: Any, **options: Any) -> Any:
        """A technology is chosen here, and neither added nor changed."""
        field = super().formfield_for_dbfield(*args, **options)
        for action in ("add", "change", "delete", "view"):
            setattr(field.widget, f"can_{action}_related", False)
        return field

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Library)
class LibraryAdmin(StackAdmin):
    adds_several = True
    empty_list = (
        "What your guests build with, such as Celery at https://docs.celeryq.dev/. Show notes add "
        "what they link to."
    )
    form = LibraryForm
    inlines = (LibraryAddressInline,)
    list_display = ("name", "episode_count", "url")
    list_filter = (LibraryLacksFilter,)
    search_fields = ("name", "slug", "addresses__key")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "url")

    def is_public(self, obj: Library) -> bool:
        return libraries_in_use().filter(pk=obj.pk).exists()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Saving adds its own address again, if that line was deleted with the others.
        form.instance.save()
