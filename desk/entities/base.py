"""What the forms of guests, technologies and libraries share: renaming and merging."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from accounts.roles import edits_drafts_only, sees_episodes
from desk.entities.kinds import KINDS, EntityKind
from desk.history.optimistic_lock import OptimisticLockAdmin
from desk.lists.lacks import next_lacking
from desk.model_admin import DeskAdmin
from episodes.models import Episode
from guests.models import Guest
from notes.apply import finish_renames
from show.models import Redirect, Show

# Erasing a guest's name rewrites all that may hold it, and its page says which accounts have it.
ERASING_PERMISSIONS = (
    "guests.delete_guest", "guests.change_guest", "episodes.change_episode",
    "topics.change_transcript", "show.change_show", "auth.view_user",
)  # fmt: skip


class EntityAdmin(OptimisticLockAdmin, DeskAdmin):
    ordering = ("name",)  # counting episodes groups rows, which drops the model's own ordering
    change_form_template = "admin/desk/entities/change_form.html"
    delete_confirmation_template = "admin/desk/entities/delete_confirmation.html"

    @property
    def kind(self) -> EntityKind:
        return KINDS[str(self.model._meta.verbose_name)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Producers complete what they added, until a visitor could see it."""
        if super().has_change_permission(request, obj):
            return True
        adds_to_drafts = edits_drafts_only(request.user) and self.has_add_permission(request)
        return adds_to_drafts and obj is not None and self._is_only_in_drafts(obj)

    def _is_only_in_drafts(self, obj: Any) -> bool:
        if Show.objects.filter(host=obj.pk).exists() and self.model is Guest:
            return False
        uses = self.kind.uses_of(obj)
        drafts = uses.filter(episode__status=Episode.Status.DRAFT, episode__deleted_at=None)
        return uses.count() == drafts.count()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new slug leaves a redirect, a new name a revision of each episode."""
        before = self.model._base_manager.filter(pk=obj.pk).first()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if before is None:
                return
            if before.slug != obj.slug:
                Redirect.objects.move(before.get_absolute_url(), obj.get_absolute_url())
            if before.name != obj.name:
                keys = self.kind.uses_of(obj).values_list("episode", flat=True)
                finish_renames(keys, request.user, f"renaming of {self.kind.name}")  # type: ignore[arg-type]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Episodes that name a row prevent deleting it; their titles may be those of drafts."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if protected and not sees_episodes(request.user):
            protected = ["Episodes that you may not see"]
        return deleted, counts, lacking, protected

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        context |= self._merge_context(request)
        row = kwargs.get("obj")
        is_closed = row and not self.has_change_permission(request, row)
        context["is_only_for_others"] = is_closed and edits_drafts_only(request.user)
        if row:
            context["next_row"] = next_lacking(self, request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """To the next row that lacks something, if the host asked for it."""
        following = next_lacking(self, request, obj) if "_next" in request.POST else None
        if following is None:
            return super().response_post_save_change(request, obj)
        address = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[following.pk]
        )
        return HttpResponseRedirect(f"{address}?{self.get_preserved_filters(request)}")

    def render_delete_form(self, request: HttpRequest, context: Any):
        return super().render_delete_form(request, context | self._merge_context(request))

    def _merge_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "kind": self.kind.name,
            "may_merge": request.user.has_perms(self.kind.permissions),
            "may_erase": request.user.has_perms(ERASING_PERMISSIONS),
        }
