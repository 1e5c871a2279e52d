"""What a feed says beside titles and audio: taken where there is a place for it, else named."""

from datetime import UTC, datetime

import pytest

from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import apply_facts, finish_edit
from notes.grammar.draft import Facts
from show.models import CallToAction, Show
from transfer.importers.feed.boilerplate import Boilerplate
from transfer.importers.feed.chapters import read_chapters
from transfer.importers.feed.inline_times import break_inline_times
from transfer.importers.feed.notes import NotesReader
from transfer.importers.feed.titles import clean_title
from transfer.importers.html_to_markdown import to_markdown
from transfer.tests.feeds import CHANNEL, feed, item, only, run, run_twice

BLOCKED = "<itunes:block>Yes</itunes:block>"
needs_database = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("12: A site", 12), ("#12 - A site", 12), ("Ep. 12 – A site", 12), ("12. A site", 12),
        ("Episode 012: A site", 12), ("(12) A site", 12), ("S2E12: A site", 12),
        ("[12] – A site", 12), ("A site", 12), ("A site", None),
    ],
)  # fmt: skip
def test_titles_without_their_number(title: str, number: int | None):
    assert clean_title(title, number) == "A site"


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("12 Factor apps", 12), ("3.14 of pi", 3), ("9-1-1 explained", 9), ("12: A site", 13),
        ("12: A site", None), ("#12", 12), ("12:", 12),
    ],
)  # fmt: skip
def test_numbers_that_belong_to_the_title(title: str, number: int | None):
    assert clean_title(title, number) == title


def test_itunes_title_comes_before_the_one_with_the_number():
    more = "<itunes:title>A site</itunes:title><itunes:episode>12</itunes:episode>"
    assert only(feed(item(1, title="<title>FS12 A site</title>", more=more))).title == "A site"


@needs_database
def test_a_title_that_says_more_than_itunes_title_is_named():
    more = "<itunes:title>A site</itunes:title>"
    assert "  title: 1 in items" in run(feed(item(1, title="<title>A page</title>", more=more)))


LONG = "<p>The full notes, which are much longer than any subtitle of them could ever be.</p>"


@pytest.mark.parametrize(
    ("long", "short", "summary"),
    [
        ("description", "itunes:subtitle", "Short."),
        ("description", "content:encoded", ""),
        ("content:encoded", "description", "Short."),
        ("itunes:summary", "description", "Short."),
    ],
)
def test_the_full_notes_are_the_longest_text(long: str, short: str, summary: str):
    texts = f"<{short}>Short.</{short}><{long}><![CDATA[{LONG}]]></{long}>"
    found = only(feed(item(1, notes=texts)))
    assert (found.notes, found.summary) == (LONG, summary)


def test_a_subtitle_that_begins_like_the_notes_is_no_summary():
    texts = f"<description><![CDATA[{LONG}]]></description>"
    subtitle = "<itunes:subtitle>The full notes, which…</itunes:subtitle>"
    assert only(feed(item(1, notes=texts + subtitle))).summary == ""


@needs_database
def test_flags_of_the_channel_are_the_shows():
    factories.show(owner_email="")  # as after the installation: made, and nothing chosen
    flags = """<itunes:complete>Yes</itunes:complete><itunes:block>Yes</itunes:block>
      <podcast:locked owner="a@show.example">no</podcast:locked><itunes:type>Serial</itunes:type>
      <itunes:explicit>true</itunes:explicit>
      <atom:link rel="hub" href="https://hub.example/"/>
      <podcast:updateFrequency rrule="FREQ=WEEKLY">Every week</podcast:updateFrequency>"""
    out = run_twice(feed(item(1), channel=CHANNEL + flags))
    show = Show.objects.get()
    assert (show.complete, show.hidden, show.locked, show.type, show.explicit) == (
        True, True, False, "serial", True,
    )  # fmt: skip
    assert (show.owner_email, show.hub) == ("a@show.example", "https://hub.example/")
    assert (show.update_frequency, show.update_rule) == ("Every week", "FREQ=WEEKLY")
    assert "As in the feed, directories such as Apple Podcasts won't list the show" in out


