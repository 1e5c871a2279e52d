"""Sources that change, imported by all three commands in any order, with edits at the desk."""

from dataclasses import replace
from importlib import import_module
from io import BytesIO
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from episodes.models import Episode
from episodes.tests import factories
from notes.apply import apply_draft, apply_facts, finish_edit
from notes.grammar.draft import Facts
from notes.models import ImportBase, Revision
from notes.read_rows import stored_draft
from show.models import Show
from transfer.feed_comparison import compare
from transfer.importers.feed.fetch import OpenedFeed
from transfer.tests import checkouts, feeds
from transfer.tests.feeds import feed, item

pytestmark = pytest.mark.django_db

URL = "https://runninginproduction.com/podcast/1-a-site"
FACTS = "number\tdate\tslug\tbytes\tseconds\taudio_url\tguid\n"
AUDIO = "https://runninginproduction.com/assets/podcast/running-in-production-1.mp3"
TOPICS = {60: "Why Flask", 120: "Where it runs", 180: "What broke", 240: "Best tips"}


class Sources:
    """One episode as three sources have it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.jekyll, self.notes, self.feed = dict(TOPICS), dict(TOPICS), dict(TOPICS)
        self.season, self.summary = "1", "A summary."

    def import_jekyll(self, **options: object) -> str:
        lines = "".join(f"- {s // 60}:00 -- {text}\n" for s, text in self.jekyll.items())
        description = f'description: "{self.summary}"\n'
        checkouts.checkout(self.root, checkouts.post(lines, description=description))
        return checkouts.import_site(self.root, **options)

    def import_show_notes(self, **options: object) -> str:
        lines = "".join(f"{s // 60}:00 – {text}\n" for s, text in self.notes.items())
        head = "Jan 1, 2020 • 120min\nA Site Built with Flask\nWith Ann Lee.\n\n"
        (self.root / "notes.txt").write_text(f"{head}Topics Include\n{lines}")
        row = f"1\t2020-01-01\t1-a-site\t1000\t7200\t{AUDIO}\t{URL}\n"
        (self.root / "facts.tsv").write_text(FACTS + row)
        facts = self.root / "facts.tsv"
        return checkouts.import_notes(self.root / "notes.txt", facts=facts, **options)

    def import_feed(self, theirs: bool = False) -> str:
        lines = "".join(f"<li>{s // 60}:00 – {text}</li>" for s, text in self.feed.items())
        more = f"<itunes:season>{self.season}</itunes:season><itunes:explicit>no</itunes:explicit>"
        notes = f"<description><![CDATA[<p>Hello.</p><ul>{lines}</ul>]]></description>"
        parts = {
            "title": "<title>A Site Built with Flask</title>",
            "link": f"<link>{URL}</link>",
            "guid": f"<guid>{URL}</guid>",
            "date": "<pubDate>Wed, 01 Jan 2020 00:00:00 -0500</pubDate>",
            "enclosure": f'<enclosure url="{AUDIO}" length="1000" type="audio/mpeg"/>',
            "duration": "<itunes:duration>2:00:00</itunes:duration>",
            "notes": notes,
        }
        return feeds.run(feed(item(1, more=more, **parts)), theirs=theirs)

    def topics(self) -> dict[int, str]:
        return dict(Episode.objects.get().topics.values_list("seconds", "text"))


@pytest.fixture
def one(tmp_path: Path) -> Sources:
    factories.show(website="https://runninginproduction.com")
    return Sources(tmp_path)


def edit_topic(seconds: int, text: str) -> None:
    """What the host does at the desk."""
    row = Episode.objects.get()
    row.topics.filter(seconds=seconds).update(text=text)
    finish_edit(row, None, "desk")


@pytest.mark.slow
@pytest.mark.parametrize("order", list(permutations(["jekyll", "show_notes", "feed"])))
def test_all_three_in_any_order_lose_no_edit_and_take_every_change(
    one: Sources, order: tuple[str, ...]
):
    def import_all() -> str:
        return "".join(getattr(one, f"import_{name}")() for name in order)

    import_all()
    assert Episode.objects.count() == 1
    assert one.topics() == TOPICS
    revisions = Revision.objects.count()
    assert " 1 changed" not in import_all()
    assert Revision.objects.count() == revisions

    edit_topic(60, "Why Flask, in my words")
    one.jekyll[120] = "Where it runs today"
    one.notes[300] = "A question from the notes"
    one.feed[60] = "Why Flask and not Django"
    del one.jekyll[240]
    out = import_all()
    expected = {
        60: "Why Flask, in my words",
        120: "Where it runs today",
        180: "What broke",
        300: "A question from the notes",
    }
    assert one.topics() == expected
    named = "Here it is “1:00 – Why Flask, in my words”, which stays; the source says “1:00 – Why"
    assert named in out
    assert "1:00 – Why Flask, in my words”, which stays" in one.import_feed()
    assert "replaces “1:00 – Why Flask, in my words”" in one.import_feed(theirs=True)
    assert one.topics() == expected | {60: "Why Flask and not Django"}
    assert " 1 changed" not in import_all()
    assert one.topics() == expected | {60: "Why Flask and not Django"}


def test_summary_and_facts_edited_at_the_desk_stay_and_what_the_source_changed_comes(one: Sources):
    one.import_jekyll()
    one.import_feed()
    row = Episode.objects.get()
    apply_draft(row, replace(stored_draft(row), summary="My words."))
    apply_facts(row, Facts(language="de"))
    finish_edit(row, None, "desk")
    one.jekyll[60], one.season = "Why Flask, again", "2"
    assert "which stays" not in one.import_jekyll()
    (line,) = [line for line in one.import_feed().splitlines() if "which stays" in line]
    assert "the source says “Hello.”. [introduction:" in line  # it differed from the beginning
    row.refresh_from_db()
    assert (row.summary, row.language, row.season) == ("My words.", "de", 2)
    assert one.topics()[60] == "Why Flask, again"
    one.summary = "Another summary."
    out = one.import_jekyll()
    assert "Here it is “My words.”, which stays; the source says “Another summary.”" in out
    assert "[summary: 1: A Site Built with Flask]" in out


def test_a_dry_run_names_conflicts_and_stores_no_base(one: Sources):
    one.import_jekyll()
    bases = list(ImportBase.objects.values())
    edit_topic(60, "Mine")
    one.jekyll[60] = "Theirs"
    out = one.import_jekyll(dry_run=True)
    assert "Here it is “1:00 – Mine”" in out
    assert "Stays though the source says otherwise: topic (1); see --theirs." in out
    assert "--theirs" not in one.import_jekyll(dry_run=True, theirs=True)
    assert list(ImportBase.objects.values()) == bases


@pytest.mark.parametrize("of_show", [False, True])
def test_explicit_is_stored_where_it_differs_from_the_show(one: Sources, of_show: bool):
    Show.objects.update(explicit=of_show)
    one.import_jekyll()
    revisions = Revision.objects.count()
    one.season = ""
    one.import_feed()
    one.import_feed()
    assert Episode.objects.get().explicit is (False if of_show else None)
    assert Revision.objects.count() == revisions + of_show


def test_a_title_changed_at_the_desk_makes_no_second_episode(one: Sources, tmp_path: Path):
    notes = tmp_path / "one.txt"
    notes.write_text("Jun 29, 2020\nA #1 Site\nWords.\nTopics Include\n6:40 – Why\n")
    checkouts.import_notes(notes)
    row = Episode.objects.get()
    apply_draft(row, replace(stored_draft(row), title="My title"))
    finish_edit(row, None, "desk")
    notes.write_text(notes.read_text().replace("Why", "Why not"))
    assert " 0 new, 1 changed" in checkouts.import_notes(notes)
    row.refresh_from_db()
    assert (row.title, row.topics.get().text) == ("My title", "Why not")


def test_a_date_moves_only_as_its_source_moves_it(one: Sources, tmp_path: Path):
    notes = tmp_path / "one.txt"
    notes.write_text("Jun 29, 2020\nA Site\nWords.\n")
    checkouts.import_notes(notes)
    notes.write_text("Jun 30, 2020\nA Site\nWords.\n")
    checkouts.import_notes(notes)
    row = Episode.objects.get()
    assert row.published_at.isoformat() == "2020-06-30T04:00:00+00:00"
    apply_facts(row, Facts(published_at=row.published_at.replace(hour=12)))
    finish_edit(row, None, "desk")
    assert "which stays" not in checkouts.import_notes(notes)
    notes.write_text("Jul 1, 2020\nA Site\nWords.\n")
    out = checkouts.import_notes(notes)
    assert "Here it is “2020-06-30 08:00”, which stays; the source says “2020-07-01 00:00”" in out


def test_a_post_under_review_leaves_the_notes_and_a_published_one_is_withdrawn(one: Sources):
    one.import_show_notes()
    one.import_jekyll()
    path = next(one.root.glob("_posts/podcast/*"))
    path.write_text(path.read_text().replace("title:", 'under_review: "true"\ntitle:', 1))
    checkouts.import_site(one.root)
    row = Episode.objects.get()
    assert row.status == "withdrawn"
    assert one.topics() == TOPICS


def test_topics_stay_while_their_chapters_cannot_be_fetched(one: Sources, monkeypatch: Any):
    link = '<podcast:chapters url="https://show.example/c.json" type="application/json"/>'
    chapters = b'{"version":"1.2.0","chapters":[{"startTime":60,"title":"One"}]}'
    fetch = "transfer.importers.feed.fetch.LinkedFiles.fetch"
    monkeypatch.setattr(fetch, lambda self, url: chapters)
    feeds.run(feed(item(1, more=link)))
    assert one.topics() == {60: "One"}

    def failing(self: object, url: str) -> bytes:
        raise OSError("timed out")

    monkeypatch.setattr(fetch, failing)
    assert "timed out" in feeds.run(feed(item(1, more=link)))
    assert one.topics() == {60: "One"}


def utc(number: int, time: str = "00:00:00 GMT") -> str:
    return item(number, date=f"<pubDate>Mon, {number:02} Jun 2020 {time}</pubDate>")


def test_a_feed_of_days_in_utc_shows_no_episode_a_day_early(one: Sources):
    data = feed(*(utc(number) for number in range(1, 10)), utc(10, "15:00:00 GMT"))
    out = feeds.run_twice(data)
    assert out.count("9 of 10 dates are midnight UTC: read as days without a time") == 1
    assert "midnight in America/New_York" in out
    first, *_, last = Episode.objects.order_by("published_at")
    assert first.published_at.isoformat() == "2020-06-01T04:00:00+00:00"
    assert last.published_at.isoformat() == "2020-06-10T15:00:00+00:00"


def test_times_that_happen_to_be_midnight_are_times(one: Sources):
    out = feeds.run(feed(utc(1), utc(2, "15:00:00 GMT"), utc(3, "20:00:00 -0400")))
    assert "midnight" not in out
    first = Episode.objects.order_by("published_at")[0]
    assert first.published_at.isoformat() == "2020-06-01T00:00:00+00:00"
    Show.objects.update(timezone="UTC")
    assert "midnight" not in feeds.run(feed(utc(1)))


def test_days_in_utc_are_no_difference_of_dates(one: Sources, client: Any):
    data = feed(utc(1), utc(2))
    feeds.run(data)
    ours = client.get("/podcast/feed.xml").getvalue()
    new = OpenedFeed(BytesIO(ours), "new", feeds.ADDRESS)
    result = compare(feeds.opened(data), new, zone=feeds.NEW_YORK)
    assert [each.what for each in result.differences if "date" in each.what] == []


def test_what_was_imported_before_this_release_has_a_base(one: Sources):
    one.import_jekyll()
    edit_topic(60, "Mine")
    ImportBase.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("notes.migrations.0002_import_bases").FROM_REVISIONS)
    one.jekyll[120] = "Where it runs today"
    out = one.import_jekyll()
    assert "which stays" not in out
    assert one.topics() == TOPICS | {60: "Mine", 120: "Where it runs today"}


def test_without_a_base_all_that_differs_is_the_hosts_and_gaps_are_filled(one: Sources):
    row = factories.episode(
        "A Site Built with Flask", 1, slug="1-a-site", guid=URL, seconds=None,
        topics=[(60, "Mine")],
    )  # fmt: skip
    finish_edit(row, None, "desk")
    out = one.import_jekyll()
    assert "Here it is “1:00 – Mine”, which stays; the source says “1:00 – Why Flask”" in out
    assert "It isn’t here, and stays away: the source says “2:00 – Where it runs”" in out
    row.refresh_from_db()
    assert one.topics() == {60: "Mine"}
    assert row.summary == "A summary."
    one.import_jekyll(theirs=True)
    assert one.topics() == TOPICS


def test_an_import_again_asks_the_database_little(one: Sources):
    one.import_jekyll()
    with CaptureQueriesContext(connection) as queries:
        one.import_jekyll()
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_the_base_is_what_the_source_said(one: Sources):
    one.import_jekyll()
    base = ImportBase.objects.exclude(episode=None).get()
    assert (base.source, base.facts["number"]) == ("import_jekyll", 1)
    assert "- 2:00 -- Where it runs" in base.notes
