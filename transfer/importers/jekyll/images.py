"""Images of the old site, copied from the checkout into our storage."""

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from media.exif import strip_metadata
from media.images import InvalidImage
from media.storages import PICTURES
from text.problems import Problem, warning
from transfer.importers.checkout import is_file

FOLDERS = ("_assets/images", "_assets", "assets", "images", "")
ENDINGS = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"}


def read_image(path: Path) -> ContentFile | None:
    """The image without its camera's metadata. None: it is broken."""
    try:
        return ContentFile(strip_metadata(path.read_bytes()))
    except InvalidImage:
        return None


@dataclass(slots=True)
class Images:
    """Finds images in the checkout, never outside it, and stores them under `pictures/`."""

    root: Path
    dry_run: bool = False
    problems: list[Problem] = field(default_factory=list)

    def markdown(self, path: str, line: int) -> str:
        """An image as Markdown; where its file is missing, its name in words."""
        words = re.sub(r"[-_]+", " ", PurePosixPath(path).stem)
        address = self._address(path, line)
        return f"![{words}]({address})" if address else f"*(picture: {words})*"

    def link(self, path: str, line: int) -> str:
        """The address of an image; for another file, or a missing one, the old site's own."""
        return self._address(path, line) or f"/assets/{path.lstrip('/')}"

    def find(self, path: str) -> Path | None:
        """The image in the checkout; `.jpg` is added to a path without an ending."""
        for folder in FOLDERS:
            wanted = self.root / folder / path.lstrip("/")
            for candidate in (wanted, Path(f"{wanted}.jpg")):
                if candidate.suffix.lower() in ENDINGS and is_file(candidate, self.root):
                    return candidate
        return None

    def _address(self, path: str, line: int) -> str:
        found = self.find(path)
        content = read_image(found) if found else None
        if not found or not content:
            fault = "The image is broken." if found else "No image of this name is in the checkout."
            self.problems.append(warning(fault, line, field="image", value=path))
            return ""
        name = PICTURES + found.resolve().relative_to(self.root.resolve()).as_posix().lstrip("_")
        if not self.dry_run and not default_storage.exists(name):
            default_storage.save(name, content)
        return default_storage.url(name)


@dataclass(slots=True)
class UnavailableImages(Images):
    """Stands for the images of a post that came without its checkout: none is found."""

    def _address(self, path: str, line: int) -> str:
        message = "A picture of the old site; only its name stays."
        self.problems.append(warning(message, line, field="image", value=path))
        return ""
