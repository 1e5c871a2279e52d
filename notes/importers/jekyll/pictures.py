"""Pictures and files of the old site: copied into our storage where the checkout has them."""

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.core.files import File
from django.core.files.storage import default_storage

from text.problems import Problem, warning

FOLDERS = ("_assets/images", "_assets", "assets", "images", "")
PICTURE_ENDINGS = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"}
PREFIX = "pictures/"


@dataclass(slots=True)
class Pictures:
    """Finds files of the checkout, never outside it, and keeps them under `pictures/`."""

    root: Path
    dry_run: bool = False
    problems: list[Problem] = field(default_factory=list)

    def markdown(self, path: str, line: int) -> str:
        """A picture as Markdown; where its file is missing, its name in words."""
        words = re.sub(r"[-_]+", " ", PurePosixPath(path).stem)
        address = self._address(path, line)
        return f"![{words}]({address})" if address else f"*(picture: {words})*"

    def link(self, path: str, line: int) -> str:
        """The address of a file; the old site's own where the file is missing."""
        return self._address(path, line) or f"/assets/{path.lstrip('/')}"

    def find(self, path: str) -> Path | None:
        """The file in the checkout, with a picture's ending added where it has none."""
        for folder in FOLDERS:
            wanted = (self.root / folder / path.lstrip("/")).resolve()
            if not wanted.is_relative_to(self.root.resolve()):
                return None
            for candidate in (wanted, wanted.with_name(wanted.name + ".jpg")):
                if candidate.is_file():
                    return candidate
        return None

    def _address(self, path: str, line: int) -> str:
        found = self.find(path)
        if not found:
            message = "This file isn't in the checkout."
            self.problems.append(warning(message, line, field="picture", value=path))
            return ""
        name = PREFIX + found.resolve().relative_to(self.root.resolve()).as_posix().lstrip("_")
        if not self.dry_run and not default_storage.exists(name):
            with found.open("rb") as content:
                default_storage.save(name, File(content))
        return default_storage.url(name)
