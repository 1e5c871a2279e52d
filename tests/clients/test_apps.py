"""Apps that listeners use: they subscribe to the running site, list, and download the audio."""

import os
import pty
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from episodes.models import Enclosure
from tests.clients.programs import PATIENCE, ask, program

pytestmark = pytest.mark.clients

TITLES = ["Episode 3", "Episode 2", "Episode 1"]
NEWSBOAT = ("-u", "urls", "-c", "cache.db", "-C", os.devnull)


def stored() -> list[bytes]:
    """The audio of every episode, first one first."""
    return [row.file.read() for row in Enclosure.objects.exclude(file="").order_by("name")]


def rows(database: Path, query: str) -> list[tuple]:
    with sqlite3.connect(database) as connection:
        return connection.execute(query).fetchall()


def test_gpodder(site: str, tmp_path: Path) -> None:
    gpo = program("gpo", "gpodder")
    feed = f"{site}/podcast/feed.xml"

    def tell(*arguments: str) -> str:
        return ask(gpo, *arguments, GPODDER_HOME=str(tmp_path))

    assert "Successfully added" in tell("subscribe", feed)
    assert feed in tell("list")
    episodes = tell("episodes")
    assert [line.split("*")[-1].strip() for line in episodes.splitlines() if "*" in line] == TITLES

    tell("download")
    files = {path.read_bytes() for path in tmp_path.glob("Downloads/*/*.mp3")}
    assert files == {*stored()} and len(files) == 3
    known = "SELECT title, total_time, file_size, mime_type FROM episode ORDER BY published DESC"
    assert rows(tmp_path / "Database", known) == [
        (f"Episode {number}", 10 * number, len(stored()[number - 1]), "audio/mpeg")
        for number in (3, 2, 1)
    ]


def test_newsboat_and_podboat(site: str, tmp_path: Path) -> None:
    newsboat, podboat = program("newsboat", "newsboat"), program("podboat", "newsboat")
    (tmp_path / "urls").write_text(f"{site}/podcast/feed.xml\n")
    files = [str(tmp_path / name) if name in ("urls", "cache.db") else name for name in NEWSBOAT]

    ask(newsboat, *files, "-x", "reload", HOME=str(tmp_path))
    unread = ask(newsboat, *files, "-x", "print-unread", HOME=str(tmp_path))
    assert unread.startswith("3 unread")
    known = "SELECT title, enclosure_type, enclosure_url FROM rss_item ORDER BY pubDate DESC"
    items = rows(tmp_path / "cache.db", known)
    assert [item[:2] for item in items] == [(title, "audio/mpeg") for title in TITLES]

    target = tmp_path / "episode.mp3"
    (tmp_path / "queue").write_text(f'{items[0][2]} "{target}"\n')
    download(podboat, tmp_path, target, len(stored()[2]))
    assert target.read_bytes() == stored()[2]


def download(podboat: str, folder: Path, target: Path, size: int) -> None:
    """Press podboat's keys for download and quit: it has nothing but its screen.

    Its option -a would begin one download several times at once, all into the same file.
    """
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        [podboat, "-C", os.devnull, "-q", str(folder / "queue")],
        env=os.environ | {"HOME": str(folder), "TERM": "xterm"},
        stdin=terminal, stdout=terminal, stderr=terminal,
    ) as running:  # fmt: skip
        os.write(screen, b"d")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if target.exists() and target.stat().st_size >= size:
                break
            time.sleep(0.1)
        os.write(screen, b"q")
        running.wait(PATIENCE)
    os.close(screen)
    os.close(terminal)
