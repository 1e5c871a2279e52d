"""Where a revision came from, in the host's words."""

from desk.shortcuts import SOURCE
from notes.models import Revision

ORIGINS = {
    SOURCE: "at the desk",
    "import_show_notes": "from imported show notes",
    "import_jekyll": "from the imported site",
    "import_feed": "from the imported feed",
    "import_audio": "from imported recordings",
    "import_transcript": "from an imported transcript",
}
RESTORE = "restore of "


def origin_of(revision: Revision) -> str:
    """The rest of a sentence: saved by nick, at the desk."""
    source = revision.source
    if source.startswith(RESTORE):
        return f"by restoring revision {source.removeprefix(RESTORE)}"
    return ORIGINS.get(source, f"by {source}")  # as in: by renaming of guest
