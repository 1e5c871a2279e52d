"""Stored files of an export, put back under their names."""

from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.utils import validate_file_name

from text.problems import error
from transfer.export.folder import MANIFEST, MEDIA, checksum, read_manifest
from transfer.importers.checkout import is_file
from transfer.importers.report import Report


def restore_media(root: Path, report: Report) -> dict[str, str]:
    """Store missing files. Returns new names of those whose name another file has already."""
    sums = read_manifest(root / MANIFEST)
    renamed: dict[str, str] = {}
    for path in sorted((root / MEDIA).rglob("*")):
        if path.is_dir():
            continue
        place = path.relative_to(root).as_posix()
        name = place.removeprefix(f"{MEDIA}/")
        if not is_file(path, root) or not _is_name(name):
            report.within(place).problem(error("No file of this export; left out."))
        elif default_storage.exists(name) and default_storage.size(name) == path.stat().st_size:
            continue
        elif sums.get(place) not in (None, checksum(path)):
            message = f"Not the file that was exported: its checksum differs from {MANIFEST}."
            report.within(place).refuse(place, error(message))
        else:
            if not report.dry_run:
                with path.open("rb") as content:
                    stored = default_storage.save(name, File(content))
                if stored != name:
                    renamed[name] = stored
            report.outcome(place, "new")
    return renamed


def _is_name(name: str) -> bool:
    try:
        return bool(validate_file_name(name, allow_relative_path=True))
    except SuspiciousFileOperation:
        return False
