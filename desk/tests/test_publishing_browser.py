"""Audio and publishing in a real browser: progress, refusals, keyboard, without scripts."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from desk.models import PreviewLink
from desk.tests.test_writing_browser import violations
from episodes.models import DiscardedFile, Enclosure, Episode
from episodes.tests import factories
from media.tests.recordings import mp3
from notes.apply import finish_edit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOPICS = [(0, "Hello"), (4, "Django and [a link](http://example.org)"), (400, "Past its end")]
SLOW = 100_000  # bytes a second


@pytest.fixture
def draft() -> Episode:
    factories.show()
    row = factories.episode(
        "A draft of a good many words, as long as they get for titles of episodes",
        9, slug="9-draft", status="draft", published_at=None, seconds=None, topics=TOPICS,
    )  # fmt: skip
    finish_edit(row, None, "desk")
    return row


def address(live_server, episode: Episode, page: str) -> str:
    return f"{live_server.url}/admin/episodes/episode/{episode.pk}/{page}"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "<img src=x onerror=alert(1)>.mp3"
    path.write_bytes(mp3(300))
    return path


def ready(page: Page) -> None:
    """Wait for the upload script."""
    expect(page.get_by_text("The upload starts when you choose a file.")).to_be_visible()


def test_an_upload_shows_its_progress_and_can_be_cancelled(
    signed_in: Page, live_server, draft: Episode, recording: Path
):
    page = signed_in
    page.goto(address(live_server, draft, "audio"))
    ready(page)
    network = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", limits | {"uploadThroughput": SLOW})
    page.get_by_label("File").set_input_files(recording)
    expect(page.locator("#upload-status")).to_have_text("Uploading the recording…")
    expect(page.locator("#progress-text")).to_contain_text(" of 2.3 MB")
    expect(page.get_by_role("button", name="Upload")).to_be_disabled()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(page.get_by_role("button", name="Upload")).to_be_enabled()
    assert not Enclosure.objects.exists()
    network.send("Network.emulateNetworkConditions", limits | {"uploadThroughput": -1})
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("The recording was added.")).to_be_visible()
    assert Enclosure.objects.get().bytes == recording.stat().st_size


def test_refusals_appear_beside_the_field(
    signed_in: Page, live_server, draft: Episode, tmp_path: Path
):
    page = signed_in
    page.goto(address(live_server, draft, "audio"))
    ready(page)
    wrong = tmp_path / "notes.mp3"
    wrong.write_text("<script>document.title = 'x'</script>")
    page.get_by_label("File").set_input_files(wrong)
    expect(page.get_by_role("alert")).to_contain_text("This is a web page.")
    assert violations(page) == []
    page.evaluate("document.getElementById('recording').dataset.largest = 10")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("The limit is 0.0 MB.")
    assert not Enclosure.objects.exists()


def test_by_keyboard_alone(signed_in: Page, live_server, draft: Episode, recording: Path):
    page = signed_in
    page.goto(address(live_server, draft, "audio"))
    ready(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_label("File").press("Space")
    chooser.value.set_files(recording)
    button = page.get_by_role("button", name="Publish now")
    expect(button).to_be_visible()
    for _ in range(25):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("is published")).to_be_visible()
    assert Episode.objects.get().status == "published"


def test_dates_are_typed_in_the_browsers_fields(signed_in: Page, live_server, draft: Episode):
    page = signed_in
    page.goto(address(live_server, draft, "checklist"))
    page.get_by_label("Date").fill("2030-07-01")
    page.get_by_label("Time").fill("06:30")
    page.get_by_label("Time").press("Enter")
    expect(page.get_by_text("Scheduled: the episode appears").first).to_contain_text(
        "Monday, 1 Jul 2030, 06:30 EDT"
    )
    expect(page.get_by_label("Date")).to_have_value("2030-07-01")
    expect(page.get_by_label("Time")).to_have_value("06:30")


def test_without_scripts(
    browser: Browser, live_server, host, draft: Episode, recording: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    session = host.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(address(live_server, draft, "audio"))
    page.get_by_label("File").set_input_files(recording)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("link", name="view its page", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/podcast/9-draft")
    page.goto(address(live_server, draft, "audio"))
    recording.write_bytes(mp3(310))
    page.get_by_label("File").set_input_files(recording)
    page.get_by_role("button", name="Upload and compare").click()
    page.get_by_label("All").check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Replace the audio and move them").click()
    expect(page.get_by_text("The recording was replaced.")).to_be_visible()
    assert [topic.seconds for topic in draft.topics.all()] == [10, 14, 410]
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_accessible_and_fit_the_window(
    signed_in: Page, live_server, draft: Episode, recording: Path, width: int
):
    page = signed_in
    page.set_viewport_size({"width": width, "height": 844})
    audio = Enclosure(episode=draft, name="9-draft.mp3", seconds=290, bytes=9)
    audio.file.save("a.mp3", ContentFile(mp3(290)))
    elsewhere = factories.episode("Elsewhere", 8, topics=TOPICS)
    Enclosure.objects.filter(episode=elsewhere).update(
        imported_url=f"https://cdn.example.org/{'long-' * 30}8.mp3"
    )
    PreviewLink.objects.create(
        episode=draft, recipient="Phil", expires_at=timezone.now() + timedelta(1)
    )
    page.goto(address(live_server, draft, "audio"))
    ready(page)
    page.get_by_label("File").set_input_files(recording)
    page.wait_for_url("**/change?**")
    compared = page.url
    assert DiscardedFile.objects.count() == 1
    moved = address(live_server, draft, "audio/change") + "?after=0:02&by=200"
    paths = ["audio", "checklist", "previews", "texts"]
    pages = [compared, moved, *(address(live_server, draft, each) for each in paths)]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for each in [*pages, address(live_server, elsewhere, "audio")]:
            page.goto(each)
            assert violations(page) == [], f"{scheme} {each}"
