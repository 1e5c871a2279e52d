"""An export restores any text exactly."""

import itertools
import shutil
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from episodes.models import Episode
from episodes.tests.factories import episode, guest, show, technology
from notes.apply import finish_edit
from show.models import Page, Promotion
from topics.models import Transcript
from transfer.export.front_matter import dump, dump_list, markdown_file
from transfer.importers.archive.records import read_markdown
from transfer.tests.catalogues import catalogue, empty_database
from transfer.tests.checkouts import run

PIECES = [
    "{{ page.title }}", "{% raw %}", "{% endraw %}", "{%", "}}", "---", ": ", "#", "- 1:00 -- x",
    "## Topics Include", "## Links", "### References", "```", "|", ">", "&a", "*a", "!x", "@", "`",
    '"', "'", "\\", "%", "null", "~", "true", "1:00", "[a](https://example.org)", "[", ")", "<b>",
    "“é”", "🎧", "\u2028", "\u00a0", "\ufeff", "\u200b", "\x85", "e\u0301", "\t", " ", "  ",
    "words", "Guest: none", "Summary: x", "1.", "...", "?", ",", "🏳️‍🌈", "\r\n", "\x7f",
]  # fmt: skip
ODD = st.lists(st.sampled_from(PIECES), max_size=6)
lines = st.builds(" ".join, ODD)
texts = st.builds("\n".join, st.lists(lines, max_size=6)) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40
)
counter = itertools.count()


@given(st.dictionaries(st.sampled_from("abcd"), texts | st.lists(texts) | st.booleans()))
def test_yaml_reads_back(values):
    read = yaml.load(dump(values), Loader=yaml.CBaseLoader) if values else {}
    expected = {key: str(v).lower() if isinstance(v, bool) else v for key, v in values.items()}
    assert read == expected
    assert yaml.load(dump(values), Loader=yaml.BaseLoader) == (expected or None)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), texts, min_size=1)))
def test_yaml_lists_read_back(records):
    assert yaml.load(dump_list(records), Loader=yaml.BaseLoader) == records


@given(title=texts, body=texts)
def test_front_matter_and_body_read_back(tmp_path: Path, title: str, body: str):
    path = tmp_path / "x.md"
    path.write_text(markdown_file({"title": title}, body), encoding="utf-8", newline="\n")
    record = read_markdown(path, "x.md")
    assert (record.values, record.body) == ({"title": title}, body)


def words(text: str, fallback: str) -> str:
    """The text, where it holds a word that a row needs."""
    return text if any(char.isalnum() for char in text) else fallback


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=25)
@given(st.data())
def test_odd_catalogues_come_back_row_by_row(tmp_path: Path, data: st.DataObject):
    empty_database()
    root = tmp_path / f"export-{next(counter)}"
    show(description=data.draw(texts), keywords=data.draw(lines)[:200])
    technology("Flask", introduction=data.draw(texts), title=data.draw(lines)[:200])
    guest("Ann Lee", introduction=data.draw(texts))
    Page.objects.create(slug="odd", title=data.draw(lines)[:150], body=data.draw(texts))
    Promotion.objects.create(title="x", url="https://example.org", text=data.draw(texts))
    for number, kind in ((1, "podcast"), (1, "interview")):
        row = episode(
            words(data.draw(lines), "Title"),
            number,
            kind=kind,
            slug=f"{number}-odd",
            status=data.draw(st.sampled_from(["draft", "published", "withdrawn"])),
            summary=data.draw(texts),
            introduction=data.draw(texts),
            notice=data.draw(texts),
            correction=data.draw(lines)[:300],
            topics=[
                (seconds, words(data.draw(lines), "Topic"))
                for seconds in sorted(data.draw(st.lists(st.integers(0, 3), max_size=4)))
            ],
            technologies=["Flask"],
            guests=["Ann Lee"],
            references=["https://example.org/a_(b)"],
        )
        row.references.update(label=data.draw(lines)[:300], note=data.draw(lines)[:300])
        finish_edit(Episode.objects.get(pk=row.pk), None, "desk")
    before = catalogue()
    call_command("export_catalogue", str(root), stdout=open("/dev/null", "w"))  # noqa: SIM115
    empty_database()
    out = run("import_jekyll", str(root))
    assert " 0 failed; 0 errors" in out, out
    after = catalogue()
    for label, rows in before.items():
        assert after[label] == rows, label


@pytest.mark.slow
@pytest.mark.django_db
# Shrinking would take minutes: each example is an import.
@settings(max_examples=40, phases=[Phase.generate])
@given(
    file=st.integers(0, 100),
    at=st.floats(0, 1),
    width=st.integers(0, 30),
    insert=st.binary(max_size=8)
    | st.sampled_from([b"\n---\n", b": ", b"[", b"{", b"\n  - ", b"\0"]),
)
def test_mutated_exports_never_break_the_import(
    tmp_path: Path, file: int, at: float, width: int, insert: bytes
):
    original = tmp_path / "original"
    if not original.exists():
        export_of_everything(original)
    root = Path(shutil.copytree(original, tmp_path / f"export-{next(counter)}"))
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    path = paths[file % len(paths)]
    data, start = path.read_bytes(), int(at * path.stat().st_size)
    path.write_bytes(data[:start] + insert + data[start + width :])
    empty_database()
    out = run("import_jekyll", str(root))
    if path.name == "_config.yml" and "items:" in out and "exit 1" not in out:
        return  # no longer an export, perhaps: an ordinary site
    assert " items: " in out
    for found in Episode.objects.all():
        assert found.revisions.exists()


def export_of_everything(folder: Path) -> None:
    show()
    row = episode(
        "A Site",
        37,
        topics=[(400, "Why Flask")],
        technologies=["Flask"],
        guests=["Ann Lee"],
        libraries=["https://celery.example.org"],
        introduction="Words.",
    )
    Transcript.objects.create(episode=row).cues.create(position=0, start=0, end=9, text="Hello")
    episode("Interview", 1, kind="interview", topics=[(1, "x")], references=["https://e.org"])
    Page.objects.create(slug="odd", title="Odd", body="x")
    run("export_catalogue", str(folder))
