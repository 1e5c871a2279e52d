"""Nothing that may be in an image has a licence that binds whoever distributes it."""

from pathlib import Path

import pytest

from deploy.local.environment import ROOT
from deploy.release.licences import (
    SITE,
    SITE_EXCEPTIONS,
    find_licences,
    is_permissive,
    pinned,
    unaccepted,
)


def test_the_sites_packages_have_permissive_licences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert list(unaccepted(SITE[:1], SITE_EXCEPTIONS)) == []


def test_each_exception_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = {line.split()[1] for line in unaccepted(SITE[:1], [])}
    assert found == set(SITE_EXCEPTIONS)


def test_a_package_under_the_gpl_is_named(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("djlint==1.0 \\\n    --hash=sha256:0\ndjango==5.2 \\\n    --hash=sha256:0\n")
    (problem,) = unaccepted([path], SITE_EXCEPTIONS)
    assert problem.startswith(f"{path}: djlint has the licence GPL-3.0-or-later. Take another")


def test_packages_of_other_systems_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("a==1 ; sys_platform == 'win32' \\\nb==2 ; sys_platform != 'win32' \\\nc==3\n")
    assert pinned(path) == ["b", "c"]


@pytest.mark.parametrize(
    ("licence", "permissive"),
    [
        ("MIT", True),
        ("MIT OR GPL-2.0-only", True),
        ("MIT AND PSF-2.0", True),
        ("MIT AND GPL-2.0-only", False),
        ("GPL-2.0-only OR MIT AND MPL-2.0", False),
        ("OSI Approved", False),
        ("none", False),
    ],
)
def test_a_choice_of_licences_needs_one_that_is_permissive(licence: str, permissive: bool) -> None:
    assert is_permissive(licence) is permissive


def test_a_licence_is_found_where_the_package_states_it() -> None:
    assert find_licences("django") == ["BSD-3-Clause"]  # an expression
    assert find_licences("markdown-it-py") == ["MIT License"]  # a classifier
    assert find_licences("boto3") == ["Apache-2.0"]  # a text
    assert find_licences("crawler-user-agents") == ["The MIT License (MIT)"]  # a file
