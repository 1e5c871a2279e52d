"""A guest's link on a phone, and the host who takes over what came."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from desk.models import GuestComment, PreviewLink
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LISTENS_AT = """async ([page, seconds]) => {
    const { start } = await import("/static/js/audio.js");
    start({ page, audio: `${page}/audio`, title: "Queues", number: "9", length: 3000 }, seconds);
}"""
PHONE: Any = {"width": 390, "height": 844}


@pytest.fixture
def draft() -> Episode:
    factories.show(author="Nick")
    row = factories.episode(
        "Queues", 9, status="draft", published_at=None, topics=[(61, "Hello"), (700, "Queues")],
        guests=["Anna Nowak"],
    )  # fmt: skip
    finish_edit(row, None, "test")
    return row


def test_a_phone_sends_and_the_host_takes_over(
    signed_in: Page, live_server: LiveServer, draft: Episode, tmp_path: Path
) -> None:
    host = signed_in
    tab = f"{live_server.url}/admin/episodes/episode/{draft.pk}/guests"
    host.goto(tab)
    host.get_by_role("button", name="Make a link for Anna Nowak").click()
    expect(host.get_by_label("Text to send to Anna Nowak")).to_have_value(re.compile("/preview/"))
    link = PreviewLink.objects.get()

    guest = host.context.browser.new_context(viewport=PHONE, has_touch=True).new_page()
    guest.goto(f"{live_server.url}{link.get_absolute_url()}")
    expect(guest.get_by_role("heading", level=1)).to_have_text("Anna Nowak, your page")
    assert guest.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    Image.effect_noise((3000, 3000), 90).convert("RGB").save(tmp_path / "me.jpg", quality=95)
    assert (tmp_path / "me.jpg").stat().st_size > 4_000_000
    guest.get_by_label("Photo").set_input_files(tmp_path / "me.jpg")
    expect(guest.get_by_text("Not sent yet")).to_be_visible()
    guest.wait_for_function(
        "() => document.querySelector('[type=file]').files[0].name == 'photo.jpg'"
    )
    guest.get_by_label("GitHub").fill("https://github.com/annanowak")
    guest.get_by_label("Pronunciation").fill("AH-na NO-vak")
    guest.get_by_label("What you do").fill("Maintainer of <b>queues</b>")
    guest.get_by_role("button", name="Send", exact=True).click()
    expect(guest.locator("main [data-told]")).to_contain_text("Sent. Nick will look at it.")
    expect(guest.get_by_label("GitHub")).to_have_value("annanowak")
    expect(guest.get_by_alt_text("The photo you sent")).to_be_visible()
    guest.get_by_label("GitHub").press("Enter")  # sends, and doesn't take the photo back
    expect(guest.get_by_label("GitHub")).not_to_be_focused()
    expect(guest.get_by_alt_text("The photo you sent")).to_be_visible()
    guest.evaluate(LISTENS_AT, [link.get_absolute_url(), 750])
    guest.get_by_role("textbox", name="Comment").fill("I never said “kafka”")
    expect(guest.get_by_label("At", exact=True)).to_have_value("12:30")
    guest.get_by_role("button", name="Send the comment").click()
    expect(guest.locator(".guest-comments")).to_contain_text("12:30")

    host.goto(f"{live_server.url}/admin/")
    host.get_by_role("link", name="Anna Nowak sent a photo").click()
    for name in ("What they do", "Pronunciation", "GitHub", "Photo"):
        host.get_by_role("button", name=f"Take over {name} of Anna Nowak").click()
        expect(host.get_by_text(f"“{name}” of Anna Nowak taken over.")).to_be_visible()
    anna = Guest.objects.get(name="Anna Nowak")
    assert (anna.github, anna.pronunciation) == ("annanowak", "AH-na NO-vak")
    assert (anna.avatar.width, anna.avatar.height) == (2000, 2000)
    host.get_by_role("link", name="on the checklist").click()
    expect(host.locator("#comments")).to_contain_text("12:30")
    host.get_by_role("button", name=re.compile("Done.*kafka")).click()
    expect(host.get_by_text("Comment done.")).to_be_visible()
    assert GuestComment.objects.get().done_at

    host.goto(tab)
    host.get_by_role("button", name=re.compile("End this link now")).click()
    expect(host.get_by_role("button", name="Make a link for Anna Nowak")).to_be_visible()
    guest.get_by_label("GitHub").fill("too-late")
    guest.get_by_role("button", name="Send", exact=True).click()
    expect(guest.get_by_role("alert")).to_contain_text("could not be sent: this page has ended")
    expect(guest.get_by_role("alert")).to_be_in_viewport()
    expect(guest.get_by_label("GitHub")).to_have_value("too-late")
    expect(guest.locator("main [data-told]")).to_have_count(0)
    guest.context.set_offline(True)
    guest.get_by_role("button", name="Send", exact=True).click()
    expect(guest.get_by_role("alert")).to_contain_text("try again when you are online")
    guest.context.set_offline(False)
    guest.reload()
    expect(guest.get_by_role("heading", level=1)).to_have_text("This preview has expired")
    guest.context.close()


def test_sending_waits_until_the_photo_is_smaller(
    browser_page: Page, live_server: LiveServer, draft: Episode, tmp_path: Path
) -> None:
    page, later = browser_page, timezone.now() + timedelta(days=1)
    anna = Guest.objects.get(name="Anna Nowak")
    link = PreviewLink.objects.create(episode=draft, guest=anna, expires_at=later)
    page.add_init_script("""
        const { toBlob } = HTMLCanvasElement.prototype
        HTMLCanvasElement.prototype.toBlob = function (...given) {
            setTimeout(() => toBlob.apply(this, given), 1500)
        }""")
    page.goto(f"{live_server.url}{link.get_absolute_url()}")
    Image.effect_noise((3000, 3000), 90).convert("RGB").save(tmp_path / "me.jpg", quality=95)
    page.get_by_label("Photo").set_input_files(tmp_path / "me.jpg")
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    with page.expect_request("**/send") as sent:
        page.get_by_role("button", name="Send", exact=True).click()
    size = int(sent.value.all_headers()["content-length"])
    assert size < (tmp_path / "me.jpg").stat().st_size / 1.5
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()


def test_without_javascript(
    live_server: LiveServer, draft: Episode, browser_page: Page, tmp_path: Path
) -> None:
    until = timezone.now() + timedelta(days=1)
    anna = Guest.objects.get(name="Anna Nowak")
    link = PreviewLink.objects.create(episode=draft, guest=anna, expires_at=until)
    context = browser_page.context.browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}{link.get_absolute_url()}")
    Image.new("RGB", (800, 800), "teal").save(tmp_path / "me.png")
    page.get_by_label("Photo").set_input_files(tmp_path / "me.png")
    page.get_by_label("LinkedIn").fill("https://x.com/anna")
    page.get_by_label("At", exact=True).fill("12:30")
    page.get_by_role("textbox", name="Comment").fill("Hello")
    page.get_by_role("button", name="Send the comment").click()
    expect(page.locator("main [data-told]")).to_contain_text("Not all of it was sent.")
    expect(page.get_by_text("This is an address at Twitter")).to_be_visible()
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()
    page.get_by_role("button", name=re.compile("Take back")).click()
    expect(page.locator(".guest-comments")).to_have_count(0)
    context.close()
