"""The desk's bin: deleted episodes can be restored for 30 days, then they are removed."""

from datetime import timedelta

from django.db import transaction

from episodes.models import DiscardedFile, Episode
from show.clock.reading import removable_before
from show.models import Redirect

RETENTION = timedelta(days=30)


def empty_bin() -> str:
    """Remove the episodes deleted more than RETENTION ago; says how many. Triggers clear up."""
    removed = 0
    while _remove_one():
        removed += 1
    episodes = "episode" if removed == 1 else "episodes"
    return f"Removed {removed} {episodes} from the bin for good." if removed else ""


@transaction.atomic
def _remove_one() -> bool:
    """One episode a transaction, so that an interruption leaves no half-removed one."""
    due = Episode.with_deleted.filter(deleted_at__lte=removable_before(RETENTION)).order_by("pk")
    episode = due.select_for_update(of=("self",), skip_locked=True).first()
    if episode is None:
        return False
    if Episode.with_deleted.gone().filter(pk=episode.pk).exists():
        _redirect_to_nowhere(episode)
    if episode.image:
        DiscardedFile.objects.create(name=str(episode.image))
    episode.delete()
    return True


def _redirect_to_nowhere(episode: Episode) -> None:
    """A public address goes on answering 410, unless another episode has taken it."""
    if Episode.objects.filter(kind=episode.kind, slug=episode.slug).exists():
        return
    path = episode.get_absolute_url()
    Redirect.objects.filter(new_path=path).update(new_path="")
    Redirect.objects.get_or_create(old_path=path, defaults={"new_path": ""})
