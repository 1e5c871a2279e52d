"""The document the project started from, and documents nobody would want."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from episodes.models import Appearance, Episode, LibraryUse, Reference, Use
from episodes.tests.factories import show
from notes.apply import finish_edit
from notes.models import Revision
from stack.models import Technology
from topics.models import Topic

pytestmark = pytest.mark.django_db

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
DOCUMENT, FACTS = FIXTURES / "show-notes.txt", FIXTURES / "audio.tsv"
COLUMNS = "number\tdate\tslug\tbytes\tseconds\taudio_url\tguid\n"


def run(*args: object, **options: object) -> str:
    out = StringIO()
    try:
        call_command("import_show_notes", *map(str, args), stdout=out, **options)
    except SystemExit as stopped:
        assert stopped.code == 1
        return out.getvalue() + "exit 1"
    return out.getvalue()


def test_all_the_document_has_is_in_the_catalogue():
    show()
    out = run(DOCUMENT, facts=FACTS)
    counts = [model.objects.count() for model in (Topic, Reference, Use, LibraryUse, Appearance)]
    assert counts == [347, 56, 134, 46, 10]
    assert Technology.objects.count() == 74
    assert "10 items: 10 new, 0 changed, 0 unchanged, 0 failed; 0 errors" in out
    assert "show-notes.txt:310: warning" in out  # 1:04-22
    assert "show-notes.txt:89: warning" in out  # 1:19-27
    newest, oldest = Episode.objects.newest_first()[0], Episode.objects.newest_first()[9]
    assert (newest.number, oldest.number) == (37, 28)
    assert newest.title == "A Real Estate Order and Appraisal System for a Small Business"
    assert newest.published_at.isoformat() == "2020-06-29T04:00:00+00:00"  # midnight in New York
    assert newest.enclosure.seconds == 2763
    assert newest.enclosure.imported_url.endswith("/assets/podcast/running-in-production-37.mp3")
    assert newest.guid == f"https://runninginproduction.com/podcast/{newest.slug}"
    assert [a.guest.name for a in newest.appearances.all()] == ["Austin Lewis"]
    assert [u.technology.slug for u in newest.uses.all()][:2] == ["django", "python"]
    assert Topic.objects.filter(episode__number=36, seconds=4767).count() == 1


def test_again_changes_nothing_and_topics_keep_their_keys():
    show()
    run(DOCUMENT, facts=FACTS)
    keys = set(Topic.objects.values_list("pk", flat=True))
    out = run(DOCUMENT, facts=FACTS)
    assert "10 items: 0 new, 0 changed, 10 unchanged, 0 failed" in out
    assert set(Topic.objects.values_list("pk", flat=True)) == keys
    assert Revision.objects.count() == 10


def test_a_dry_run_writes_nothing():
    show()
    out = run(DOCUMENT, facts=FACTS, dry_run=True)
    assert "10 new" in out
    assert "dry run" in out
    assert not Episode.objects.exists()
    assert not Technology.objects.exists()


def test_the_hosts_edits_stay():
    show()
    run(DOCUMENT, facts=FACTS)
    episode = Episode.objects.get(number=37)
    topic = episode.topics.first()
    topic.text = "Something else entirely"
    topic.save()
    finish_edit(episode, None, "desk")
    out = run(DOCUMENT, facts=FACTS)
    assert "0 changed, 10 unchanged" in out
    topic.refresh_from_db()
    assert topic.text == "Something else entirely"


def test_what_both_changed_stays_and_is_named_until_theirs_takes_it(tmp_path):
    show()
    run(DOCUMENT, facts=FACTS)
    topic = Episode.objects.get(number=37).topics.first()
    topic.text = "Mine"
    topic.save()
    finish_edit(topic.episode, None, "desk")
    notes = tmp_path / "notes.txt"
    notes.write_text(DOCUMENT.read_text().replace("6:40 – Motivation", "6:40 – Our motivation"))
    for _ in range(2):
        out = run(notes, facts=FACTS)
        assert "0 changed, 10 unchanged" in out
        (line,) = [line for line in out.splitlines() if "[topic: 37: A Real" in line]
        assert "Here it is “6:40 – Mine”, which stays" in line
        assert "the source says “6:40 – Our motivation for using Django" in line
    out = run(notes, facts=FACTS, theirs=True, dry_run=True)
    assert "replaces “6:40 – Mine”" in out
    run(notes, facts=FACTS, theirs=True)
    topic.refresh_from_db()
    assert topic.text.startswith("Our motivation for using Django")
    assert "the source" not in run(notes, facts=FACTS)


def test_without_facts_notes_are_published_on_their_date_and_facts_may_follow(tmp_path):
    show()
    notes = tmp_path / "one.txt"
    notes.write_text("Jun 29, 2020 • 46min\nA Site\nWords.\nTopics Include\n6:40 – Why\n")
    run(notes)
    row = Episode.objects.get()
    assert (row.number, row.status) == (None, "published")
    facts = tmp_path / "facts.tsv"
    facts.write_text(
        COLUMNS + "37\t2020-06-29\t37-a-site\t9\t2763\thttps://a.example.org/37.mp3\turn:x:37\n"
    )
    out = run(notes, facts=facts)
    assert "1 changed" in out
    row.refresh_from_db()
    assert (row.number, row.slug, row.guid) == (37, "37-a-site", "urn:x:37")


def test_a_bad_episode_is_left_out_and_the_others_are_imported(tmp_path):
    show()
    text = DOCUMENT.read_text().replace("6:40 – Motivation", "6:99 – Motivation")
    notes = tmp_path / "notes.txt"
    notes.write_text(text)
    out = run(notes, facts=FACTS)
    assert "9 new, 0 changed, 0 unchanged, 1 failed" in out
    assert "exit 1" in out
    assert "notes.txt:17: error" in out
    assert "6:99" in out
    assert not Episode.objects.filter(number=37).exists()


def test_facts_that_cannot_be_read_are_named(tmp_path):
    show()
    facts = tmp_path / "facts.tsv"
    lines = [
        "x\t2020-06-29\ts\t1\t1\thttps://a.example.org/1.mp3\tg",
        "1\t29.6.2020\ts\t1\t1\thttps://a.example.org/1.mp3\tg",
        "1\t2020-06-29\ts\t-1\t1\thttps://a.example.org/1.mp3\tg",
        "1\t2020-06-29\ts\t1\t1\tfile:///etc/passwd\tg",
    ]
    facts.write_text(COLUMNS + "\n".join(lines))
    out = run(DOCUMENT, facts=facts)
    reported = [line.partition("facts.tsv:")[2] for line in out.split("\n") if "facts.tsv:" in line]
    expected = ["number: x", "date: 29.6.2020", "bytes: -1", "audio_url: file:///etc/passwd"]
    assert len(reported) == len(expected)
    for number, (line, value) in enumerate(zip(reported, expected, strict=True), start=2):
        assert line.startswith(f"{number}: error: Expected")
        assert f"[{value}]" in line


def test_without_readable_facts_nothing_is_imported(tmp_path):
    show()
    facts = tmp_path / "facts.tsv"
    for text in (
        FACTS.read_text().replace("number\t", "no\t"),
        FACTS.read_text().replace("2020-06-29", "29.6.2020"),
    ):
        facts.write_text(text)
        out = run(DOCUMENT, facts=facts)
        assert "No notes are imported until the facts can be read." in out
        assert "0 items" in out and "exit 1" in out
        assert not Episode.objects.exists()


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_facts_may_come_from_a_spreadsheet(tmp_path, separator, encoding):
    show()
    facts = tmp_path / "facts.csv"
    head, rows = FACTS.read_text().split("\n", 1)
    text = f"{head.title()}\n{rows}".replace("\t", separator)
    facts.write_text(text, encoding)
    out = run(DOCUMENT, facts=facts, dry_run=True)
    assert "10 new" in out and "0 errors" in out
    assert "No line of the facts" not in out and "No notes go with" not in out


def test_notes_without_a_line_of_the_facts_are_named(tmp_path):
    show()
    facts = tmp_path / "facts.tsv"
    lines = FACTS.read_text().splitlines(keepends=True)
    facts.write_text("".join(line for line in lines if not line.startswith("37\t")))
    out = run(DOCUMENT, facts=facts)
    named = [line for line in out.splitlines() if "No line of the facts goes with these" in line]
    assert len(named) == 1 and "[title: A Real Estate Order" in named[0]


def test_facts_without_notes_and_files_that_are_no_text(tmp_path):
    show()
    facts = tmp_path / "facts.tsv"
    facts.write_text(COLUMNS + "99\t2030-01-01\t99-nothing\t1\t1\t\tg\n")
    binary = tmp_path / "notes.txt"
    binary.write_bytes(b"Topics\n0:41 \xff\xfe\n")
    out = run(binary, facts=facts)
    assert "facts.tsv:2: warning: No notes go with this line" in out
    assert "notes.txt:2: error: This file is not UTF-8" in out
    assert not Episode.objects.exists()


def test_a_number_another_episode_has_is_an_error_not_a_crash(tmp_path):
    show()
    notes, facts = tmp_path / "notes.txt", tmp_path / "facts.tsv"
    notes.write_text(
        "Jun 29, 2020\nOne\nTopics Include\n6:40 – Why\n\n"
        "Jun 22, 2020\nTwo\nTopics Include\n6:40 – Why\n"
    )
    row = "{}\t2020-06-{}\t{}\t1\t1\thttps://a.example.org/{}.mp3\t{}\n"
    facts.write_text(
        COLUMNS + row.format(1, 29, "1-one", 1, "g1") + row.format(2, 22, "2-two", 2, "g2")
    )
    run(notes, facts=facts)
    facts.write_text(
        COLUMNS + row.format(1, 29, "1-one", 1, "g1") + row.format(1, 22, "2-two", 2, "g2")
    )
    out = run(notes, facts=facts)
    assert "1 unchanged, 1 failed" in out
    assert Episode.objects.get(guid="g2").number == 2
