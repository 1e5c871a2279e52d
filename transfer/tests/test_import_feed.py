"""Feeds into the catalogue."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from net.tests.servers import send, server
from notes.apply import apply_facts, finish_edit
from notes.grammar.draft import Facts
from show.models import CallToAction, FollowLink, Show
from topics.models import Transcript
from transfer.importers.feed.fetch import opened as opened_address
from transfer.importers.feed.importer import import_feed
from transfer.importers.report import Report
from transfer.tests.checkouts import run as run_command
from transfer.tests.feeds import CHANNEL, feed, item, run, run_twice, write

pytestmark = pytest.mark.django_db


def titles() -> list[str]:
    return list(Episode.objects.order_by("published_at").values_list("title", flat=True))


def topics(episode: Episode) -> list[tuple[int, str]]:
    return list(episode.topics.values_list("seconds", "text"))


def test_an_item_becomes_an_episode():
    more = """<itunes:episode>12</itunes:episode><itunes:season>2</itunes:season>
      <itunes:episodeType>Bonus</itunes:episodeType><itunes:explicit>yes</itunes:explicit>
      <itunes:image href="https://show.example/1.png"/>
      <podcast:person role="host">Nick</podcast:person>
      <podcast:person role="Guest" href="https://ann.example/">Ann Lee</podcast:person>
      <content:encoded><![CDATA[<p>Longer.</p><ul><li>0:10 – One</li><li>1:00 – Two</li>
      <li>2:00 – Three</li></ul>]]></content:encoded>"""
    out = run_twice(feed(item(1, more=more)))
    assert "0 errors" in out
    row = Episode.objects.get()
    assert (row.title, row.slug, row.guid) == ("Episode of 1", "1-an-episode", "guid-1")
    assert (row.number, row.season, row.type, row.explicit) == (12, 2, "bonus", True)
    assert row.published_at == datetime(2020, 6, 1, 4, tzinfo=UTC)
    assert (row.status, row.image_url) == ("published", "https://show.example/1.png")
    assert (row.summary, row.introduction) == ("Words about it.", "Longer.")
    assert topics(row) == [(10, "One"), (60, "Two"), (120, "Three")]
    assert [guest.name for guest in row.guests.all()] == ["Ann Lee"]
    assert Guest.objects.get(name="Ann Lee").website == "https://ann.example/"
    audio = row.enclosure
    assert (audio.imported_url, audio.bytes) == ("https://show.example/audio/1.mp3", 1000)
    assert (audio.seconds, audio.type) == (3600, "audio/mpeg")


def test_the_channel_becomes_the_show():
    channel = """<title>A Show &amp; More</title>
      <description>&lt;p&gt;About.&lt;/p&gt;</description>
      <link>https://show.example/</link><language>de</language><copyright>Us</copyright>
      <itunes:author>Ann</itunes:author><itunes:explicit>true</itunes:explicit>
      <itunes:type>serial</itunes:type><itunes:image href="https://show.example/a.png"/>
      <itunes:owner><itunes:name>Ann</itunes:name><itunes:email>a@show.example</itunes:email></itunes:owner>
      <itunes:category text="News"><itunes:category text="Tech News"/></itunes:category>
      <itunes:category text="Arts"/>
      <podcast:guid>3c0e7cb2-aeda-5971-87a4-d994709aab7d</podcast:guid>
      <podcast:funding url="https://pay.example/">Pay us</podcast:funding>
      <podcast:person>Ann Lee</podcast:person>"""
    run_twice(feed(item(1), channel=channel))
    show = Show.objects.get()
    assert (show.title, show.description, show.language) == ("A Show & More", "About.", "de")
    assert (show.author, show.owner_email, show.copyright) == ("Ann", "a@show.example", "Us")
    assert (show.explicit, show.type) == (True, "serial")
    assert show.categories == [["News", "Tech News"], ["Arts"]]
    assert str(show.podcast_guid) == "3c0e7cb2-aeda-5971-87a4-d994709aab7d"
    assert (show.artwork_url, show.host.name) == ("https://show.example/a.png", "Ann Lee")
    call = CallToAction.objects.get()
    assert (call.purpose, call.url, call.label) == ("support", "https://pay.example/", "Pay us")


def test_a_show_without_a_guid_gets_the_one_that_apps_assume():
    run(feed(item(1)), address="https://runninginproduction.com/podcast/feed.xml")
    assert str(Show.objects.get().podcast_guid) == "3c0e7cb2-aeda-5971-87a4-d994709aab7d"


def test_what_the_host_has_said_of_the_show_stays():
    mine = factories.show(title="Mine", description="My words.")
    run(feed(item(1), channel=f"{CHANNEL}<description>Theirs.</description>"))
    show = Show.objects.get()
    assert (show.title, show.description) == ("Mine", "My words.")
    assert show.podcast_guid == mine.podcast_guid


def test_a_guid_given_twice_the_first_counts_and_both_are_named():
    again = item(2, guid="<guid>guid-1</guid>")
    out = run(feed(item(1), again))
    assert titles() == ["Episode of 1"]
    assert "feed.xml:3: error: Has the GUID of line 2, “Episode of 1”" in out
    assert "Episode of 2: failed" in out


def test_a_broken_item_is_named_and_the_others_are_imported():
    out = run(feed(item(1), "<item><title>Broken & <b></title></item>", item(3)))
    assert titles() == ["Episode of 1", "Episode of 3"]
    assert "feed.xml:3: error: No XML that can be read: mismatched tag." in out


def test_a_feed_cut_off_in_the_middle_gives_its_complete_items():
    data = feed(item(1), item(2), item(3))
    out = run(data[: data.index(b"guid-3")])
    assert titles() == ["Episode of 1", "Episode of 2"]
    assert out.count("error: No XML that can be read") == 2


def test_a_channels_language_that_is_no_code_is_left_out():
    out = run_twice(feed(item(1), channel="<title>A Show</title><language>English</language>"))
    assert "No language's code; left out. [language: English]" in out
    assert Show.objects.get().language == "en"


def test_a_locale_is_taken_as_a_language():
    out = run_twice(feed(item(1), channel="<title>A Show</title><language>EN_us</language>"))
    assert Show.objects.get().language == "en-US"
    assert "0 errors, 0 warnings" in out


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("date", "<pubDate>soon</pubDate>", "isn't a date that can be read; left out"),
        ("enclosure", "", "An episode without audio"),
        (
            "enclosure",
            '<enclosure url="https://a.example/a.mp3" length="b"/>',
            "isn't a whole number",
        ),
        ("enclosure", '<enclosure url="ftp://a.example/a.mp3"/>', "No web address"),
        ("duration", "<itunes:duration>long</itunes:duration>", "isn't a length such as"),
        ("title", "<title/>", "Without a title: called “Untitled”"),
        ("more", "<itunes:episode>1.5</itunes:episode>", "isn't a whole number up to 999,999"),
        ("more", "<itunes:episodeType>special</itunes:episodeType>", "Neither full, trailer"),
    ],
)
def test_what_is_wrong_with_an_item_is_named_with_its_line(part: str, value: str, message: str):
    out = run_twice(feed(item(1, **{part: value})))
    (line,) = [line for line in out.splitlines() if message in line]
    assert line.startswith("feed.xml:2: warning: ")
    assert Episode.objects.count() == 1


def test_an_item_without_a_date_comes_as_a_draft():
    run_twice(feed(item(1, date="")))
    assert Episode.objects.get().status == "draft"


def test_a_title_longer_than_any_is_cut_and_the_episode_is_there():
    out = run_twice(feed(item(1, title=f"<title>{'Words ' * 60}</title>")))
    assert "feed.xml:2: warning: Longer than 200 characters; cut. [title: Words" in out
    title = Episode.objects.get().title
    assert title.startswith("Words Words") and title.endswith("…")
    assert len(title) <= 200


def test_an_item_that_nothing_tells_apart_is_refused():
    out = run(feed(item(1, guid="", link="", enclosure="")))
    assert "No GUID, enclosure or link to identify it by" in out
    assert not Episode.objects.exists()


def test_numbers_that_begin_anew_each_season():
    number = "<itunes:episode>1</itunes:episode>"
    out = run_twice(feed(item(2, more=number), item(1, more=number)))
    assert "Another episode has this number; left out. [number: 1]" in out
    assert list(Episode.objects.order_by("pk").values_list("number", flat=True)) == [1, None]


def test_items_that_share_link_title_and_file_name_are_several_episodes():
    same = {
        "link": "<link>https://show.example/podcast</link>",
        "title": "<title>Questions</title>",
    }
    audio = '<enclosure url="https://show.example/{}/media.mp3" length="1" type="audio/mpeg"/>'
    run_twice(feed(*(item(n, **same, enclosure=audio.format(n)) for n in (3, 2, 1))))
    assert Episode.objects.count() == 3
    assert set(Episode.objects.values_list("slug", flat=True)) == {
        "questions", "questions-2", "questions-3",
    }  # fmt: skip


def edit(row: Episode, **facts: Any) -> None:
    """What the host does at the desk."""
    row = Episode.objects.get(pk=row.pk)
    apply_facts(row, Facts(**facts))
    finish_edit(row, None, "desk")


def test_a_withdrawn_episode_stays_withdrawn():
    run(feed(item(1)))
    edit(Episode.objects.get(), status="withdrawn", notice="Gone.")
    run_twice(feed(item(1, notes="<description>New words.</description>")))
    row = Episode.objects.get()
    assert (row.status, row.introduction) == ("withdrawn", "Words about it.")


def test_a_later_feed_changes_what_a_feed_brought_but_not_the_hosts_edits():
    run(feed(item(1)))
    edit(Episode.objects.get(), season=4)
    more = "<itunes:season>5</itunes:season>"
    out = run(feed(item(1, more=more, notes="<description>New words.</description>")))
    message = "Here it is “4”, which stays; the source says “5”. [season: Episode of 1]"
    assert f"feed.xml:2: warning: {message}" in out
    row = Episode.objects.get()
    assert (row.season, row.introduction) == (4, "New words.")


def test_notes_from_elsewhere_are_not_replaced_only_completed():
    row = factories.episode("Episode of 1", guid="guid-1", introduction="The host's own words.")
    run_twice(feed(item(1, notes="<description>0:10 One\n1:00 Two\n2:00 Three</description>")))
    row.refresh_from_db()
    assert row.introduction == "The host's own words."
    assert topics(row) == [(10, "One"), (60, "Two"), (120, "Three")]


def test_an_address_the_host_chose_stays():
    run(feed(item(1)))
    Episode.objects.update(slug="mine")
    run_twice(feed(item(1)))
    assert Episode.objects.get().slug == "mine"


def test_a_dry_run_writes_nothing():
    out = run(feed(item(1)), dry_run=True)
    assert "1 items" not in out
    assert "2 new" in out and "nothing was written" in out
    assert not Episode.objects.exists()
    assert not Show.objects.exists()


def test_a_first_dry_run_says_what_the_show_will_lack(tmp_path: Path):
    about = "<description>About.</description><copyright>Me</copyright>"
    path = write(tmp_path / "feed.xml", feed(item(1), channel=CHANNEL + about))
    out = run_command("import_feed", path, dry_run=True)
    assert not Show.objects.exists()
    assert "A category, by which" in out
    assert "A title." not in out and "A copyright line" not in out
    assert run_command("import_feed", path) == out.replace(" (dry run: nothing was written)", "")


def test_dead_services_are_closed_and_named():
    factories.show()
    FollowLink.objects.create(name="Google Podcasts", url="https://podcasts.google.com/feed/x")
    FollowLink.objects.create(name="Overcast", url="https://overcast.fm/itunes1")
    out = run_twice(feed(item(1)))
    assert "This service has shut down; its link is closed" in out
    assert "[Google Podcasts: https" in out
    assert FollowLink.objects.get(closed=True).name == "Google Podcasts"


def test_podlove_chapters_are_topics_where_the_notes_have_fewer():
    chapters = """<psc:chapters version="1.2"><psc:chapter start="00:00:00" title="Introduction"/>
      <psc:chapter start="00:01:00.500" title="A *star*"/>
      <psc:chapter start="1:00:00" title="End"/></psc:chapters>"""
    run_twice(feed(item(1, more=chapters)))
    assert topics(Episode.objects.get()) == [(60, r"A \*star\*"), (3600, "End")]


VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ann>Hello there.\n"
CHAPTERS = b'{"version":"1.2.0","chapters":[{"startTime":60.5,"title":"One"},{"startTime":9}]}'


def linking(origin: str) -> bytes:
    more = (
        f'<podcast:chapters url="{origin}/chapters.json" type="application/json+chapters"/>'
        f'<podcast:transcript url="{origin}/t.html" type="text/html"/>'
        f'<podcast:transcript url="{origin}/t.vtt" type="text/vtt"/>'
    )
    return feed(item(1, more=more))


def import_address(url: str) -> str:
    out = StringIO()
    report = Report(out)
    with opened_address(url) as found:
        import_feed(found, report)
    return out.getvalue() + report.summary()


def test_linked_files_on_the_feeds_own_origin_are_fetched():
    asked = []

    def answering(handler) -> None:
        asked.append(handler.path)
        origin = f"http://{handler.headers['Host']}"
        files = {"/feed.xml": linking(origin), "/chapters.json": CHAPTERS, "/t.vtt": VTT}
        send(handler, files[handler.path])

    with server(answering) as url:
        out = import_address(f"{url}/feed.xml")
        assert "0 errors" in out
        row = Episode.objects.get()
        assert topics(row) == [(60, "One")]
        assert [cue.speaker for cue in Transcript.objects.get().cues.all()] == ["Ann"]
        assert asked == ["/feed.xml", "/chapters.json", "/t.vtt"]
        again = import_address(f"{url}/feed.xml")
        assert " 0 new, 0 changed" in again
        assert "/t.vtt" not in asked[3:]


def test_linked_files_in_a_private_network_are_never_asked():
    asked = []
    with server(lambda handler: asked.append(handler.path)) as inner:
        data = linking(inner)
        out = run(data)
        assert out.count("is in a private network") == 2
        with server(lambda handler: send(handler, data)) as url:
            assert import_address(f"{url}/feed.xml").count("is in a private network") == 2
    assert asked == []
    assert Episode.objects.count() == 1


def test_a_server_that_fails_is_asked_three_times_and_no_more():
    asked = []

    def answering(handler) -> None:
        asked.append(handler.path)
        origin = f"http://{handler.headers['Host']}"
        link = f'<podcast:chapters url="{origin}/{{}}" type="application/json+chapters"/>'
        if handler.path == "/feed.xml":
            send(handler, feed(*(item(n, more=link.format(n)) for n in range(1, 8))))
        else:
            send(handler, status=500)

    with server(answering) as url:
        out = import_address(f"{url}/feed.xml")
    assert asked == ["/feed.xml", "/1", "/2", "/3"]
    assert out.count("gets no more requests") == 4
    assert Episode.objects.count() == 7


@pytest.mark.parametrize(
    ("subtitle", "tagline"),
    [
        ("Folks talking about deployment", "Folks talking about deployment"),
        ("How folks run their sites", "How folks run their sites"),  # the description, but short
        ("How folks run…", ""),
        ("A Show", ""),
        (f"How folks run their sites{' and more' * 30}", ""),
    ],
)
def test_the_subtitle_is_the_tagline_unless_it_only_repeats(subtitle: str, tagline: str):
    about = f"<description>How folks run their sites{' and more' * 40}</description>"
    channel = f"{CHANNEL}{about}<itunes:subtitle>{subtitle}</itunes:subtitle>"
    out = run_twice(feed(item(1), channel=channel))
    assert Show.objects.get().tagline == tagline
    assert "subtitle" not in out and "0 errors, 0 warnings" in out
    Show.objects.update(tagline="Mine")
    run(feed(item(1), channel=channel))
    assert Show.objects.get().tagline == "Mine"


@pytest.mark.parametrize("dry_run", [True, False])
def test_another_shows_feed_is_refused(tmp_path: Path, dry_run: bool):
    factories.show(title="Mine")
    factories.episode("One", 1)
    path = write(tmp_path / "feed.xml", feed(item(5)))
    before = Show.objects.values().get()
    out = run_command("import_feed", path, dry_run=dry_run)
    assert "This looks like another show's feed" in out and "exit 1" in out
    assert "lacks" not in out
    assert (Show.objects.values().get(), Episode.objects.count()) == (before, 1)


@pytest.mark.parametrize("known", ["title", "guid", "episode", "empty", "flag"])
def test_a_feed_of_which_anything_is_known_is_imported(tmp_path: Path, known: str):
    factories.show(title="A  Show" if known == "title" else "Mine")
    row = factories.episode("One", 1, guid="guid-1" if known == "episode" else "else")
    if known == "empty":
        Episode.objects.filter(pk=row.pk).update(status="draft")
    guid = Show.objects.get().podcast_guid if known == "guid" else ""
    channel = f"{CHANNEL}<podcast:guid>{guid}</podcast:guid>"
    path = write(tmp_path / "feed.xml", feed(item(5), item(1), channel=channel))
    out = run_command("import_feed", path, another_show=known == "flag")
    assert "another show" not in out
    assert Episode.objects.filter(guid="guid-5").exists()


@pytest.mark.parametrize("cut", ["</channel>", "</item>"])
def test_a_feed_that_was_cut_off_is_called_so(cut: str):
    data = feed(item(2), item(1))
    out = run(data[: data.rindex(cut.encode())])
    assert "error: No XML that can be read: it ends in the middle, as after an aborted" in out
    assert Episode.objects.filter(guid="guid-2").exists()
