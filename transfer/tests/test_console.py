"""How import commands end."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from transfer.console import ImportCommand
from transfer.importers.report import Report
from transfer.tests.feeds import feed, item, write

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(error: BaseException | None = None, out: StringIO | None = None) -> None:
    """A command that imports one thing, then raises."""

    class Command(ImportCommand):
        def import_with(self, report: Report, *args: Any, **options: Any) -> None:
            report.outcome("1: A site", "new")
            if error:
                raise error

    call_command(Command(), stdout=out or StringIO())


def test_ctrl_c_ends_with_the_summary():
    out = StringIO()
    with pytest.raises(CommandError, match="half imported") as stopped:
        run(KeyboardInterrupt(), out)
    assert stopped.value.returncode == 130
    assert "1 item: 1 new" in out.getvalue()


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (FileNotFoundError(2, "No such file", "notes.txt"), "notes.txt: No such file"),
        (TimeoutError("no answer"), "no answer"),
    ],
)
def test_system_errors_are_one_line(failure: OSError, line: str):
    with pytest.raises(CommandError, match=f"^{line}$"):
        run(failure)


def test_progress_stays_on_one_line_of_a_terminal():
    out = Terminal()
    run(out=out)
    summary = "1 item: 1 new, 0 changed, 0 unchanged, 0 failed; 0 errors, 0 warnings"
    assert out.getvalue() == f"\033[K1: A site: new\n1 done\r\033[K{summary}\n"


def test_a_database_without_tables_is_no_traceback(tmp_path: Path):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE show_show RENAME TO not_migrated")
    with pytest.raises(CommandError, match=r"Run: \./run manage migrate$"):
        call_command("import_feed", write(tmp_path / "feed.xml", feed(item(1))))


@pytest.mark.parametrize(
    ("command", "takes"),
    [
        ("apply_directory", ""),
        ("check_urls", "feed.xml"),
        ("compare_feed", "feed.xml"),
        ("export_catalogue", "out"),
        ("freeze", "out"),
        ("import_audio", "."),
        ("import_feed", "feed.xml"),
        ("import_jekyll", "."),
        ("import_show_notes", "feed.xml"),
        ("import_transcript", "1 feed.xml"),
    ],
)
@pytest.mark.parametrize("lacks", ["one migration", "all tables"])
def test_every_command_needs_every_migration(
    tmp_path: Path, settings: Any, monkeypatch: Any, command: str, takes: str, lacks: str
):
    settings.STATIC_ROOT = None  # the first thing that a fresh installation lacks
    with connection.cursor() as cursor:
        if lacks == "one migration":
            cursor.execute("DELETE FROM django_migrations WHERE app = 'show'")
        else:
            cursor.execute("CREATE SCHEMA bare; SET LOCAL search_path TO bare")
    write(tmp_path / "feed.xml", feed(item(1)))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=r"Run: \./run manage migrate$"):
        call_command(command, *takes.split())
    assert not (tmp_path / "out").exists()


def test_a_dry_run_names_new_technologies_once():
    class Command(ImportCommand):
        def import_with(self, report: Report, *args: Any, **options: Any) -> None:
            for number in range(40):
                for name in ("Flask", f"Tool {number}"):
                    report.warn("A new technology.", field="technology", value=name)
            report.warn("A new technology. Did you mean Flask?", field="technology", value="Flasc")

    out = StringIO()
    call_command(Command(), stdout=out, dry_run=True)
    lines = out.getvalue().splitlines()
    assert lines[0] == "warning: A new technology. Did you mean Flask? [technology: Flasc]"
    assert lines[1].startswith("warning: New technologies: 41. Flask, Tool 0, ")
    assert lines[1].endswith(", Tool 39.")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("command", "source", "hint"),
    [
        ("import_jekyll", "site/_posts", r"has no _config\.yml\. Give the folder"),
        ("import_jekyll", "site/_config.yml", r"has no _config\.yml\. Give the folder"),
        ("import_feed", "show.example/feed.xml", "begin it with https://"),
    ],
)
def test_a_wrong_source_is_answered_with_the_right_one(
    tmp_path: Path, monkeypatch: Any, command: str, source: str, hint: str
):
    (tmp_path / "site" / "_posts").mkdir(parents=True)
    (tmp_path / "site" / "_config.yml").write_text("")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=hint):
        call_command(command, source)


def test_a_jekyll_template_is_no_feed(tmp_path: Path):
    path = write(tmp_path / "feed.xml", b"---\nlayout: none\n---\n<rss>{{ site.title }}</rss>")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_feed", path, stdout=out)
    assert "A template, not the feed that Jekyll makes of it" in out.getvalue()
    assert "lacks" not in out.getvalue()


@pytest.mark.parametrize("listen", ["abc", "0", "99999", "host:", "1.2.3.4:x", "80;"])
def test_an_address_nginx_would_refuse_is_refused_first(tmp_path: Path, listen: str):
    with pytest.raises(CommandError, match="is neither PORT nor ADDRESS:PORT"):
        call_command("freeze", str(tmp_path / "out"), f"--listen={listen}")
    assert not (tmp_path / "out").exists()
