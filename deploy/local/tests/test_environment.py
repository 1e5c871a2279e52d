"""What `./run` hands to Django."""

import re
from pathlib import Path

import pytest

from deploy.local.environment import (
    ROOT,
    address,
    documented_variables,
    for_tests,
    local_url,
    read_dotenv,
    secret,
)


def test_dotenv(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "# a comment\n\nexport SITE_URL=https://x.example  # ours\n"
        "SECRET_KEY='a # b'\nNAME = \"two words\"\nEMPTY=\nURL=a=b#c\n"
    )
    assert read_dotenv(path) == {
        "SITE_URL": "https://x.example",
        "SECRET_KEY": "a # b",
        "NAME": "two words",
        "URL": "a=b#c",
    }


def test_dotenv_names_the_line_it_does_not_understand(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\nnonsense\n")
    with pytest.raises(SystemExit, match=r"\.env:2: .*nonsense"):
        read_dotenv(path)


def test_missing_dotenv_is_empty(tmp_path: Path) -> None:
    assert read_dotenv(tmp_path / ".env") == {}


def test_every_setting_is_explained() -> None:
    settings = (ROOT / "podcast/settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z][A-Z0-9_]+)\"", settings))
    assert read
    assert read <= documented_variables()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
    ],
)
def test_local_url(host: str, url: str) -> None:
    assert local_url(host, 8000) == url


def test_port_must_be_one() -> None:
    assert address({"PORT": "", "HOST": "::1"}) == ("::1", 8000)
    with pytest.raises(SystemExit, match="PORT=http"):
        address({"PORT": "http"})


def test_secret_key_is_kept_and_private(tmp_path: Path) -> None:
    key = secret(tmp_path, "secret-key")
    assert len(key) >= 50
    assert secret(tmp_path, "secret-key") == key
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]


def test_tests_get_no_setting_of_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://x.example")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PGBIN", "/usr/lib/postgresql/18/bin")
    env = for_tests("postgres://postgres@x/catalogue")
    assert env["SITE_URL"] == "http://testserver"
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert env["PGBIN"] == "/usr/lib/postgresql/18/bin"