@needs_database
def test_a_later_import_changes_no_flag_and_names_what_differs():
    run(feed(item(1), channel=f"{CHANNEL}<itunes:complete>yes</itunes:complete>{BLOCKED}"))
    Show.objects.update(hidden=False)
    out = run(feed(item(1), channel=f"{CHANNEL}<itunes:complete>yes</itunes:complete>{BLOCKED}"))
    assert Show.objects.get().hidden is False
    assert "warning: The feed says yes; here it stays no. [itunes:block: yes]" in out
    assert "itunes:complete" not in out


TAGS = """<podcast:license url="https://a.example/l">Ours &amp; yours</podcast:license>
  <podcast:txt purpose="verify">code</podcast:txt><podcast:txt>more</podcast:txt>
  <podcast:location geo="geo:1,2">Here</podcast:location>
  <podcast:podroll><podcast:remoteItem feedGuid="29cdca4a-32d8"/></podcast:podroll>
  <podcast:value type="lightning" method="keysend"><podcast:valueRecipient customKey="1"
    customValue="x" name="Ann" type="node" address="02d5" split="100"/></podcast:value>"""


@needs_database
def test_rare_tags_become_the_shows_further_tags():
    out = run_twice(feed(item(1), channel=CHANNEL + TAGS))
    names = [tag.name for tag in Show.objects.get().feed_tags]
    assert names == ["license", "location", "podroll", "txt", "txt", "value"]
    (value,) = Show.objects.get().feed_tags[-1].children
    assert value.attributes["customKey"] == "1"
    assert "Further tags from the feed: podcast:license, podcast:location," in out
    assert "Not taken from the feed" not in out


@needs_database
def test_the_hosts_own_further_tags_stay():
    mine = "<podcast:txt>mine</podcast:txt>"
    factories.show(further_tags=mine)
    run(feed(item(1), channel=CHANNEL + TAGS))
    assert Show.objects.get().further_tags == mine


@needs_database
def test_a_rare_tag_that_the_desk_would_refuse_is_named():
    wrong = """<podcast:license>Not an identifier</podcast:license><podcast:chat server="x"/>
      <podcast:txt unknown="1">code</podcast:txt>"""
    out = run(feed(item(1), channel=CHANNEL + wrong))
    assert "podcast:license is an identifier such as cc-by-4.0" in out
    assert "podcast:chat needs protocol=; left out." in out
    assert "  podcast:txt@unknown: 1 in the channel" in out
    assert [tag.name for tag in Show.objects.get().feed_tags] == ["txt"]


@needs_database
def test_the_first_address_for_support_is_a_call_and_the_others_are_tags():
    funding = """<podcast:funding url="https://a.example/">A</podcast:funding>
      <podcast:funding url="https://b.example/">B</podcast:funding>"""
    run_twice(feed(item(1), channel=CHANNEL + funding))
    assert CallToAction.objects.get().url == "https://a.example/"
    (tag,) = Show.objects.get().feed_tags
    assert tag.attributes == {"url": "https://b.example/"}


@needs_database
def test_a_blocked_item_is_a_draft():
    out = run_twice(feed(item(1, more=BLOCKED), item(2)))
    row = Episode.objects.get(guid="guid-1")
    assert (row.status, row.published_at) == ("draft", datetime(2020, 6, 1, 4, tzinfo=UTC))
    assert "feed.xml:2: warning: Blocked (itunes:block): imported as a draft." in out
    assert "Episode of 1 (draft): new" in out
    assert list(Episode.objects.published()) == [Episode.objects.get(guid="guid-2")]


@needs_database
def test_an_item_blocked_later_stays_as_the_host_published_it():
    run(feed(item(1)))
    out = run_twice(feed(item(1, more=BLOCKED)))
    assert "Blocked (itunes:block), but here it is published: left so." in out
    assert Episode.objects.get().status == "published"


@needs_database
def test_a_draft_that_the_host_published_stays_published():
    run(feed(item(1, more=BLOCKED)))
    row = Episode.objects.get()
    apply_facts(row, Facts(status="published"))
    finish_edit(row, None, "desk")
    run(feed(item(1, more=BLOCKED)))
    assert Episode.objects.get().status == "published"


