"""The export's stored files, back under their names."""

from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.utils import validate_file_name

from text.problems import error
from transfer.export.folder import MANIFEST, read_manifest
from transfer.export.media import checksum
from transfer.export.tables import MEDIA
from transfer.importers.archive.rows import Files
from transfer.importers.checkout import is_file
from transfer.importers.report import Report


def restore_media(root: Path, report: Report) -> Files:
    """Copy into storage what it lacks. A name that other bytes have there gets another."""
    sums = read_manifest(root / MANIFEST)
    files = Files()
    for path in sorted((root / MEDIA).rglob("*")):
        if path.is_dir():
            continue
        place = path.relative_to(root).as_posix()
        name = place.removeprefix(f"{MEDIA}/")
        if not is_file(path, root) or not _is_name(name):
            report.problem(error("No file of this export; left out.", file=place))
        elif default_storage.exists(name) and default_storage.size(name) == path.stat().st_size:
            continue
        elif sums.get(place) not in (None, checksum(path)):
            message = f"Not the file that was exported: its checksum differs from {MANIFEST}."
            report.problem(error(message, file=place))
            report.outcome(place, "failed")
        else:
            if not report.dry_run:
                _store(path, name, files)
            report.outcome(place, "new")
    return files


def _store(path: Path, name: str, files: Files) -> None:
    with path.open("rb") as content:
        stored = default_storage.save(name, File(content))
    if stored != name:
        files.renamed[name] = stored


def _is_name(name: str) -> bool:
    try:
        return bool(validate_file_name(name, allow_relative_path=True))
    except SuspiciousFileOperation:
        return False
