"""The host's week in one visit: from pasted notes and a recording to a page that plays chapters.

`./run test desk/tests/test_visit_browser.py -s` tells how many clicks and seconds it took.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.management import call_command
from playwright.sync_api import Page, expect

from episodes.models import Enclosure, Episode
from episodes.tests import factories
from media.id3 import read_tags
from media.tests.recordings import mp3
from notes.apply import finish_edit
from topics.models import Topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGIN, END = "Jun 29, 2020", "Jun 22, 2020"  # of the first episode in the notes
TITLE = "A Real Estate Order and Appraisal System for a Small Business"
SLUG = "38-a-real-estate-order-and-appraisal-system-for-a-small-business"
LENGTH = 46 * 60
TOPICS = 12
NAMESPACES = {"psc": "http://podlove.org/simple-chapters"}
# What a person pressed: scripts' own clicks are not trusted ones.
COUNT = """
  addEventListener("click", (event) => { if (event.isTrusted) window.clicked() }, true);
"""


@pytest.fixture
def notes() -> str:
    text = (Path(project.BASE_DIR) / "fixtures" / "show-notes.txt").read_text()
    return text[text.index(BEGIN) : text.index(END)]


@pytest.fixture
def site(live_server, monkeypatch) -> str:
    """A show with its technologies and an episode 37 before this one."""
    # Django's live server hands out media itself, without ranges; ours can seek.
    monkeypatch.setattr("django.test.testcases._MediaFilesHandler._should_handle", lambda *_: False)
    call_command("loaddata", "fixtures/show.json", "fixtures/technologies.json", verbosity=0)
    Episode.objects.create(number=37, slug="37-before", title="Before", status="draft")
    return live_server.url


class Visit:
    """What the host did until the episode was out."""

    def __init__(self) -> None:
        self.clicks = 0
        self.begun = time.monotonic()

    def clicked(self) -> None:
        self.clicks += 1

    def seconds(self) -> float:
        return time.monotonic() - self.begun


@pytest.fixture
def visit(browser_page: Page, site: str, host) -> Iterator[Visit]:
    """Signed in, counted, and without a complaint of the browser's."""
    visit = Visit()
    context = browser_page.context
    session = host.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    context.expose_function("clicked", visit.clicked)
    context.add_init_script(COUNT)
    complaints: list[str] = []
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.on("console", lambda message: complaints.append(message.text))
    yield visit
    assert [each for each in complaints if "Failed to load resource" not in each] == []


