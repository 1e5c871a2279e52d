"""The host's texts to send out: a form that shows the text for an episode while it is written."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse

from desk.models import TextTemplate
from desk.ordered_admin import OrderedAdmin
from desk.placeholders import PLACEHOLDERS
from desk.texts.preview import preview_of
from desk.texts.shipped import original_of

# The buttons that show the form again, unsaved.
PREVIEW, ORIGINAL = "_preview", "_original"
MOST = 10_000  # characters, as of the column
TYPED = ("name", "outlet", "text", "position")


@admin.register(TextTemplate)
class TextTemplateAdmin(OrderedAdmin):
    empty_list = (
        "Texts to send out when an episode is published, such as a post with {title} and {url}, "
        "which each episode fills in."
    )
    change_form_template = "admin/desk/texts/change_form.html"
    list_display = ("name", "outlet", "position")
    list_editable = ("position",)
    search_fields = ("name", "text")
    fields = TYPED

    class Media:
        css = {"all": ("desk/publishing.css", "desk/texts.css")}
        js = (Script("desk/text_template.js", type="module"),)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea({"rows": 14, "cols": 80, "spellcheck": "true"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Two buttons save nothing: what is typed is shown again, or the original text is."""
        if request.method == "POST" and {PREVIEW, ORIGINAL} & request.POST.keys():
            request.typed = {name: request.POST.get(name, "") for name in TYPED}  # type: ignore[attr-defined]
            request.method = "GET"
        return super().changeform_view(request, object_id, *args, **kwargs)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TextTemplate | None:
        """With what is typed, if that is to be shown again."""
        found: TextTemplate | None = super().get_object(request, *args, **kwargs)
        typed = self._typed(request, found) if found else {}
        for name, value in typed.items():
            setattr(found, name, value)
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new one comes last."""
        last = TextTemplate.objects.order_by("position").last()
        first = {"position": last.position + 1 if last else 0}
        return first | super().get_changeform_initial_data(request) | self._typed(request, None)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        shown = {name: form[name].value() if name in form.fields else getattr(obj, name)
                 for name in ("outlet", "text")}  # fmt: skip
        template = TextTemplate(outlet=shown["outlet"] or "", text=(shown["text"] or "")[:MOST])
        context |= {
            "preview": preview_of(request, template),
            "placeholders": PLACEHOLDERS.items(),
            "is_shipped": bool(obj and obj.shipped),
            "is_original": ORIGINAL in request.POST,
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _typed(self, request: HttpRequest, row: TextTemplate | None) -> dict[str, Any]:
        typed: dict[str, Any] = getattr(request, "typed", {})
        if typed and ORIGINAL in request.POST:
            typed["text"] = original_of(row.shipped if row else "", typed["outlet"])
        return typed
