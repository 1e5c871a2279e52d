from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from desk.entities.base import NamedAdmin
from desk.entities.names import NameForm, OtherNames, OtherNamesInline, validate_key
from desk.history.optimistic_lock import NoticingForm
from episodes.social_cards import draw_after_commit
from notes.grammar.items import is_name
from stack.models import Library, LibraryAddress, Technology, TechnologyName
from text.urls import url_key


class TechnologyForm(NameForm, NoticingForm):
    listed = "names"

    def clean_name(self) -> str:
        name = super().clean_name()
        if "name" in self.changed_data and not is_name(name):
            raise ValidationError(
                "Notes couldn’t list it: no comma, no “and”, no < or {, 80 characters at most."
            )
        return name

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        validate_key(slug)
        return slug


class TechnologyNames(OtherNames):
    def own_names(self) -> tuple[str, ...]:
        return (self.instance.name, self.instance.slug)


class TechnologyNameInline(OtherNamesInline):
    model = TechnologyName
    formset = TechnologyNames


class UsedInEpisodes(NamedAdmin):
    """Technologies and libraries, with how many episodes use them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(episode_count=Count("uses"))

    @admin.display(description="episodes", ordering="episode_count")
    def episode_count(self, row: Any) -> int:
        return row.episode_count


@admin.register(Technology)
class TechnologyAdmin(UsedInEpisodes):
    form = TechnologyForm
    inlines = (TechnologyNameInline,)
    list_display = ("name", "category", "episode_count", "homepage")
    list_filter = ("category", ("homepage", admin.EmptyFieldListFilter))
    search_fields = ("name", "names__name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "category", "homepage")}),
        ("Its page", {"fields": ("title", "introduction")}),
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # The lines of name and slug may have been deleted among the others.
        form.instance.know_as(form.instance.name, form.instance.slug)
        draw_after_commit(form.instance)


class LibraryForm(NoticingForm):
    listed = "addresses"

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        other = Library.objects.at(url)
        if other and other.pk != self.instance.pk:
            raise ValidationError(f"This is the address of {other} (/libraries/{other.slug}).")
        return url


class AddressForm(forms.ModelForm):
    def clean_key(self) -> str:
        return url_key(self.cleaned_data["key"])


class Addresses(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        own = url_key(self.instance.url)
        for form in self.forms:
            if form.is_valid() and form.cleaned_data.get("key") == own != form.initial.get("key"):
                form.add_error("key", "This is the library’s address; it needs no line here.")


class AddressInline(admin.TabularInline):
    model = LibraryAddress
    form = AddressForm
    formset = Addresses
    extra = 1
    verbose_name_plural = "addresses by which notes may mean it"


@admin.register(Library)
class LibraryAdmin(UsedInEpisodes):
    form = LibraryForm
    inlines = (AddressInline,)
    list_display = ("name", "episode_count", "url")
    search_fields = ("name", "slug", "addresses__key")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "url")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # The line of the address itself may have been deleted among the others.
        form.instance.save()
