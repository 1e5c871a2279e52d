"""Show notes as hosts type them, beside the document the project started from."""

from pathlib import Path

import pytest
from django.conf import settings

from episodes.models import Episode, LibraryUse, Reference
from episodes.tests.factories import show
from notes.parse import parse_document
from notes.tests.work import calls
from show.models import Show
from topics.models import Topic
from transfer.tests.checkouts import checkout, import_notes, import_site, post

pytestmark = pytest.mark.django_db

COLUMNS = "number\tdate\tslug\tbytes\tseconds\taudio_url\tguid\n"
BY_HAND = """2024-05-06

# Queues without Tears

With: Ann Lee

We talk about queues,
and why they fill up.

Timestamps:
0:00 Hello
(1:30) Why queues?
[12:00] - Redis or Postgres
1h2m3s -- Goodbye

Links mentioned:
* https://queue.example.com
* The manual: https://docs.example.com/manual
* www.example.org (their site)

Stack: Django, Redis and nginx

Packages:
1. https://github.com/celery/celery
2. https://pypi.org/project/rq/

2024-05-13 - 1h 2min
Caching, Honestly
In this episode, Bo Ray goes over caching.

Topics
3:05 – Cache keys
59.59 – Invalidation

Tech stack
- Varnish
- Redis

2024-05-20

# No lists at all

Just words this week.
"""


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def check_by_hand(out: str) -> None:
    assert "3 items: 3 new, 0 changed, 0 unchanged, 0 failed; 0 errors" in out
    first, second, third = Episode.objects.order_by("published_at")
    assert [row.title for row in (first, second, third)] == [
        "Queues without Tears", "Caching, Honestly", "No lists at all",
    ]  # fmt: skip
    assert first.published_at.isoformat() == "2024-05-06T04:00:00+00:00"
    assert [row.guest.name for row in first.appearances.all()] == ["Ann Lee"]
    assert first.introduction == "We talk about queues,\nand why they fill up."
    assert [(row.seconds, row.text) for row in first.topics.all()] == [
        (0, "Hello"), (90, "Why queues?"), (720, "Redis or Postgres"), (3723, "Goodbye"),
    ]  # fmt: skip
    assert [(row.url, row.label, row.note) for row in first.references.all()] == [
        ("https://queue.example.com", "", ""),
        ("https://docs.example.com/manual", "The manual", ""),
        ("https://www.example.org", "", "their site"),
    ]
    assert [row.technology.name for row in first.uses.all()] == ["Django", "Redis", "nginx"]
    assert [row.library.name for row in first.library_uses.all()] == ["celery", "rq"]
    assert [row.guest.name for row in second.appearances.all()] == ["Bo Ray"]
    assert [(row.seconds, row.text) for row in second.topics.all()] == [
        (185, "Cache keys"), (3599, "Invalidation"),
    ]  # fmt: skip
    assert [row.technology.name for row in second.uses.all()] == ["Varnish", "Redis"]
    assert third.introduction == "Just words this week."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_three_episodes_typed_by_hand(tmp_path: Path, encoding: str, line_end: str):
    show()
    text = BY_HAND.replace("\n", line_end)
    notes = write(tmp_path / "notes.md", text, encoding=encoding)
    out = import_notes(notes)
    check_by_hand(out)
    line = BY_HAND[: BY_HAND.index("59.59")].count("\n") + 1
    assert f"notes.md:{line}: warning: Read as 59:59. [topic: 59.59]" in out
    assert "3 items: 0 new, 0 changed, 3 unchanged" in import_notes(notes)


def test_utf_16_is_named(tmp_path: Path):
    show()
    notes = write(tmp_path / "notes.md", BY_HAND, encoding="utf-16")
    assert "notes.md:1: error: This file is not UTF-8; nothing is read." in import_notes(notes)
    assert not Episode.objects.exists()


def test_the_document_without_its_support_blocks():
    show(support_text="")
    text = (Path(settings.BASE_DIR) / "fixtures" / "show-notes.txt").read_text()
    document = parse_document(text)
    lines, rest, skipping = text.split("\n"), [], False
    starts = {parsed.first_line for parsed in document.episodes}
    for number, line in enumerate(lines, start=1):
        skipping = line == "Support the Show" or (skipping and number not in starts)
        rest += [] if skipping else [line]
    without = parse_document("\n".join(rest))
    assert len(rest) < len(lines)
    assert [parsed.draft for parsed in without.episodes] == [
        parsed.draft for parsed in document.episodes
    ]
    assert document.show.support
    assert without.show.support == ""


def episodes(count: int) -> str:
    """Notes of that many episodes, each of 30 topics, 5 links and 4 technologies."""
    topics = "".join(f"{n}:00 – Topic {n} of them\n" for n in range(30))
    links = "".join(f"https://example.com/{n}\n" for n in range(5))
    lists = f"Topics Include\n{topics}Links\n{links}Tech Stack\nDjango\nRedis\nnginx\nDocker\n"
    return "\n".join(
        f"{2000 + n // 360}-{n // 30 % 12 + 1:02}-{n % 28 + 1:02} • 46min\n"
        f"Episode {n}\nWords of it.\n{lists}Support the Show\nThank you.\n"
        for n in range(count)
    )