@needs_database
def test_seasons_that_number_anew_are_named_once_and_the_first_has_the_numbers():
    def numbered(number: int, season: int, episode: int) -> str:
        more = f"<itunes:season>{season}</itunes:season><itunes:episode>{episode}</itunes:episode>"
        return item(number, more=more)

    items = (numbered(4, 2, 2), numbered(3, 2, 1), numbered(2, 1, 2), numbered(1, 1, 1))
    out = run_twice(feed(*items))
    assert list(Episode.objects.order_by("guid").values_list("season", "number")) == [
        (1, 1), (1, 2), (2, None), (2, None),
    ]  # fmt: skip
    assert out.count("Season 2 counts anew") == 1
    assert "an earlier season has (2)." in out
    assert "Another episode has this number" not in out


@needs_database
def test_people_who_are_no_guests_are_named_with_their_roles():
    host = '<podcast:person href="https://bo.example/">Bo Ray</podcast:person>'
    people = """<podcast:person>Bo Ray</podcast:person>
      <podcast:person role="co-host" img="https://a.example/c.jpg">Cy Fox</podcast:person>
      <podcast:person group="writing" role="guest writer">Di Lo</podcast:person>
      <atom:contributor><atom:name>Ed Mo</atom:name></atom:contributor>
      <podcast:person role="guest">Fay Nu</podcast:person>"""
    out = run_twice(feed(item(1, more=people), item(2, more=people), channel=CHANNEL + host))
    named = "Cy Fox (co-host, with a picture): 2; Di Lo (guest writer): 2; Ed Mo (contributor): 2."
    assert f"warning: Neither guests nor the show's host; left out: {named}" in out
    assert Show.objects.get().host.name == "Bo Ray"
    assert set(Guest.objects.values_list("name", flat=True)) == {"Bo Ray", "Fay Nu"}


def test_chapters_of_a_file_keep_their_links_and_count_what_topics_cannot_hold():
    data = b"""{"version": "1.2.0", "chapters": [
      {"startTime": 90, "title": "Two *stars*", "url": "https://a.example/b_(c)", "img": "a.jpg"},
      {"startTime": 5, "title": "https://a.example/", "url": "https://b.example/"},
      {"startTime": 7, "title": "Hidden", "toc": false}, {"startTime": 9, "img": "b.jpg"}]}"""
    found = read_chapters(data)
    assert [(topic.seconds, topic.text) for topic in found.topics] == [
        (5, "[https://a.example/](https://b.example/)"),
        (90, r"[Two \\*stars\\*](https://a.example/b_(c))".replace(r"\\", "\\")),
    ]
    assert found.untaken == {
        "podcast:chapters: img": 1, "podcast:chapters: hidden or without a title": 2,
    }  # fmt: skip


@needs_database
def test_topics_of_the_notes_get_the_links_of_the_same_chapters():
    notes = "<description>0:10 One\n1:00 Two\n2:00 Three</description>"
    chapters = """<psc:chapters><psc:chapter start="0:10" title="One" href="https://a.example/"/>
      <psc:chapter start="1:30" title="Other"/></psc:chapters>"""
    out = run_twice(feed(item(1, notes=notes, more=chapters)))
    texts = list(Episode.objects.get().topics.values_list("text", flat=True))
    assert texts == ["[One](https://a.example/)", "Two", "Three"]
    assert "  chapters that differ: 1 in items" in out


