"""Saved questions, synonyms, searches without results, and guests wanted."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from desk.model_admin import DeskAdmin
from desk.ordered_admin import OrderedAdmin
from desk.start.zero_results import remedies, search_path, unanswered
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from search.retrieval.latest_moments import MomentCount
from search.saved_questions import with_answers
from stack.directory import entry_named

PREVIEW = 5  # moments
QUOTE = re.compile('["“”]')
WIDE = forms.TextInput({"size": 100})


class QuestionForm(forms.ModelForm):
    class Meta:
        widgets = {"query": WIDE}
        labels = {"slug": "Address"}
        help_texts = {
            "slug": "Its page’s address ends with this: /questions/handling-disasters.",
            "introduction": "The page shows this text above the answers. A blank line starts a new "
            "paragraph. *this* is emphasised, **this** is strong, "
            "[words](https://example.org) is a link.",
        }

    def clean_query(self) -> str:
        query = self.cleaned_data["query"]
        if len(QUOTE.findall(query)) % 2:
            raise ValidationError("A quotation mark has no second one: write “unit test” in two.")
        return query


@admin.register(Question)
class QuestionAdmin(OrderedAdmin):
    adds_several = True
    empty_list = (
        "Questions that many episodes answer, such as “Best tips” with the search “tips or "
        "advice”. Each gets a page with all answers."
    )
    form = QuestionForm
    list_display = ("title", "query", "answered", "position")
    list_editable = ("position",)
    search_fields = ("title", "slug", "query")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("finds",)
    fields = ("title", "slug", "query", "finds", "introduction", "position")

    def is_public(self, obj: Question) -> bool:
        return True

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Add the counts of all questions shown in one go."""
        changelist = super().get_changelist_instance(request)
        rows: Any = changelist.result_list
        counted = with_answers(rows, timezone.get_current_timezone())
        for row, (_, count, _) in zip(rows, counted, strict=True):
            row.count = count
        return changelist

    @admin.display(description="answered")
    def answered(self, question: Any) -> str:
        return count_text(question.count)

    @admin.display(description="finds")
    def finds(self, question: Question) -> SafeString | str:
        """The first moments that answer the saved query."""
        if question._state.adding:
            link = format_html('<a href="{}">search</a>', reverse("search"))
            return format_html("Save the question to see its answers, or try the {} first.", link)
        zone = timezone.get_current_timezone()
        ((_, count, moments),) = with_answers([question], zone, limit=PREVIEW)
        links = ((moment.get_absolute_url(), moment.plain) for moment in moments)
        items = format_html_join("", '<li><a href="{}">{}</a></li>', links)
        return format_html("<p>{}</p><ul>{}</ul>", count_text(count), items)


def count_text(count: MomentCount) -> str:
    more = "+" if count.capped else ""
    moments = f"{count.moments}{more} moment{pluralize(count.moments)}"
    return f"{moments} in {count.episodes}{more} episode{pluralize(count.episodes)}"


class SynonymForm(forms.ModelForm):
    class Meta:
        widgets = {"words": WIDE}


@admin.register(SynonymGroup)
class SynonymAdmin(DeskAdmin):
    adds_several = True
    empty_list = (
        "Words that mean the same to a listener, such as outage, downtime, went down. A search for "
        "one finds the others."
    )
    form = SynonymForm
    list_display = ("words", "active", "shipped")
    list_filter = ("shipped", "active")
    search_fields = ("words",)
    fields = ("words", "active", "searches")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An update brings shipped words, so they can only be switched off."""
        return ("words", "searches") if obj and obj.shipped else ("searches",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_shipped = obj is not None and obj.shipped
        return super().has_delete_permission(request, obj) and not is_shipped

    @admin.display(description="try them")
    def searches(self, group: SynonymGroup) -> SafeString:
        """A search for each, so that the host can compare the results."""
        links = ((search_path(phrase), phrase) for phrase in group.phrases)
        return format_html_join(", ", '<a href="{}">{}</a>', links)


class WantedFilter(admin.SimpleListFilter):
    """Queries for which a guest is wanted have been dealt with."""

    title = "guest wanted"
    parameter_name = "wanted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Not yet"), ("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "no":
                return queryset.filter(pk__in=unanswered().values("pk"))
            case "yes":
                return queryset.exclude(pk__in=unanswered().values("pk"))
        return queryset


@admin.register(ZeroResultQuery)
class ZeroResultAdmin(DeskAdmin):
    is_restorable = False  # what visitors typed isn't stored longer than the host wants
    deleting_says = "If somebody searches for it again, it is listed again."
    empty_list = (
        "What visitors searched for and didn’t find, such as gleam, with what you can do about it. "
        "Nobody has searched in vain yet."
    )
    list_filter = (WantedFilter,)
    list_display = ("searched_for", "count", "last_on", "remedies")
    list_display_links = None
    search_fields = ("query",)
    date_hierarchy = "last_on"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_add_permission

    @admin.display(description="searched for", ordering="query")
    def searched_for(self, miss: ZeroResultQuery) -> SafeString:
        """A link to the search, which may find something by now."""
        return format_html('<a href="{}">{}</a>', search_path(miss.query), miss.query)

    @admin.display(description="what you can do")
    def remedies(self, miss: ZeroResultQuery) -> SafeString:
        links = ((remedy.path, remedy.label) for remedy in remedies(miss.query))
        return format_html_join(", ", '<a href="{}">{}</a>', links)


@admin.register(GuestWanted)
class WantedAdmin(DeskAdmin):
    adds_several = True
    empty_list = (
        "What you would like a guest to talk about, such as Gleam. A search for it that finds "
        "nothing asks the visitor to become that guest."
    )
    list_display = ("subject", "created_at")
    search_fields = ("subject",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A search, which is stored in lower case, as listeners would read it."""
        initial = super().get_changeform_initial_data(request)
        subject = str(initial.get("subject", ""))
        return initial | {"subject": in_public(subject)}


def in_public(name: str) -> str:
    """A technology’s name in lower case as its makers write it: PostgreSQL."""
    entry = entry_named(name)
    return entry.name if entry and entry.name.lower() == name else name
