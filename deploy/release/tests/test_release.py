"""`./run release` in a repository of its own."""

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from deploy.local.environment import ROOT
from deploy.release.release import (
    CHANGELOG,
    NEXT,
    PROJECT,
    UNRELEASED,
    UPGRADES,
    git,
    make_release,
)
from podcast.version import VERSION

TODAY = date(2027, 1, 5)
PROJECT_TEXT = '[project]\nname = "p"\nversion = "1.9.0"\n\n[tool.other]\nversion = "3"\n'
CHANGELOG_TEXT = """\
# Changelog

## [Unreleased]

### Added

- A thing.

## [1.9.0] - 2026-12-01

- The former.
"""
UPGRADES_TEXT = """\
# Upgrades

## To the next version

<!-- Add it here. -->

1. Do this.

## To 1.9.0

1. Do that.
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "N")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "n@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    (tmp_path / "docs").mkdir()
    (tmp_path / PROJECT).write_text(PROJECT_TEXT)
    (tmp_path / CHANGELOG).write_text(CHANGELOG_TEXT)
    (tmp_path / UPGRADES).write_text(UPGRADES_TEXT)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=First")
    return tmp_path


def test_a_release_numbers_what_is_unreleased_and_tags_it(repository: Path) -> None:
    make_release(repository, "1.10.0", TODAY)
    assert (repository / PROJECT).read_text() == PROJECT_TEXT.replace("1.9.0", "1.10.0")
    changelog = (repository / CHANGELOG).read_text()
    heading = "## [Unreleased]\n"
    dated = f"{heading}\n## [1.10.0] - 2027-01-05\n"
    assert changelog == CHANGELOG_TEXT.replace(heading, dated)
    comment = "<!-- Add it here. -->\n"
    upgrades = (repository / UPGRADES).read_text()
    assert upgrades == UPGRADES_TEXT.replace(comment, f"{comment}\n## To 1.10.0\n")
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "log", "-1", "--format=%s") == "Version 1.10.0"
    assert git(repository, "cat-file", "-t", "1.10.0") == "tag"  # an annotated one
    assert git(repository, "describe") == "1.10.0"


def test_a_version_that_asks_nothing_of_operators_has_no_section_for_them(
    repository: Path,
) -> None:
    text = UPGRADES_TEXT.replace("1. Do this.\n\n", "")
    (repository / UPGRADES).write_text(text)
    git(repository, "commit", "--quiet", "--all", "--message=Nothing to do")
    make_release(repository, "1.9.1", TODAY)
    assert (repository / UPGRADES).read_text() == text


@pytest.mark.parametrize("version", ["", "2", "1.10", "v1.10.0", "1.10.0rc1"])
def test_a_version_is_three_numbers(repository: Path, version: str) -> None:
    refused(repository, version, "./run release X.Y.Z")


@pytest.mark.parametrize("version", ["1.9.0", "1.8.10", "0.10.0"])
def test_a_version_is_newer(repository: Path, version: str) -> None:
    refused(repository, version, "isn't newer than 1.9.0")


@pytest.mark.parametrize("name", [PROJECT, "new.txt"])
def test_what_is_not_committed_is_named(repository: Path, name: str) -> None:
    with (repository / name).open("a") as file:
        file.write("\n# changed\n")
    refused(repository, "1.10.0", name)


def test_a_version_is_made_of_main(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "other")
    refused(repository, "1.10.0", "this is other")


def test_a_version_without_changes_is_none(repository: Path) -> None:
    make_release(repository, "1.10.0", TODAY)
    refused(repository, "1.11.0", "no entries under")


def test_a_tag_is_not_moved(repository: Path) -> None:
    git(repository, "tag", "1.10.0")
    refused(repository, "1.10.0", "there is a tag 1.10.0")


def test_this_projects_files_are_as_a_release_expects_them() -> None:
    changelog = (ROOT / CHANGELOG).read_text()
    assert UNRELEASED.search(changelog)
    (newest, *_) = re.findall(r"^## \[([\d.]+)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert newest == VERSION
    assert f'\nversion = "{VERSION}"\n' in (ROOT / PROJECT).read_text()
    assert NEXT.search((ROOT / UPGRADES).read_text())


def refused(repository: Path, version: str, reason: str) -> None:
    """Nothing is written, committed or tagged, and the reason is given."""
    before = state(repository)
    with pytest.raises(SystemExit, match=reason):
        make_release(repository, version, TODAY)
    assert state(repository) == before


def state(repository: Path) -> list[str]:
    files = [(repository / name).read_text() for name in (PROJECT, CHANGELOG, UPGRADES)]
    refs = subprocess.run(
        ["git", "show-ref", "--head"], cwd=repository, capture_output=True, text=True, check=True
    )
    return [*files, refs.stdout]
