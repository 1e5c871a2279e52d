"""Static files of earlier releases remain for pages that are still open, but not for ever."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DAY = 24 * 60 * 60


class Server:
    """nginx's static files, and releases that are added one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.served = folder / "served files"
        self.served.mkdir()

    def deploy(self, *names: str) -> None:
        release = self.folder / "release"
        for name in names:
            (release / name).parent.mkdir(parents=True, exist_ok=True)
            (release / name).write_text(name)
        script = ROOT / "deploy/add-static.sh"
        subprocess.run([script, release, self.served], check=True)
        shutil.rmtree(release)

    def later(self, days: float) -> None:
        """Make all files older."""
        for path in [self.served, *self.served.rglob("*")]:
            then = path.stat().st_mtime - days * DAY
            os.utime(path, (then, then))

    @property
    def files(self) -> set[str]:
        found = (path.relative_to(self.served) for path in self.served.rglob("*.css"))
        return {path.as_posix() for path in found}


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_files_remain_for_a_month_after_their_release_was_replaced(server: Server):
    server.deploy("a.1.css", "both.css")
    server.later(days=200)  # no update for long: its pages are open until the next one
    server.deploy("a.2.css", "both.css")
    assert server.files == {"a.1.css", "a.2.css", "both.css"}
    server.later(days=29)
    server.deploy("sub/a.3.css", "both.css")
    assert server.files == {"a.1.css", "a.2.css", "sub/a.3.css", "both.css"}
    server.later(days=2)
    server.deploy("sub/a.4.css", "both.css")
    assert server.files == {"a.2.css", "sub/a.3.css", "sub/a.4.css", "both.css"}
    server.later(days=31)
    server.deploy("sub/a.4.css", "both.css")  # a restart
    assert server.files == {"sub/a.4.css", "both.css"}


def test_a_release_that_returns_is_in_use_again(server: Server):
    server.deploy("a.1.css")
    server.deploy("a.2.css")
    server.later(days=29)
    server.deploy("a.1.css")
    server.later(days=29)
    server.deploy("a.3.css")
    assert server.files == {"a.1.css", "a.2.css", "a.3.css"}
    server.later(days=29)
    server.deploy("a.3.css")
    assert server.files == {"a.1.css", "a.3.css"}


def test_files_from_before_such_lists_remain_for_a_month(server: Server):
    (server.served / "old.css").write_text("old")
    server.later(days=300)
    server.deploy("a.1.css")
    server.later(days=29)
    server.deploy("a.1.css")
    assert server.files == {"old.css", "a.1.css"}
    server.later(days=2)
    server.deploy("a.1.css")
    assert server.files == {"a.1.css"}


def test_files_of_a_killed_run_go_and_unchanged_ones_are_left_alone(server: Server):
    server.deploy("a.1.css")
    server.later(days=3)
    before = (server.served / "a.1.css").stat().st_mtime
    (server.served / "half.css.new").write_text("ha")
    server.deploy("a.1.css")
    assert (server.served / "half.css.new").exists()  # another run may be copying it
    server.later(days=3)
    server.deploy("a.1.css")
    assert not (server.served / "half.css.new").exists()
    moved = before - 3 * DAY - (server.served / "a.1.css").stat().st_mtime
    assert abs(moved) < 1
    assert time.time() - (server.served / ".releases/current").stat().st_mtime < DAY
