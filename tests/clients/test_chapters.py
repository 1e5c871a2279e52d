"""Chapters in a recording, read by mutagen: a program that runs beside us and isn't part of us."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from episodes.tests import factories
from media.tests.recordings import mp3
from media.tests.test_uploads import picture
from notes.apply import finish_edit
from show.models import Show
from tests.clients.programs import ask

pytestmark = [pytest.mark.clients, pytest.mark.django_db]

PYTHON = Path("/usr/bin/python3")  # Debian's, which has Debian's python3-mutagen
READ = """
import json, sys
from mutagen.mp3 import MP3
file = MP3(sys.argv[1])
chapters = [[c.element_id, c.start_time, c.end_time, str(c.sub_frames["TIT2"])]
            for c in file.tags.getall("CHAP")]
contents = [[c.element_id, c.child_element_ids] for c in file.tags.getall("CTOC")]
print(json.dumps({"seconds": round(file.info.length), "title": str(file.tags["TIT2"]),
    "show": str(file.tags["TALB"]), "artwork": file.tags.getall("APIC")[0].mime,
    "chapters": sorted(chapters, key=lambda c: c[1]), "contents": contents}))
"""


def test_chapters_title_show_and_artwork(tmp_path: Path):
    factories.show()
    show = Show.objects.get()
    show.artwork.save("a.png", ContentFile(picture("PNG", (1400, 1400))))
    row = factories.episode("Łódź & Co.", 7, topics=[(60, "Django – why?"), (90, "Redis")])
    audio = row.enclosure
    audio.url, audio.chapters_due, audio.seconds = "", True, 120
    audio.file.save("a.mp3", ContentFile(mp3(120)))
    finish_edit(row, None, "desk")
    copy = tmp_path / "a.mp3"
    with row.enclosure.file.open() as file:
        copy.write_bytes(file.read())

    found: dict[str, Any] = json.loads(ask(debians_python(), "-c", READ, copy))
    assert (found["seconds"], found["title"]) == (120, "Łódź & Co.")
    assert (found["show"], found["artwork"]) == (show.title, "image/jpeg")
    assert [chapter[1:] for chapter in found["chapters"]] == [
        [0, 60_000, "Introduction"],
        [60_000, 90_000, "Django – why?"],
        [90_000, 120_000, "Redis"],
    ]
    assert found["contents"] == [["toc", [chapter[0] for chapter in found["chapters"]]]]


def debians_python() -> Path:
    """Skips the test where it has no mutagen."""
    try:
        ask(PYTHON, "-c", "import mutagen")
    except (AssertionError, OSError):
        pytest.skip("no mutagen for Debian's Python: apt-get install python3-mutagen")
    return PYTHON
