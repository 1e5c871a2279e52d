"""Keys and passwords are found before they are committed."""

import subprocess
from pathlib import Path

import pytest

from tests import leaks

# In two parts: this file is looked through as well.
AWS = "AKIA" + "IOSFODNN7EXAMPL3"
PEM = "-----BEGIN RSA PRIVATE" + " KEY-----"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(leaks, "ROOT", tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text(".env\n")
    return tmp_path


@pytest.mark.parametrize("file", ["tests/test_x.py", "podcast/settings.py", "docs/x.md"])
@pytest.mark.parametrize("line", [f"key = '{AWS}'", PEM, "https://ann:" + "s3cr3t9@example.org/"])
def test_what_has_the_form_of_a_key_is_found_anywhere(
    repository: Path, file: str, line: str, capsys: pytest.CaptureFixture[str]
):
    path = repository / file
    path.parent.mkdir()
    path.write_text(f"first\n{line}\n")
    assert leaks.main() == 1
    told = capsys.readouterr().out
    assert told.startswith(f"{file}:2: ")
    assert line not in told and AWS not in told


def test_passwords_are_found_outside_of_tests(repository: Path):
    for folder in ("tests", "podcast"):
        (repository / folder).mkdir()
        (repository / folder / "x.py").write_text('password = "Tr0ub4dor-and-3"\n')
    found = leaks.leaks(["podcast/x.py"], leaks.VAGUE)
    assert [each[:2] for each in found] == [("podcast/x.py", 1)]
    (repository / "podcast" / "x.py").unlink()
    assert leaks.main() == 0


def test_what_is_meant_or_not_committed_is_left_alone(repository: Path):
    (repository / ".env").write_text(f"KEY={AWS}\n")
    (repository / "x.py").write_text(f'key = "{AWS}"  # pragma: allowlist secret\n')
    assert leaks.main() == 0
