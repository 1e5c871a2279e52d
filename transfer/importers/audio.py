"""The old recordings into our storage: each file to the episode whose enclosure bears its name."""

from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.files import File
from django.db import transaction

from episodes.models import Enclosure, Episode
from notes.publish import finish_edit
from text.problems import error, warning
from transfer.importers.report import Report

SOURCE = "import_audio"


def import_audio(root: Path, report: Report) -> None:
    """Store every file below `root` that an enclosure names; what is stored already stays.

    One transaction per file: after an interruption, running it again goes on where it stopped.
    Raises OSError where the folder can't be read.
    """
    wanted = _by_name()
    found = set()
    for path in sorted(_files(root)):
        enclosures = wanted.get(path.name, [])
        if len(enclosures) != 1:
            message = (
                "No enclosure bears this name; left out."
                if not enclosures
                else f"{len(enclosures)} enclosures bear this name; left out."
            )
            report.problem(warning(message, field="name", value=path.name, file=str(path)))
            continue
        found.add(enclosures[0].pk)
        _import_file(path, enclosures[0], report)
    for enclosure in Enclosure.objects.filter(file="").exclude(pk__in=found):
        if enclosure.episode.deleted_at is None:
            message = "No file of this name was found; its audio stays where it is."
            report.problem(warning(message, field="name", value=file_name(enclosure)))


def _files(root: Path) -> list[Path]:
    if not root.is_dir():
        raise NotADirectoryError(20, "Not a folder", str(root))
    return [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]


def _by_name() -> dict[str, list[Enclosure]]:
    found: dict[str, list[Enclosure]] = defaultdict(list)
    for enclosure in Enclosure.objects.select_related("episode"):
        for name in {enclosure.name, file_name(enclosure)}:
            found[name].append(enclosure)
    return found


def file_name(enclosure: Enclosure) -> str:
    """The last part of the address that apps know, else of the outside one, else our name."""
    path = urlsplit(enclosure.imported_url or enclosure.url).path
    return unquote(path).rpartition("/")[2] or enclosure.name


def _import_file(path: Path, enclosure: Enclosure, report: Report) -> None:
    episode, size = enclosure.episode, path.stat().st_size
    if size == 0 or enclosure.bytes not in (None, 0, size):
        message = f"Has {size:,} bytes, but the episode's audio {enclosure.bytes or 0:,}; left out."
        report.problem(error(message, field="bytes", value=path.name, file=str(path)))
        report.outcome(str(episode), "failed")
        return
    if enclosure.file:
        report.outcome(str(episode), "unchanged")
        return
    if not report.dry_run:
        try:
            _store(path, size, episode)
        except OSError as wrong:
            reason = wrong.strerror or str(wrong)
            report.problem(error(f"Could not be stored: {reason}.", field="file", file=str(path)))
            report.outcome(str(episode), "failed")
            return
    report.outcome(str(episode), "changed")


def _store(path: Path, size: int, episode: Episode) -> None:
    """Into the storage, then into the row: what is half-stored is no enclosure's file."""
    with transaction.atomic():
        Episode.with_deleted.select_for_update(of=("self",)).get(pk=episode.pk)
        enclosure = Enclosure.objects.get(episode=episode)
        with path.open("rb") as content:
            enclosure.file.save(path.name, File(content), save=False)
        enclosure.bytes = size
        enclosure.save()
        episode.refresh_from_db()
        finish_edit(episode, None, SOURCE)