def test_many_episodes_in_one_file_take_linear_work():
    def work(count: int) -> int:
        text = episodes(count)
        assert len(parse_document(text).episodes) == count
        return calls(lambda: parse_document(text))

    assert work(200) < work(50) * 4.1


def test_the_queries_per_episode_do_not_grow(tmp_path: Path, django_assert_max_num_queries):
    show()
    notes = write(tmp_path / "notes.md", episodes(30))
    import_notes(notes)
    assert (Episode.objects.count(), Topic.objects.count()) == (30, 900)
    with django_assert_max_num_queries(30 * 25):
        assert "0 new, 0 changed, 30 unchanged" in import_notes(notes)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("1\t2024-05-06\ta/b\t1\t1\t\tg", "[slug: a/b]"),
        ("1\t2024-05-06\t1\t1\t1\t\tg", "[slug: 1]"),
        (f"1\t2024-05-06\t{'x' * 151}\t1\t1\t\tg", "[slug: xxx"),
        (f"1\t2024-05-06\tx\t1\t1\t\t{'g' * 501}", "[guid: ggg"),
        (f"1\t2024-05-06\tx\t1\t1\thttps://a.example.com/{'g' * 1000}\tg", "[audio_url: https"),
        ("99999999999\t2024-05-06\tx\t1\t1\t\tg", "[number: 99999999999]"),
        ("1\t2024-05-06\tx\t1\t99999999999\thttps://a.example.com/x\tg", "[seconds: 99999999999]"),
        ("1\t2024-05-06\tx\t1", "notes.md"),
        ("1\t9999-12-31\tx\t1\t1\t\tg", "[date: 9999-12-31]"),
    ],
)
def test_facts_no_row_can_hold(tmp_path: Path, facts: str, message: str):
    show()
    notes = write(tmp_path / "notes.md", BY_HAND)
    out = import_notes(notes, facts=write(tmp_path / "facts.tsv", f"{COLUMNS}{facts}\n"))
    if message == "notes.md":
        assert " items: 3 new" in out
        assert all(row.get_absolute_url() for row in Episode.objects.all())
        return
    assert message in out
    assert not Episode.objects.exists()  # none is published without what the facts should say


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2024-02-30"])
def test_days_no_episode_is_of(tmp_path: Path, day: str):
    """In one zone or another the calendar's ends lie outside it."""
    show(timezone="Asia/Tokyo")
    notes = write(tmp_path / "notes.md", f"{day}\n\n# A title\n\nWords.\n")
    out = import_notes(notes)
    assert f"notes.md:1: warning: No such day, or not between 1900 and 2199. [date: {day}]" in out
    assert Episode.objects.get().status == Episode.Status.DRAFT


@pytest.mark.parametrize("notes_first", [True, False])
def test_notes_and_a_post_of_one_episode_in_either_order(tmp_path: Path, notes_first: bool):
    show()
    root = checkout(
        tmp_path / "site",
        post(
            "- 1:00 -- Why *Flask*\n             is used ->\n             still\n"
            "- 1:11-20 -- Mail <mailto:ann@example.com> & [more](https://m.example.com)\n",
            links="- [pretty.example.com](https://amzn.to/x)\n- <https://b.example.com> (note)\n",
        ),
    )
    text = (
        "Jan 1, 2020 • 120min\nA Site Built with Flask\n"
        "In this episode of Running in Production, Ann Lee goes over building a site.\n"
        "It runs on one server.\nTopics Include\n1:00 – Why Flask is used -> still\n"
        "1:11-20 – Mail mailto:ann@example.com & more\n"
        "References\nhttps://amzn.to/x\nhttps://b.example.com\n"
    )
    notes = write(tmp_path / "notes.md", text)
    facts = write(
        tmp_path / "facts.tsv",
        f"{COLUMNS}1\t2020-01-01\t1-a-site\t1000\t7200\t"
        "https://runninginproduction.com/assets/podcast/running-in-production-1.mp3\t"
        "https://runninginproduction.com/podcast/1-a-site\n",
    )

    def run_notes() -> str:
        return import_notes(notes, facts=facts)

    def run_site() -> str:
        return import_site(root)

    first, second = (run_notes, run_site) if notes_first else (run_site, run_notes)
    first()
    keys = list(Topic.objects.values_list("pk", flat=True))
    second()
    assert list(Topic.objects.values_list("pk", flat=True)) == keys
    assert Topic.objects.last().text.endswith("[more](https://m.example.com)")
    assert Topic.objects.first().text == "Why *Flask* is used -> still"
    assert Reference.objects.first().label == "pretty.example.com"
    assert Reference.objects.last().note == "note"
    assert " 0 new, 0 changed, " in first()
    assert " 0 new, 0 changed, " in second()
    assert Episode.objects.count() == 1
    assert not LibraryUse.objects.exists()
    assert Show.objects.current().author == "Nick Janetakis"
