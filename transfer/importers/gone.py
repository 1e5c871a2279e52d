"""Names the episodes that a source had at its last import and has no more."""

from collections.abc import Collection
from datetime import datetime

from episodes.models import Episode
from notes.models import ImportBase, ImportSource
from transfer.importers.report import Report


def warn_of_gone(
    source: ImportSource,
    key: str,
    present: Collection[str],
    report: Report,
    since: datetime | None = None,
    met: Collection[int] = (),
) -> None:
    """Warn of each public episode that stays although the source has deleted it.

    `key` is the fact by which the source tells its episodes apart, `present` what it has now.
    `since`: older episodes are only counted, since many feeds list only the newest. `met` are the
    keys of episodes that this import has found: in a dry run, their bases are still the old ones.
    """
    bases = ImportBase.objects.filter(
        source=source, episode__status=Episode.Status.PUBLISHED, episode__deleted_at=None
    )
    bases = (
        bases.exclude(episode__in=met)
        .select_related("episode")
        .defer("notes")
        .order_by("episode__published_at")
    )
    older = 0
    for base in bases.iterator():
        episode, said = base.episode, base.facts.get(key)
        if episode is None or said is None or said in present:
            continue
        if since and episode.published_at and episode.published_at < since:
            older += 1
        else:
            message = "Gone from the source, and still public here: withdraw it at the desk."
            report.warn(message, field="episode", value=str(episode))
    if older:
        report.note(f"Older than all that the source has now, and still here: {older:,}")