def test_from_pasted_notes_to_playing_chapters(
    browser_page: Page, site: str, visit: Visit, notes: str, tmp_path: Path, capsys
):
    page = browser_page
    recording = tmp_path / "Austin take 3 (final).mp3"
    recording.write_bytes(mp3(LENGTH))

    page.goto(f"{site}/admin/")
    page.get_by_label("Paste its show notes").click()
    page.keyboard.insert_text(notes)
    page.get_by_role("button", name="Check the notes").click()
    expect(page.locator("#summary")).to_contain_text("No errors")
    expect(page.locator("#panel")).to_contain_text("Austin Lewis")
    page.get_by_role("button", name="Create the draft").click()
    expect(page.get_by_text("The upload starts when you choose a file.")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.get_by_label("File").click()
    chooser.value.set_files(recording)
    page.get_by_role("button", name="Publish now").click()
    chapters = re.compile("\n00:00 Introduction\n06:40 Motivation")
    expect(page.get_by_role("textbox", name="Video description")).to_have_value(chapters)
    clicks, seconds = visit.clicks, visit.seconds()

    page.get_by_role("link", name="view its page", exact=True).click()
    expect(page).to_have_url(f"{site}/podcast/{SLUG}")
    plays_from_its_topics(page)
    is_published_everywhere(page, site)
    with capsys.disabled():
        summary = f"{clicks} clicks and {seconds:.1f} s until it was out"
        print(f"\n{summary}, {visit.seconds():.1f} s with a look at everything")


def test_a_recording_with_thirty_seconds_cut_leaves_no_wrong_time(
    browser_page: Page, site: str, visit: Visit, tmp_path: Path, capsys
):
    """The button stays off until the host has said which times change."""
    page, recording = browser_page, tmp_path / "again.mp3"
    recording.write_bytes(mp3(90))
    row = factories.episode("Shop", 38, seconds=120, topics=[(0, "Hello"), (60, "Django")])
    row.enclosure.file.save("shop.mp3", ContentFile(mp3(120)))
    finish_edit(row, None, "desk")
    page.goto(f"{site}/admin/episodes/episode/{row.pk}/audio")
    with page.expect_file_chooser() as chooser:
        page.get_by_label("File").click()
    chooser.value.set_files(recording)
    expect(page.get_by_text("The new recording is 30 seconds shorter.")).to_be_visible()
    button = page.get_by_role("button", name="Replace the audio")
    expect(button).to_be_disabled()
    page.get_by_role("radio", name="something was added or cut at the start").click()
    expect(page.get_by_role("row", name="1:00 0:30 Django")).to_be_visible()
    button.click()
    expect(
        page.get_by_text("The recording was replaced. Topics and transcript were moved.")
    ).to_be_visible()
    clicks, seconds = visit.clicks, visit.seconds()
    chapters = page.request.get(f"{site}/podcast/{row.slug}/chapters.json").json()["chapters"]
    assert [each["startTime"] for each in chapters] == [0, 30]
    feed = page.request.get(f"{site}/podcast/feed.xml").text()
    assert "00:00:30" in feed
    assert "00:01:00" not in feed
    with Enclosure.objects.get(episode=row).file.open() as file:
        tag, _ = read_tags(file)
    starts = [int.from_bytes(each.data[5:9], "big") for each in tag.frames if each.id == b"CHAP"]
    assert starts == [0, 30_000]
    assert clicks <= 4
    with capsys.disabled():
        print(f"\n{clicks} clicks and {seconds:.1f} s until it was replaced")


def plays_from_its_topics(page: Page) -> None:
    """Each topic is a chapter: pressed, the recording plays from there."""
    expect(page.locator("[id^=t-]")).to_have_count(TOPICS)
    page.wait_for_load_state()
    page.get_by_role("link", name="25:26").first.click()
    audio = "document.querySelector('#player audio')"
    page.wait_for_function(f"() => {audio}.currentTime > 1526 && !{audio}.paused")
    assert page.evaluate(f"Math.round({audio}.duration)") == LENGTH
    chapters = page.request.get(f"{page.url.partition('?')[0]}/chapters.json").json()["chapters"]
    assert [each["startTime"] for each in chapters] == list(
        Topic.objects.values_list("seconds", flat=True)
    )


def is_published_everywhere(page: Page, site: str) -> None:
    """Check the feed with its chapters and enclosure, the search, and the technology's page."""
    feed = ElementTree.fromstring(page.request.get(f"{site}/podcast/feed.xml").body())
    item = next(each for each in feed.iter("item") if each.findtext("title") == TITLE)
    enclosure = item.find("enclosure")
    assert enclosure is not None
    audio = Enclosure.objects.get()
    download = page.request.get(site + audio.path)
    assert int(enclosure.get("length", 0)) == len(download.body()) == audio.bytes
    assert enclosure.get("url") == project.SITE_URL + audio.path
    # An introduction comes before the first topic, which is at 6:40.
    assert len(item.findall("psc:chapters/psc:chapter", NAMESPACES)) == TOPICS + 1
    with audio.file.open() as file:
        tag, _ = read_tags(file)
    assert [frame.id for frame in tag.frames].count(b"CHAP") == TOPICS + 1

    page.goto(f"{site}/search?q=recap+of+aws")
    moment = page.locator("main").get_by_role("link", name="Recap of AWS services").first
    expect(moment).to_have_attribute("href", f"/podcast/{SLUG}?t=1526")
    page.goto(f"{site}/stack/django")
    expect(page.locator("main").get_by_role("link", name=TITLE).first).to_be_visible()
