"""The desk's bin: what was deleted can be put back for a month, then it goes for good."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from episodes.models import DiscardedFile, Episode
from show.models import Redirect

KEPT = timedelta(days=30)


def empty_bin() -> str:
    """Remove for good what has lain in the bin for its time; says how many.

    An address that was public keeps answering that it is gone (410), unless another episode has
    it by now. Recordings go by the triggers of their rows.
    """
    removed = 0
    while _remove_one():
        removed += 1
    return f"Removed {removed} episodes for good that had lain in the bin." if removed else ""


@transaction.atomic
def _remove_one() -> bool:
    """One a transaction: whole episodes, also when interrupted."""
    due = Episode.with_deleted.filter(deleted_at__lte=timezone.now() - KEPT).order_by("pk")
    episode = due.select_for_update(of=("self",), skip_locked=True).first()
    if episode is None:
        return False
    if Episode.with_deleted.gone().filter(pk=episode.pk).exists():
        _keep_gone(episode)
    if episode.image:
        DiscardedFile.objects.create(name=str(episode.image))
    episode.delete()
    return True


def _keep_gone(episode: Episode) -> None:
    if Episode.objects.filter(kind=episode.kind, slug=episode.slug).exists():
        return
    path = episode.get_absolute_url()
    Redirect.objects.filter(new_path=path).update(new_path="")
    Redirect.objects.get_or_create(old_path=path, defaults={"new_path": ""})
