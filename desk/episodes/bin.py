"""The bin: deleting an episode moves it there, and it can be restored from there."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts.roles import sees_episodes
from desk.shortcuts import EPISODE_LIST, finish, moved_to_bin
from desk.writing.reading import is_only_text
from episodes.models import Episode

logger = logging.getLogger(__name__)


class BinAdmin(admin.ModelAdmin):
    """Deletes by setting `deleted_at`."""

    actions = ("restore",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of those in the bin, nor of drafts that the user may not see."""
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None:
            return True
        is_seen = sees_episodes(request.user) or Episode.objects.published().contains(obj)
        return obj.deleted_at is None and is_seen

    def get_deleted_objects(self, objs: Any, request: HttpRequest):
        """Related rows go to the bin with their episode; nothing protects it."""
        episodes = list(objs)
        return [str(episode) for episode in episodes], {"episodes": len(episodes)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Episode) -> None:
        obj.deleted_at = timezone.now()
        obj.save(update_fields=["deleted_at"])
        finish(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Episode]) -> None:
        """One statement, so that search locks rows in the same order as other writers."""
        chosen = queryset.filter(deleted_at=None).order_by("pk")
        episodes = list(chosen.select_for_update(of=("self",)))
        now = timezone.now()
        Episode.with_deleted.filter(pk__in=[row.pk for row in episodes]).update(deleted_at=now)
        for episode in episodes:
            episode.deleted_at = now
            finish(request, episode)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Link to the bin, where Django would say “deleted”."""
        episodes = reverse(EPISODE_LIST)
        messages.success(request, moved_to_bin(obj_display))
        filters: Any = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, episodes))

    @admin.action(description="Restore from the bin", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Episode]) -> None:
        for episode in queryset.exclude(deleted_at=None):
            try:
                restore(request, episode)
            except Episode.DoesNotExist:  # the bin was emptied meanwhile
                self.message_user(request, f"{episode} has been deleted for good.", "ERROR")
            except ValidationError as error:
                self.message_user(request, f"{episode}: {' '.join(error.messages)}", "ERROR")
            except IntegrityError as error:  # number or address taken at this moment
                logger.warning("The database refused to restore an episode", exc_info=error)
                refused = f"{episode} was not restored: the database refused it."
                self.message_user(request, refused, "ERROR")
            else:
                self.message_user(request, f"{episode} was restored.")


@transaction.atomic
def restore(request: HttpRequest, episode: Episode) -> None:
    """Undo a deletion. Raises ValidationError if another episode has its number or address now,
    Episode.DoesNotExist if it was deleted for good.

    A transaction for each episode: one for several could deadlock with other edits.
    """
    episode.refresh_from_db(from_queryset=Episode.with_deleted.select_for_update())
    episode.deleted_at = None
    episode.validate_constraints()
    episode.save(update_fields=["deleted_at"])
    if not is_only_text(episode):
        finish(request, episode)
