"""Lists in the host's own order: arrows move a row, and a new one comes last."""

from typing import Any

from django import forms
from django.db import models, transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from desk.lists.editable import LabelledFormSet
from desk.model_admin import DeskAdmin, is_key

STEPS = {"up": -1, "down": 1}
ARROW = (
    '<button type="submit" class="move" id="{0}-{1}" name="move" value="{0} {1}" '
    'aria-label="Move {2} {0}" title="Move {0}">{3}</button>'
)


class MoveButtons(forms.HiddenInput):
    """The position, unseen, and two buttons that move the row."""

    def __init__(self, row: models.Model) -> None:
        super().__init__()
        self.row = row

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        field = super().render(*args, **kwargs)
        arrows = (("up", "↑"), ("down", "↓"))
        buttons = [format_html(ARROW, way, self.row.pk, self.row, sign) for way, sign in arrows]
        return format_html("{}{}{}", field, *buttons)


class MovableFormSet(LabelledFormSet):
    def add_fields(self, form: Any, index: Any) -> None:
        super().add_fields(form, index)
        if "position" in form.fields:
            form.fields["position"].widget = MoveButtons(form.instance)


class OrderedAdmin(DeskAdmin):
    """Of a model with a `position`, which `list_editable` has to name."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "position":
            options["widget"] = forms.HiddenInput
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new one comes last."""
        return {"position": next_position(self.model)} | super().get_changeform_initial_data(
            request
        )

    def get_changelist_formset(self, request: HttpRequest, **options: Any) -> Any:
        return super().get_changelist_formset(request, formset=MovableFormSet, **options)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        way, _, key = request.POST.get("move", "").partition(" ")
        if way in STEPS and is_key(key) and self.has_change_permission(request):
            move(self.model, int(key), STEPS[way])
            # The browser goes on at the same button.
            return redirect(f"{request.get_full_path()}#{way}-{key}")
        return super().changelist_view(request, extra_context)


@transaction.atomic
def move(model: type[models.Model], key: int, step: int) -> None:
    """Move a row before or after its neighbour; nothing if it is gone or has none."""
    rows: list[Any] = list(model._default_manager.select_for_update())
    place = next((place for place, row in enumerate(rows) if row.pk == key), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    rows.insert(place + step, rows.pop(place))
    moved = [(row, position) for position, row in enumerate(rows) if row.position != position]
    for row, position in moved:
        row.position = position
    model._default_manager.bulk_update([row for row, _ in moved], ["position"])


def next_position(model: type[models.Model]) -> int:
    last = model._default_manager.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
