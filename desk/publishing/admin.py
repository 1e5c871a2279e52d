"""The host's texts to send out after publication."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from desk.model_admin import DeskAdmin
from desk.models import TextTemplate
from desk.placeholders import PLACEHOLDERS


@admin.register(TextTemplate)
class TextTemplateAdmin(DeskAdmin):
    empty_list = (
        "Texts to send out when an episode is published, such as a post with {title} and {url}, "
        "which each episode fills in."
    )
    list_display = ("name", "position")
    list_editable = ("position",)
    search_fields = ("name", "text")
    fields = ("name", "text", "placeholders", "position")
    readonly_fields = ("placeholders",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea({"rows": 14, "cols": 80, "spellcheck": "true"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="placeholders")
    def placeholders(self, template: TextTemplate) -> SafeString:
        pairs = ((f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items())
        return format_html_join("", "<p><code>{}</code> {}</p>", pairs)
