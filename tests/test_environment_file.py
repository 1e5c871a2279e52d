"""The files of settings on Debian: scripts read them as systemd does for the services."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.environment_file import assignment, assignments, read
from tests.production import MACHINE, ROOT, python

URL = "postgres://ann:p%20w@db.example:5432/podcast"  # pragma: allowlist secret
VALUES = [
    f"{URL}?sslmode=require&options=-c%20jit=off",
    f"{URL}?a=$HOME&b=`id`&c=$(id)",
    "two  words",
    'it\'s "quoted" \\ $',
    "'",
    "a#b;c",
    " leading and trailing ",
    "",
]
SHOW = "import json, os; print(json.dumps(dict(os.environ)))"


def values(text: str) -> dict[str, str | None]:
    return {name: value for _, name, value in assignments(text)}


def read_by_systemd(folder: Path, text: str) -> str:
    """What its own parser makes of BUILD_ID, which systemd-tmpfiles reads from os-release."""
    (folder / "etc").mkdir(exist_ok=True)
    (folder / "etc/os-release").write_text(f"ID=x\n{text}")
    (folder / "out.conf").write_text("f+ /out - - - - %B\n")
    program = shutil.which("systemd-tmpfiles") or pytest.skip("systemd-tmpfiles isn't here")
    command = [program, f"--root={folder}", "--create", str(folder / "out.conf")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return (folder / "out").read_bytes().decode()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text("ab =&?$'\"\\`#;\t\n\r", max_size=12))
def test_values_are_those_that_systemd_reads(tmp_path: Path, value: str):
    text = f"BUILD_ID={value}"
    assert values(text)["BUILD_ID"] == read_by_systemd(tmp_path, text)


@pytest.mark.parametrize("value", VALUES)
def test_what_is_written_is_read_by_systemd_and_by_shells(tmp_path: Path, value: str):
    line = assignment("BUILD_ID", value)
    assert values(line) == {"BUILD_ID": value}
    assert read_by_systemd(tmp_path, line) == value
    shown = ["sh", "-c", f'{line}\nprintf %s "$BUILD_ID"']
    assert subprocess.run(shown, capture_output=True, text=True, check=True).stdout == value


def test_comments_empty_lines_and_names():
    text = "# A=1\n\n ; B=2\n  C = 3 \nD=\nE='4\n5'\n=6\nF\n"
    assert list(assignments(text)) == [
        (4, "C", "3"), (5, "D", ""), (6, "E", "4\n5"), (8, "=6", None), (9, "F", None)
    ]  # fmt: skip


def test_a_line_that_sets_nothing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "env").write_text("A=1\nexport SECRET_KEY=abc\nB=2\n")
    assert read(tmp_path / "env") == {"A": "1", "B": "2"}
    said = capsys.readouterr().err
    assert said == f"{tmp_path}/env, line 2 is ignored: it isn't NAME=value.\n"


def test_what_looks_wrong_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "env").write_text("A=1\nB='2\nC=3\n'\nA=1\nA=4\n")
    assert read(tmp_path / "env") == {"A": "4", "B": "2\nC=3\n"}
    assert capsys.readouterr().err == (
        f"{tmp_path}/env, line 2: a quote after B= isn't closed on that line.\n"
        f"{tmp_path}/env, line 6: A is set again, and this one counts.\n"
    )


def run(*files: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["python3", "-I", f"{ROOT}/deploy/environment_file.py", *files, "--"]
    return subprocess.run(
        [*command, sys.executable, "-c", SHOW],
        env=MACHINE | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_command_gets_the_variables_of_all_files(tmp_path: Path):
    (tmp_path / "env").write_text(f"A=1\nDATABASE_URL={VALUES[1]}\n")
    (tmp_path / "owner.env").write_text("A='2'\n")
    files = [f"{tmp_path}/env", f"-{tmp_path}/owner.env", f"-{tmp_path}/none.env"]
    found = json.loads(run(*files, A="0", B="3").stdout)
    assert {"A": "2", "B": "3", "DATABASE_URL": VALUES[1]}.items() <= found.items()
    missing = run(f"{tmp_path}/none.env")
    assert missing.returncode == 1
    assert missing.stderr.startswith(f"{tmp_path}/none.env can't be read: ")


def test_the_site_understands_a_database_with_a_query(tmp_path: Path):
    """From the file to Django, as `podcast-manage` and `install` pass it on."""
    (tmp_path / "env").write_text(f"DATABASE_URL={VALUES[1]}\n")
    found = json.loads(run(f"{tmp_path}/env").stdout)["DATABASE_URL"]
    show = "from django.conf import settings; print(settings.DATABASES['default'])"
    ran = python("-c", show, DATABASE_URL=found)
    assert ran.returncode == 0, ran.stderr
    for part in ("'PASSWORD': 'p w'", "'a': '$HOME'", "'b': '`id`'", "'c': '$(id)'"):
        assert part in ran.stdout


def test_nginxs_variables_may_be_quoted(tmp_path: Path):
    own = tmp_path / "nginx.env"
    own.write_text("NGINX_TRUSTED_PROXIES='198.51.100.0/24 2001:db8::/32'\n")
    command = [sys.executable, "-m", "deploy.nginx.render", "deploy/systemd/nginx.env", str(own)]
    ran = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert "set_real_ip_from 198.51.100.0/24; set_real_ip_from 2001:db8::/32;" in ran.stdout
