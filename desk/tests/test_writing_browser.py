"""Notes written as text in a real browser, under the real Content-Security-Policy."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from desk.tests.outage import break_off_saves, spare
from desk.tests.test_writing import NOTES
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from pages.tests.factories import catalogue
from stack.models import Technology
from tests.browser import axe
from tests.browser.test_moments import SILENT_FRAME

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BROKEN = NOTES.replace("25:26", "1:19-27").replace("psql", "postgress\n- Gleam")
SECONDS = 60


@pytest.fixture
def desk(signed_in: Page) -> Page:
    """The desk of a show with two technologies."""
    factories.show()
    factories.technology("Django")
    factories.technology("PostgreSQL", slug="postgres")
    return signed_in


def address(live_server, episode: Episode) -> str:
    return f"{live_server.url}/admin/episodes/episode/{episode.pk}/text"


def selected(page: Page) -> str:
    return page.evaluate(
        "(box => box.value.slice(box.selectionStart, box.selectionEnd))"
        "(document.getElementById('text'))"
    )


def cut_off(desk: Page) -> None:
    """The server is out of reach of this page, also while it is left: what it sends then passes
    Playwright's routes by."""
    desk.evaluate("() => { window.fetch = async () => { throw new TypeError('no network') } }")


def finished(**fields) -> Episode:
    episode = factories.episode(**fields)
    finish_edit(episode, None, "desk")
    return episode