BOILERPLATE = r"""
Acast: Hosted on Acast. See [acast.com/privacy](https://acast.com/privacy) for more information.
Acast: See <https://acast.com/privacy> for privacy and opt-out information.
Megaphone: Learn more about your ad choices. Visit [megaphone.fm/ads](https://megaphone.fm/ads)
Megaphone: Learn more about your ad choices. Visit podcastchoices.com/adchoices
Omny Studio: See [omnystudio.com/listener](https://omnystudio.com/listener) for privacy information.
PowerPress: \[powerpress\]
PowerPress: Podcast: [Play in new window](https://a.example/1.mp3) | [Download](https://a.example/1)
PowerPress: [Play in new window](https://a.example/1.mp3) (Duration: 33:11 — 30.4MB)
WordPress: The post [A site](https://a.example/1) first appeared on [A show](https://a.example).
WordPress: The post A site appeared first on A show.
Anchor: Send in a voice message: <https://anchor.fm/show/message>
Buzzsprout: [Send us a text](https://www.buzzsprout.com/twilio/1)
Buzzsprout: [Support the show](https://www.buzzsprout.com/1/support)
Substack: This is a public episode. To discuss this, visit [us](https://a.substack.com?utm_medium=x)
Acast: Our GDPR privacy policy was updated on August 8, 2022. Visit acast.com/privacy for more information.
PowerPress: Subscribe: [Apple Podcasts](https://a.example/1) | [RSS](https://a.example/feed)
PowerPress: Subscribe: Apple Podcasts | RSS
Substack: [Subscribe now](https://us.substack.com/subscribe?)
Substack: [Share](https://us.example/p/one?utm_source=substack&utm_content=share&action=share)
iVoox: Escucha el episodio completo en la app de iVoox, o descubre el catálogo de iVoox Originals
"""  # noqa: E501


@pytest.mark.parametrize("known", BOILERPLATE.strip().split("\n"))
def test_boilerplate_is_recognised_and_counted(known: str):
    company, _, line = known.partition(": ")
    for text in (line, f"---\n\n{line}", f"*{line}*"):
        found = Boilerplate()
        assert found.without(f"Words of ours.\n\n{text}") == "Words of ours."
        assert found.counts == {company: 1}
    assert Boilerplate().without(f"Words of ours. {line}") == "Words of ours."


def test_rulers_go_that_stand_between_nothing():
    lines = "One.\n\n---\n\nTwo.\n\n\\---\n\nSee acast.com/privacy for privacy information."
    lines += "\n\n---\n\nSee acast.com/privacy for privacy information.\n\n---"
    assert Boilerplate().without(lines) == "One.\n\n---\n\nTwo."


@needs_database
def test_the_shows_description_loses_them_too():
    about = "<![CDATA[<p>About us.</p><p>See acast.com/privacy for privacy information.</p>]]>"
    out = run_twice(feed(item(1), channel=f"{CHANNEL}<description>{about}</description>"))
    assert Show.objects.get().description == "About us."
    assert "hosting companies in the show’s description, left out: Acast (1)" in out


@needs_database
def test_links_for_support_among_them_are_named_with_their_addresses():
    link = '<a href="https://www.buzzsprout.com/1/support" rel="payment">Support the show</a>'
    notes = f"<description><![CDATA[<p>Words.</p><p>{link}</p>]]></description>"
    out = run(feed(item(1, notes=notes), item(2, notes=notes)))
    assert "left out: Buzzsprout (2)\n  https://www.buzzsprout.com/1/support (2): " in out
    assert "make it a call to action" in out


def test_a_list_of_apps_without_end_is_no_boilerplate():
    """With n names there were 2^n ways to read it."""
    line = "Subscribe: " + "Aa | " * 100 + "!"
    assert Boilerplate().without(line) == line


def test_a_sentence_before_times_is_read_once():
    """Searching for a heading in it froze the site for seconds."""
    times = "1:00 - Ab 2:00 - Cd 3:00 - Ef"
    assert break_inline_times(". " * 9000 + f"Minutado: {times}")[0].rstrip(". ") == ""
    assert len(break_inline_times(f"Minutado: {times}")) == 3


def test_separators_without_end_are_read_once():
    """Each of these froze the site for seconds."""
    line = "a" * 245 + "-" * 245
    for notes in ([line] * 400, [f"{line} 1:00"] * 3, [f"{line}1:00x"] * 400):
        NotesReader().read("T", "\n\n".join(notes))


