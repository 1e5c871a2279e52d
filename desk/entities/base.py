"""Forms of what episodes name: another address leaves a redirect, and merging is offered."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from desk.entities.kinds import KINDS, Kind
from desk.history.optimistic_lock import NoticingAdmin
from desk.model_admin import DeskAdmin
from notes.renaming import finish_renaming
from show.models import Redirect


class NamedAdmin(NoticingAdmin, DeskAdmin):
    """Guests, technologies, libraries."""

    ordering = ("name",)  # of the model it is lost where rows are counted, as episodes are
    change_form_template = "admin/desk/entities/change_form.html"
    delete_confirmation_template = "admin/desk/entities/delete_confirmation.html"

    @property
    def kind(self) -> Kind:
        return KINDS[str(self.model._meta.verbose_name)]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Another address leaves a redirect, another name a revision of each episode."""
        before = self.model._base_manager.filter(pk=obj.pk).first()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if before is None:
                return
            if before.slug != obj.slug:
                Redirect.objects.move(before.get_absolute_url(), obj.get_absolute_url())
            if before.name != obj.name:
                keys = self.kind.uses_of(obj).values_list("episode", flat=True)
                finish_renaming(keys, request.user, f"renaming of {self.kind.name}")  # type: ignore[arg-type]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        return super().render_change_form(request, self._merging(request, context), *args, **kwargs)

    def render_delete_form(self, request: HttpRequest, context: Any):
        return super().render_delete_form(request, self._merging(request, context))

    def _merging(self, request: HttpRequest, context: Any) -> Any:
        may_merge = request.user.has_perm(self.kind.permission)
        return context | {"kind": self.kind.name, "may_merge": may_merge}
