"""Imports recordings: each file to the episode whose enclosure has its name."""

from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.files import File
from django.db import transaction

from episodes.models import Enclosure, Episode
from notes.apply import finish_edit
from text.problems import error
from transfer.importers.report import Report

SOURCE = "import_audio"


def import_audio(root: Path, report: Report) -> None:
    """Store every file below `root` that an enclosure names, unless it is stored already.

    Each file has its own transaction, so an interrupted import goes on when run again. Raises
    OSError if the folder can't be read.
    """
    by_name = _by_name()
    found = set()
    paths = sorted(_files(root))
    for path in paths:
        enclosures = by_name.get(path.name, [])
        if len(enclosures) != 1:
            episodes = f"{len(enclosures)} episodes have" if enclosures else "No episode has"
            message = f"{episodes} a recording of this name; left out."
            report.within(path).warn(message, field="name", value=path.name)
            continue
        found.add(enclosures[0].pk)
        _import_file(path, enclosures[0], report.within(path))
    if by_name and not found:
        message = f"None of this folder's {len(paths):,} files is the recording of an episode."
        report.within(root).problem(error(message))
        return
    for enclosure in Enclosure.objects.filter(file="").exclude(pk__in=found):
        if enclosure.episode.deleted_at is None:
            message = "No file of this name was found; its audio stays where it is."
            report.warn(message, field="name", value=file_name(enclosure))


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
    """The last part of the address in the old feed, else of the outside one, else our name."""
    path = urlsplit(enclosure.imported_url or enclosure.url).path
    return unquote(path).rpartition("/")[2] or enclosure.name


def _import_file(path: Path, enclosure: Enclosure, report: Report) -> None:
    episode, size = enclosure.episode, path.stat().st_size
    if size == 0 or enclosure.bytes not in (None, 0, size):
        message = f"Has {size:,} bytes, but the episode's audio {enclosure.bytes or 0:,}; left out."
        report.refuse(str(episode), error(message, field="bytes", value=path.name))
        return
    if enclosure.file:
        report.outcome(str(episode), "unchanged")
        return
    if not report.dry_run:
        try:
            _store(path, size, episode)
        except OSError as failure:
            message = f"Could not be stored: {failure.strerror or failure}."
            report.refuse(str(episode), error(message, field="file"))
            return
    report.outcome(str(episode), "changed")


def _store(path: Path, size: int, episode: Episode) -> None:
    """Store the file first, then name it in the row, so that no row has half a file."""
    with transaction.atomic():
        Episode.with_deleted.select_for_update(of=("self",)).get(pk=episode.pk)
        enclosure = Enclosure.objects.get(episode=episode)
        with path.open("rb") as content:
            enclosure.file.save(path.name, File(content), save=False)
        enclosure.bytes = size
        enclosure.save()
        episode.refresh_from_db()
        finish_edit(episode, None, SOURCE)
