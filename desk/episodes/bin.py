"""Deleting an episode: it goes to the bin, and comes back from there."""

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
from django.utils.html import format_html

from desk.shortcuts import finish
from episodes.bin import RETENTION
from episodes.models import Episode

logger = logging.getLogger(__name__)
BIN = "bin"  # the list's state that shows what is in it
LIST = "admin:episodes_episode_changelist"
TOLD = '“{}” is <a href="{}">in the bin</a>: it can be put back for {} days.'


class BinAdmin(admin.ModelAdmin):
    """Nothing is removed by who deletes."""

    actions = ("put_back",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        in_bin = obj is not None and obj.deleted_at is not None
        return not in_bin and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest):
        """The episode goes to the bin with all that hangs on it."""
        episodes = list(objs)
        return [str(episode) for episode in episodes], {"episodes": len(episodes)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Episode) -> None:
        obj.deleted_at = timezone.now()
        obj.save(update_fields=["deleted_at"])
        finish(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Episode]) -> None:
        """All in one statement, in which search locks what it changes in the order others do."""
        chosen = queryset.filter(deleted_at=None).order_by("pk")
        episodes = list(chosen.select_for_update(of=("self",)))
        now = timezone.now()
        Episode.with_deleted.filter(pk__in=[row.pk for row in episodes]).update(deleted_at=now)
        for episode in episodes:
            episode.deleted_at = now
            finish(request, episode)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Django would say that it was deleted; there is a way back."""
        episodes = reverse(LIST)
        told = format_html(TOLD, obj_display, f"{episodes}?state={BIN}", RETENTION.days)
        messages.success(request, told)
        filters: Any = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, episodes))

    @admin.action(description="Put back from the bin", permissions=["change"])
    def put_back(self, request: HttpRequest, queryset: QuerySet[Episode]) -> None:
        for episode in queryset.exclude(deleted_at=None):
            try:
                put_back(request, episode)
            except Episode.DoesNotExist:  # the bin was emptied meanwhile
                self.message_user(request, f"{episode} was removed for good meanwhile.", "ERROR")
            except ValidationError as error:
                self.message_user(request, f"{episode}: {' '.join(error.messages)}", "ERROR")
            except IntegrityError as error:  # given away in this very moment
                logger.warning("The database refused to put back an episode", exc_info=error)
                refused = f"{episode} was not put back: the database refused it."
                self.message_user(request, refused, "ERROR")
            else:
                self.message_user(request, f"{episode} is back.")


@transaction.atomic
def put_back(request: HttpRequest, episode: Episode) -> None:
    """Undo a deletion. Raises ValidationError when number or address were given away since,
    Episode.DoesNotExist when it was removed for good.

    One episode, one transaction: one that puts back several may deadlock with others' edits.
    """
    episode.refresh_from_db(from_queryset=Episode.with_deleted.select_for_update())
    episode.deleted_at = None
    episode.validate_constraints()
    episode.save(update_fields=["deleted_at"])
    finish(request, episode)