@pytest.mark.parametrize(
    "line",
    [
        "Hosted on Acast since 2019, and we tell why.", "We talk about ad choices.",
        "The post office appeared first on every map.", "Download the slides.", "---", "",
        "[Support the show](https://patreon.com/us)", "[Subscribe now](https://us.example/)",
        "Subscribe: we are everywhere.", "Send us a text: 555-1234, we read all.",
    ],
)  # fmt: skip
def test_words_of_the_host_are_no_boilerplate(line: str):
    found = Boilerplate()
    assert found.without(f"One.\n{line}") == f"One.\n{line}"
    assert not found.counts


def topics(html: str) -> list[tuple[int, str]]:
    draft = NotesReader().read("T", to_markdown(html, "https://a.substack.com/p/x")).draft
    return [(topic.seconds, topic.text) for topic in draft.topics]


@pytest.mark.parametrize(
    "notes",
    [
        "Words. Minutado: 0:05 Uno. 12:34 Dos cosas. 1:02:03 Tres.",
        "<p>(00:00:05) Uno. (00:12:34) Dos cosas. (01:02:03) Tres.</p>",
        "[00:05] Uno. [12:34] Dos cosas. [1:02:03] Tres.",
        "<p>Words. 0:05 - Uno. / 12:34 - Dos cosas. / 1:02:03 - Tres.</p>",
        '<p><a href="?t=5">0:05</a> Uno. <a href="?t=754">12:34</a> Dos cosas. '
        '<a href="?t=3723">1:02:03</a> Tres.</p>',
        '<p><a href="/x?t=5">(0:05) Uno.</a></p><p><a href="/x?t=754">12:34 – Dos cosas.</a></p>'
        '<p><a href="https://a.example/#t=3723s">[1:02:03] Tres.</a></p>',
    ],
)  # fmt: skip
def test_inline_and_linked_times_are_topics(notes: str):
    assert topics(notes) == [(5, "Uno."), (754, "Dos cosas."), (3723, "Tres.")]


def test_a_link_that_begins_with_a_time_and_leads_elsewhere_stays_one():
    notes = "".join(f'<p><a href="https://a.example/{n}">{n}:00 Word</a></p>' for n in (1, 2, 3))
    assert topics(notes)[0] == (60, "[Word](https://a.example/1)")


@pytest.mark.parametrize(
    "line",
    [
        "We met at 10:30, ate at 11:45 and left at 12:50.",
        "At 3:10 they lost, 3:16 was even, 3:20 won it.",
        "Flights: 12:50 Paris, 9:30 Rome, 8:15 Bonn.",  # not in order
        "See https://a.example/?t=1:00 Word 2:00 Word.",
    ],
)
def test_times_in_a_sentence_are_no_list(line: str):
    assert break_inline_times(line) == [line]


@needs_database
def test_the_report_ends_with_all_that_was_not_taken():
    channel = "<generator>X</generator><ttl>60</ttl><itunes:isrc>Me</itunes:isrc>"
    more = """<podcast:soundbite startTime="1" duration="2">a</podcast:soundbite>
      <podcast:soundbite startTime="3" duration="4">b</podcast:soundbite>
      <x:y xmlns:x="https://x.example/" z="1"><x:inner/></x:y>
      <podcast:season name="Two">2</podcast:season>"""
    out = run(feed(item(1, more=more), item(2), channel=CHANNEL + channel))
    report = out[out.index("Not taken from the feed:") :].splitlines()
    assert report[:6] == [
        "Not taken from the feed:",
        "  itunes:isrc: 1 in the channel",
        "  podcast:soundbite: 2 in items",
        "  x:y: 1 in items",
        "  podcast:season@name: 1 in items",
        "  Technical: generator (1), ttl (1)",
    ]


@needs_database
def test_the_report_names_elements_of_notes_that_markdown_cannot_hold():
    html = '<p>Words.</p><iframe src="https://a.example/embed"></iframe><table><tr><td>a</table>'
    notes = f"<description><![CDATA[{html}]]></description>"
    out = run(feed(item(1, notes=notes), item(2, notes=notes)))
    assert "  <iframe> in the notes: 2 in items\n" in out
    assert "  <table> in the notes: 2 in items\n" in out


@needs_database
def test_a_feed_of_which_all_is_taken_has_no_such_report():
    assert "Not taken" not in run(feed(item(1)))
