"""The bin: deleting an episode moves it there, and it can be restored from there."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.roles import edits_drafts_only, sees_episodes
from desk.shortcuts import EPISODE_LIST, finish, may_publish_episodes, moved_to_bin
from desk.writing.reading import is_only_text
from episodes.models import Episode
from episodes.rights import may_publish

logger = logging.getLogger(__name__)


class BinAdmin(admin.ModelAdmin):
    """Deletes by setting `deleted_at`."""

    actions = ("restore",)
    is_restorable = False  # they have their bin

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of those in the bin, nor of drafts that the user may not see."""
        if not super().has_delete_permission(request, obj) or edits_drafts_only(request.user):
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
        messages.success(request, moved_to_bin(request, obj_id, obj_display))
        filters: Any = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, episodes))

    @admin.action(description="Restore from the bin", permissions=["publish"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Episode]) -> None:
        for episode in queryset.exclude(deleted_at=None):
            restore_or_say_why(request, episode)


@may_publish_episodes
@require_POST
def restore_from_bin(request: HttpRequest, pk: int) -> HttpResponse:
    episode = get_object_or_404(Episode.with_deleted, pk=pk)
    if episode.deleted_at is None:
        messages.info(request, f"{episode} isn’t in the bin.")
    else:
        restore_or_say_why(request, episode)
    return redirect("admin:episodes_episode_change", pk)


def restore_or_say_why(request: HttpRequest, episode: Episode) -> None:
    """Restore an episode in the bin, and say so, or say what is in the way."""
    try:
        restore(request, episode)
    except Episode.DoesNotExist:  # the bin was emptied meanwhile
        messages.error(request, f"{episode} has been deleted for good.")
    except ValidationError as error:
        messages.error(request, f"{episode}: {' '.join(error.messages)}")
    except IntegrityError as error:  # number or address taken at this moment
        logger.warning("The database refused to restore an episode", exc_info=error)
        messages.error(request, f"{episode} was not restored: the database refused it.")
    else:
        seen = " Visitors see it again." if episode.is_viewable else ""
        messages.info(request, f"{episode} was restored.{seen}")


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