def test_notes_are_analysed_and_repaired_while_typing(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/paste")
    desk.locator("#text").fill(BROKEN)
    expect(desk.locator("#saved")).to_contain_text("Saved. 2 errors")
    expect(desk).to_have_url(re.compile(r"/admin/episodes/episode/\d+/text$"))
    expect(desk.locator("#panel")).to_contain_text("Phil Gyford, maker of it new")
    assert Episode.objects.get().draft_text == BROKEN

    desk.get_by_role("link", name="line 10").click()
    assert selected(desk) == "- 1:19-27 -- Best tips?"
    desk.get_by_role("button", name=re.compile("Write.*1:19:27")).click()
    desk.get_by_role("button", name=re.compile("Write.*PostgreSQL")).click()
    expect(desk.locator("#text")).to_have_value(re.compile("- 1:19:27 -- Best tips\\?"))
    expect(desk.locator(".problems li")).to_have_count(1)
    desk.get_by_label("A new technology: create it").check()
    expect(desk.locator(".problems li")).to_have_count(0)
    expect(desk.get_by_label("A new technology: create it")).to_be_focused()

    desk.get_by_role("button", name="Create the draft").click()
    expect(desk).to_have_url(re.compile("/audio$"))
    names = Episode.objects.get().uses.values_list("technology__name", flat=True)
    assert list(names) == ["Django", "PostgreSQL", "Gleam"]


def test_a_reload_sends_nothing_again(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/")
    desk.get_by_role("textbox", name=re.compile("notes", re.IGNORECASE)).fill(BROKEN)
    desk.get_by_role("button", name="Check the notes").click()
    expect(desk).to_have_url(re.compile(r"/admin/episodes/episode/\d+/text$"))
    desk.locator("#text").fill(BROKEN.replace("postgress", "PostgreSQL"))
    expect(desk.locator("#saved")).to_contain_text("Saved.")
    desk.reload()
    expect(desk.locator("#text")).to_have_value(re.compile("- PostgreSQL"))
    assert Episode.objects.count() == 1


def test_the_last_words_are_applied(desk: Page, live_server):
    """Even if the button is pressed before they are saved."""
    desk.goto(live_server.url + "/admin/paste")
    desk.locator("#text").fill(NOTES.replace("- psql\n", ""))
    expect(desk.locator("#saved")).to_contain_text("Saved.")
    desk.locator("#text").press("Control+Home")
    desk.keyboard.type("# The newest title\n")
    desk.get_by_role("button", name="Create the draft").click()
    expect(desk).to_have_url(re.compile("/audio$"))
    assert Episode.objects.get().title == "The newest title"


def test_repairs_can_be_undone(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/paste")
    desk.locator("#text").fill(BROKEN)
    desk.get_by_role("button", name=re.compile("Write.*PostgreSQL")).click()
    expect(desk.locator("#text")).to_have_value(re.compile("- PostgreSQL"))
    desk.locator("#text").press("Control+z")
    expect(desk.locator("#text")).to_have_value(BROKEN)


def test_the_browser_saves_what_the_server_could_not(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation")])
    url = address(live_server, episode)
    desk.goto(url)
    cut_off(desk)
    desk.locator("#text").fill("# Typed on a train")
    expect(desk.locator("#saved")).to_contain_text("The text is saved in this browser")
    desk.goto("about:blank")
    desk.goto(url)
    desk.get_by_role("button", name="Restore what you typed at").click()
    expect(desk.locator("#text")).to_have_value("# Typed on a train")
    expect(desk.locator("#saved")).to_contain_text("Saved.")
    assert Episode.objects.get().draft_text == "# Typed on a train"
    desk.goto(url)
    expect(desk.locator("#unsaved")).to_be_hidden()


def test_a_restored_text_does_not_undo_a_later_edit(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation"), (90, "Best tips?")])
    url = address(live_server, episode)
    desk.goto(url)
    cut_off(desk)
    box = desk.locator("#text")
    box.fill(box.input_value().replace("Best tips?", "Tips"))
    expect(desk.locator("#saved")).to_contain_text("The text is saved in this browser")
    desk.goto("about:blank")
    episode.topics.filter(seconds=40).update(text="Their reasons")
    finish_edit(episode, None, "desk")

    desk.goto(url)
    desk.get_by_role("button", name="Restore what you typed at").click()
    expect(desk.locator("#panel .conflict ins")).to_have_text("Their reasons")
    assert Episode.objects.get().draft_text == ""
    desk.get_by_role("button", name="Keep my text").click()
    expect(desk.locator("#panel .conflict")).to_have_count(0)
    assert "Motivation" in Episode.objects.get().draft_text


def test_a_database_outage_while_typing(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation")])
    desk.goto(address(live_server, episode))
    break_off_saves(table="episodes_episode")
    desk.locator("#text").fill("# Typed meanwhile")
    expect(desk.locator("#saved")).to_contain_text("(503). The text is saved in this browser.")
    spare()
    assert Episode.objects.get().draft_text == ""
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.locator("#saved")).to_contain_text("Saved.")
    assert Episode.objects.get().draft_text == "# Typed meanwhile"


def test_a_conflict_stops_autosaving(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation")])
    desk.goto(address(live_server, episode))
    Episode.objects.filter(pk=episode.pk).update(draft_text="# Theirs")
    desk.locator("#text").fill("# Mine")
    expect(desk.locator("#panel .conflict")).to_be_visible()
    desk.locator("#text").press("Control+End")
    desk.keyboard.type(", and more")
    expect(desk.locator("#saved")).to_contain_text("Not saved on the server until you choose")
    assert Episode.objects.get().draft_text == "# Theirs"
    desk.get_by_role("button", name="Keep my text").click()
    expect(desk.locator("#panel .conflict")).to_have_count(0)
    assert Episode.objects.get().draft_text == "# Mine, and more"


def test_a_conflict_can_take_both(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation"), (90, "Best tips?")])
    desk.goto(address(live_server, episode))
    episode.topics.filter(seconds=40).update(text="Their reasons")
    finish_edit(Episode.objects.get(), None, "desk")
    box = desk.locator("#text")
    box.fill(box.input_value().replace("Best tips?", "Tips"))
    desk.get_by_role("button", name="Take both").click()
    expect(desk.get_by_role("heading", name="The text has both now")).to_be_visible()
    expect(box).to_have_value(re.compile("Their reasons.*Tips", re.DOTALL))
    desk.wait_for_function("() => !JSON.stringify(localStorage).includes('desk-unsaved')")
    expect(desk.locator("#unsaved")).to_be_hidden()
    desk.get_by_role("button", name="Apply").click()
    expect(desk.get_by_text("The text was applied to")).to_be_visible()
    assert [topic.text for topic in episode.topics.all()] == ["Their reasons", "Tips"]


def test_times_are_set_while_listening(desk: Page, live_server, monkeypatch):
    # Django's live server hands out media itself, without ranges; ours can seek.
    handler = "django.test.testcases._MediaFilesHandler._should_handle"
    monkeypatch.setattr(handler, lambda *_: False)
    topics = [(0, f"Topic {number}") for number in range(90)]
    episode = factories.episode(topics=topics, seconds=SECONDS, status="draft", published_at=None)
    episode.enclosure.file.save("1.mp3", ContentFile(SILENT_FRAME * 2300))
    finish_edit(episode, None, "desk")
    desk.goto(address(live_server, episode))
    for width in (390, 1280):
        desk.set_viewport_size({"width": width, "height": 844})
        assert violations(desk) == []
    desk.locator("#topic-lines li", has_text=re.compile(r"Topic 70$")).click()
    assert selected(desk) == "- 0:00 -- Topic 70"
    audio = "document.querySelector('#timestamps audio')"
    desk.evaluate(
        f"new Promise(known => {{ const audio = {audio}; audio.onloadedmetadata = known;"
        "audio.preload = 'auto'; audio.load() }).then(() => null)"
    )
    desk.evaluate(f"{audio}.currentTime = 41.7")
    desk.keyboard.press("s")
    expect(desk.locator("#text")).to_have_value(re.compile("- 0:41 -- Topic 70\n"))
    desk.keyboard.press(".")
    desk.keyboard.press(".")
    desk.keyboard.press(",")
    expect(desk.locator("#text")).to_have_value(re.compile("- 0:42 -- Topic 70\n"))
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowDown")
    desk.get_by_role("button", name="Set the time").click()
    expect(desk.locator("#text")).to_have_value(re.compile("- 0:46 -- Topic 71\n"))
    expect(desk.locator("[aria-selected=true]")).to_contain_text("Topic 71")
    expect(desk.locator("[aria-selected=true]")).to_be_in_viewport()
    expect(desk.locator("#panel .changes")).to_contain_text("moved to 0:46")
    desk.locator("#topic-lines [aria-selected=true]").press(" ")
    desk.evaluate(
        f"new Promise(later => {{ const audio = {audio};"
        "audio.ontimeupdate = () => { if (audio.currentTime > 47) later(null) } })"
    )
    desk.keyboard.press(" ")
    assert desk.evaluate(f"{audio}.paused")


def test_topics_without_times_get_them_while_listening(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation")])
    desk.goto(address(live_server, episode))
    desk.locator("#text").fill("# T\n\n## Topics Include\n\n- Motivation\n- Best tips?\n")
    expect(desk.locator("#topic-lines li")).to_have_count(2)
    desk.locator("#topic-lines li", has_text="Best tips?").click()
    desk.keyboard.press("s")
    expect(desk.locator("#text")).to_have_value(re.compile("- Motivation\n- 0:00 – Best tips?"))


def test_a_pencil_leads_to_the_line(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation"), (1526, "Recap of AWS services")])
    desk.goto(live_server.url + episode.get_absolute_url())
    desk.get_by_role("link", name="Edit the topic at 25:26").click()
    expect(desk.locator("#text")).to_be_focused()
    assert selected(desk) == "- 25:26 -- Recap of AWS services"


def test_a_moments_pencil_stands_behind_its_words(desk: Page, live_server):
    catalogue(1)
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.goto(live_server.url)
    moment = desk.locator(".moment", has=desk.locator(".pencil")).first
    words, pencil = (
        moment.locator("a").first.bounding_box(),
        moment.locator(".pencil").bounding_box(),
    )
    assert words and pencil
    assert words["y"] <= pencil["y"] + 2 <= words["y"] + words["height"]
    assert pencil["x"] >= words["x"] + words["width"]


def test_visitors_have_no_pencils(browser_page: Page, live_server):
    factories.show()
    episode = factories.episode(topics=[(40, "Motivation")])
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(live_server.url + episode.get_absolute_url(), wait_until="networkidle")
    expect(browser_page.locator(".pencil")).to_have_count(0)
    assert any("js/on_demand" in url for url in asked)
    assert not any("js/pencils" in url for url in asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_accessible(desk: Page, live_server, width: int, scheme):
    episode = finished(topics=[(40, "Motivation")])
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(live_server.url + "/admin/paste")
    assert violations(desk) == []
    desk.locator("#text").fill(BROKEN)
    expect(desk.locator("#saved")).to_contain_text("Saved.")
    assert violations(desk) == []
    desk.goto(address(live_server, episode))
    desk.locator("#text").fill("# Another title\n\nWith words.\n")
    expect(desk.locator("#panel .changes")).to_contain_text("Another title")
    assert violations(desk) == []


def violations(page: Page) -> list[str]:
    found = axe.run(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


def test_by_keyboard_alone(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/paste")
    expect(desk.locator("#text")).to_be_focused()
    desk.keyboard.insert_text(BROKEN.replace("1:19-27", "25:26"))
    expect(desk.locator("#saved")).to_contain_text("2 errors")
    button = desk.get_by_role("button", name=re.compile("Write.*PostgreSQL"))
    for _ in range(12):
        desk.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    desk.keyboard.press("Enter")
    expect(desk.locator("#saved")).to_contain_text("1 error ")
    desk.get_by_label("A new technology: create it").press("Space")
    expect(desk.locator("#saved")).to_contain_text("No errors")
    desk.get_by_role("button", name="Create the draft").press("Enter")
    expect(desk).to_have_url(re.compile("/audio$"))
    assert Technology.objects.named("Gleam")
