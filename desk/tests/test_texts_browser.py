"""Texts to send out in a real browser: copying, choosing a moment, writing a template."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from desk.models import TextTemplate
from desk.tests.test_transcript_browser import violations
from desk.texts.shipped import SHIPPED
from episodes.models import Episode
from episodes.tests import factories
from media.tests.recordings import mp3
from notes.apply import finish_edit
from search.models import Question

__all__ = ["violations"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOPICS = [
    (1, "Welcome to the show"),
    (2, "Best tips? Keep your tests easy"),
    (3, "A third one of all"),
]
READ = """async (type) => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType(type)).text();
}"""


@pytest.fixture
def episode(settings) -> Episode:
    settings.SITE_URL = "https://show.example"
    factories.show()
    factories.guest("Phil Gyford", mastodon="https://mastodon.social/@phil")
    Question.objects.create(title="Best tips", slug="best-tips", query='"best tips"')
    row = factories.episode(
        "Ships & diaries", 9, slug="9-ships", topics=TOPICS, guests=["Phil Gyford", "Ann Other"],
        technologies=["Django"], summary="How it runs.", seconds=9,
    )  # fmt: skip
    finish_edit(row, None, "desk")
    return row


def texts(live_server, episode: Episode) -> str:
    return f"{live_server.url}/admin/episodes/episode/{episode.pk}/texts"


def section(page: Page, name: str):
    return page.get_by_role("region", name=name, exact=True)


def copied(page: Page, type_: str = "text/plain") -> str:
    found: str = page.evaluate(READ, type_)
    return found


@pytest.fixture
def desk(signed_in: Page, live_server) -> Page:
    allowed = ["clipboard-read", "clipboard-write"]
    signed_in.context.grant_permissions(allowed, origin=live_server.url)
    return signed_in


def test_from_the_start_page_two_clicks_copy_a_post(desk: Page, live_server, episode: Episode):
    desk.goto(f"{live_server.url}/admin/")
    desk.get_by_role("link", name="Texts to send out for 9: Ships & diaries").click()
    section(desk, "Mastodon").get_by_role("button", name="Copy Mastodon").click()
    expect(section(desk, "Mastodon").get_by_text("Copied.")).to_be_visible()
    text = copied(desk)
    assert "New on Running in Production: Ships & diaries\n" in text
    assert "With @phil@mastodon.social and Ann Other.\n" in text
    assert "At 0:02: Best tips? Keep your tests easy\n" in text
    assert "/podcast/9-ships?t=2\n" in text


def test_a_newsletter_is_copied_with_its_formats(desk: Page, live_server, episode: Episode):
    desk.goto(texts(live_server, episode))
    letter = section(desk, "Newsletter")
    letter.get_by_role("button", name="Copy formatted").click()
    expect(letter.get_by_text("Copied with its formats.")).to_be_visible()
    html = copied(desk, "text/html")
    assert '<p style="margin:0 0 16px">' in html
    assert '<img src="https://show.example/cards/' in html
    assert "Best tips? Keep your tests easy</a>" in html
    assert "/podcast/9-ships?t=2" in html
    assert "0:02 Best tips? Keep your tests easy: http" in copied(desk)
    letter.get_by_text("HTML source").click()
    letter.get_by_role("button", name="Copy the HTML").click()
    expect(letter.get_by_text("Copied.", exact=True)).to_be_visible()
    assert copied(desk).startswith('<div lang="en" style="max-width:600px')


def test_another_moment_is_quoted(desk: Page, live_server, episode: Episode):
    desk.goto(texts(live_server, episode))
    expect(desk.get_by_text("Proposed because it answers “Best tips”.")).to_be_visible()
    desk.get_by_label("Another moment:").select_option("0:03 A third one of all")
    desk.get_by_role("button", name="Quote this").click()
    expect(desk.get_by_text("You chose it.")).to_be_visible()
    expect(section(desk, "X").get_by_role("textbox")).to_have_value(
        "Ships & diaries\nhttps://show.example/podcast/9-ships\n\n"
        "With Phil Gyford and Ann Other.\n\n"
        "At 0:03: A third one of all\nhttps://show.example/podcast/9-ships?t=3"
    )


def test_publishing_leads_to_the_texts(desk: Page, live_server, episode: Episode):
    Episode.objects.update(status="draft", published_at=None, first_published_at=None)
    episode.enclosure.file.save("9.mp3", ContentFile(mp3(9)))
    desk.goto(f"{live_server.url}/admin/episodes/episode/{episode.pk}/checklist")
    desk.get_by_role("button", name="Publish now").click()
    expect(desk.get_by_role("heading", name="Texts to send out")).to_be_visible()
    section(desk, "Bluesky").get_by_role("button", name="Copy Bluesky").click()
    expect(section(desk, "Bluesky").get_by_text("Copied.")).to_be_visible()
    assert "https://show.example/podcast/9-ships" in copied(desk)


def form(live_server, key: str) -> str:
    row = TextTemplate.objects.get(shipped=key)
    return f"{live_server.url}/admin/desk/texttemplate/{row.pk}/change/"


def test_a_template_is_previewed_while_it_is_written(desk: Page, live_server, episode: Episode):
    desk.goto(form(live_server, "x"))
    shown = desk.locator("#template-preview")
    expect(shown).to_contain_text("With Phil Gyford and Ann Other.")
    box = desk.get_by_label("Text:")
    box.fill("Hear {titel}")
    expect(shown).to_contain_text("Did you mean {title}?")
    box.fill("Hear ")
    desk.get_by_role("button", name="{handle}").click()
    expect(box).to_have_value("Hear {handle}")
    expect(box).to_be_focused()
    expect(shown).to_contain_text("Hear Phil Gyford and Ann Other")
    desk.get_by_label("Sent to:").select_option("Mastodon")
    expect(shown).to_contain_text("Hear @phil@mastodon.social and Ann Other")
    expect(shown).to_contain_text("24 of 500 characters")
    desk.get_by_role("button", name="Restore the original text").click()
    expect(box).to_have_value(SHIPPED["x"].text.replace("\r\n", "\n"))
    expect(shown).to_contain_text("At 0:02: Best tips?")
    box.press("Control+z")
    expect(box).to_have_value("Hear {handle}")
    assert TextTemplate.objects.get(shipped="x").text == SHIPPED["x"].text
    desk.get_by_role("button", name="Save").first.click()
    assert TextTemplate.objects.get(shipped="x").text == "Hear {handle}"


def test_a_new_text_begins_with_the_networks_own(desk: Page, live_server, episode: Episode):
    desk.goto(f"{live_server.url}/admin/desk/texttemplate/add/")
    desk.get_by_label("Name:").fill("Again")
    desk.get_by_label("Sent to:").select_option("Bluesky")
    desk.get_by_role("button", name="Begin with our text").click()
    expect(desk.get_by_label("Text:")).to_have_value(SHIPPED["bluesky"].text)
    expect(desk.get_by_text("It isn’t saved yet.")).to_be_visible()
    expect(desk.locator("#template-preview")).to_contain_text("At 0:02: Best tips?")
    desk.get_by_role("button", name="Save").first.click()
    expect(desk.get_by_text("Again")).to_have_count(2)  # the message and the list
    assert TextTemplate.objects.get(name="Again").outlet == "bluesky"


def test_the_previewed_episode_is_nothing_to_save(desk: Page, live_server, episode: Episode):
    factories.episode("Another", 8, slug="8-another", published_at=timezone.now())
    desk.goto(form(live_server, "chat"))
    desk.get_by_label("Episode:").select_option("9: Ships & diaries")
    expect(desk.locator("#template-preview")).to_contain_text("Ships & diaries:")
    desk.reload()  # nothing asks whether to leave, and nothing is offered
    expect(desk.get_by_text("Restore what you typed")).to_be_hidden()


def test_the_preview_says_that_the_session_ended(desk: Page, live_server, episode: Episode):
    desk.goto(form(live_server, "x"))
    desk.context.clear_cookies(name="sessionid")
    desk.get_by_label("Text:").fill("Hear {title}")
    expect(desk.get_by_text("The preview is out of date: you are signed out.")).to_be_visible()
    expect(desk.get_by_label("Text:")).to_have_value("Hear {title}")


@pytest.mark.slow
def test_axe_finds_nothing(browser: Browser, live_server, host: Client, episode: Episode):
    context = browser.new_context()
    value = host.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    desk = context.new_page()
    TextTemplate.objects.create(name="Long", text="{url}\n\n" + "w " * 300, outlet="x", position=9)
    TextTemplate.objects.create(name="Longer", text="w " * 300, outlet="x", position=10)
    desk.goto(texts(live_server, episode))
    desk.get_by_text("HTML source").click()
    assert violations(desk, "texts") == []
    desk.goto(form(live_server, "newsletter"))
    desk.get_by_label("Text:").fill("{titel} {picture} {topics}")
    expect(desk.get_by_text("Did you mean {title}?")).to_be_visible()
    assert violations(desk, "form") == []
    desk.goto(f"{live_server.url}/admin/desk/texttemplate/")
    assert violations(desk, "list") == []
    context.close()
