"""Static files as production serves them."""

import gzip
import re
from pathlib import Path

from django.core.management import call_command

from media.storages import without_comments


def test_modules_import_each_other_by_hashed_names(settings, tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "player.js").write_text('import { clock } from "./clock.js";\nclock();\n')
    (source / "clock.js").write_text("export function clock() {}\n" + "// words\n" * 100)
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = target
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "media.storages.HashedStaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    (clock,) = target.glob("clock.????????????.js")
    (player,) = target.glob("player.????????????.js")
    assert f'from "./{clock.name}"' in player.read_text()
    assert clock.with_name(f"{clock.name}.gz").exists()
    assert clock.with_name(f"{clock.name}.br").exists()


def test_comments_of_our_own_files_are_not_served(settings, tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "js").mkdir(parents=True)
    (source / "theirs").mkdir()
    code = '/* Two\n   lines. */\n\nrun("/* words */"); /* beside */\n  /* Indented. */\nstop();\n'
    for folder in ("js", "theirs"):
        (source / folder / "a.js").write_text(code)
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = target
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "media.storages.HashedStaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    (ours,), (theirs,) = (target.glob(f"{each}/a.????????????.js") for each in ("js", "theirs"))
    assert ours.read_text() == '\nrun("/* words */"); /* beside */\nstop();\n'
    assert theirs.read_text() == code


def test_comments_at_the_ends_of_lines_are_not_served() -> None:
    code = b'go(); // why\nfetch("https://a.example // b"); // as "they" say\n`a // b`;\nend();\n'
    served = b'go();\nfetch("https://a.example // b"); // as "they" say\n`a // b`;\nend();\n'
    assert without_comments(code) == served


def test_the_sites_own_files_are_collected(settings, tmp_path: Path):
    """Their modules import each other in chains, which take several passes."""
    settings.STATICFILES_DIRS = [
        (name, Path(settings.BASE_DIR) / "static" / name) for name in ("css", "fonts", "img", "js")
    ]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "media.storages.HashedStaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)

    (sheet,) = tmp_path.glob("css/site.????????????.css")
    assert not re.search(r"^\s*/\*", sheet.read_text(), re.MULTILINE)
    assert gzip.decompress(Path(f"{sheet}.gz").read_bytes()) == sheet.read_bytes()


def test_modules_may_import_each_other_in_a_long_chain(settings, tmp_path: Path):
    source = tmp_path / "source"
    source.mkdir()
    last = 20
    for number in range(last):  # each name sorts before the one that it needs
        text = f'import "./m{number + 1:02}.js";\n'
        (source / f"m{number:02}.js").write_text(text)
    (source / f"m{last}.js").write_text("// the end\n")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "target"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "media.storages.HashedStaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert len(list(settings.STATIC_ROOT.glob("m??.????????????.js"))) == last + 1
