"""Stars put moments into My moments, on the device: notes, undo, export and import."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Locator, Page, expect

from episodes.models import Episode
from pages.tests.factories import full_episode
from show.models import Redirect
from tests.browser.axe import WIDTHS, violations
from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    expect_stopped_at,
    full_speed,
    position,
    press_play,
    status,
    with_audio,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RECAP = "0:20 Recap of AWS services"
MOVED = "/podcast/9-moved"


def star(within: Page | Locator, name: str = RECAP) -> Locator:
    return within.locator("main").get_by_role("button", name=f"Star {name}", exact=True)


def press(pressed: Locator, state: str = "true") -> None:
    """Press a star, and wait until it is stored."""
    pressed.click()
    expect(pressed).to_have_attribute("aria-pressed", state)


def rows(page: Page) -> Locator:
    return page.locator(".my-moments > .moment")


def stored(page: Page) -> list[dict[str, Any]]:
    return page.evaluate("JSON.parse(localStorage.getItem('moments'))?.value ?? []")


@pytest.fixture
def starred(site: str, page: Page) -> Page:
    """My moments, with two."""
    press(star(page, "0:05 Early days"))
    press(star(page))
    page.goto(site + "/moments")
    page.evaluate(WATCH)
    return page


def test_a_star_is_kept_on_the_device(page: Page) -> None:
    expect(star(page)).to_have_attribute("aria-pressed", "false")
    star(page).click()
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    expect(status(page)).to_have_text("Added to My moments")
    page.reload()
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    (kept,) = stored(page)
    assert (kept["page"], kept["at"], kept["words"]) == (PATH, 20, "Recap of AWS services")
    star(page).click()
    expect(star(page)).to_have_attribute("aria-pressed", "false")
    expect(status(page)).to_have_text("Removed from My moments")
    assert stored(page) == []


def test_a_moment_is_found_the_next_day_in_two_clicks_and_two(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site + PATH)
    press(star(page))  # one of two: a note would be the second
    page.close()
    page = context.new_page()
    page.goto(site)
    page.evaluate(WATCH)
    page.get_by_role("link", name="My moments").click()
    page.get_by_role("button", name=f"Play {RECAP}").click()
    expect_playing(page)
    assert 20 <= position(page) < 22
    context.close()


def test_search_results_and_passages_have_stars(site: str, page: Page) -> None:
    page.goto(site + "/search?q=recap")
    press(page.locator("main .results .moment", has_text="0:20").locator(".star"))
    page.goto(site + "/questions/best-tips")
    press(star(page, "0:40 Best tips? Ship early"))
    page.goto(site + "/moments")
    expect(rows(page).locator("a")).to_have_text(
        [re.compile("0:40 Best tips"), re.compile("0:20 Recap of AWS services$")]
    )


def test_the_player_stars_what_plays(site: str, page: Page) -> None:
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    button(page, "Star this moment").click()
    expect(status(page)).to_have_text("Added to My moments")
    expect(bar(page).get_by_role("textbox", name="Note")).to_be_in_viewport(ratio=1)
    bar(page).get_by_role("textbox", name="Note").fill("While it plays")
    page.keyboard.press("Enter")
    expect(button(page, "Star this moment")).to_be_focused()
    (kept,) = stored(page)
    assert 20 <= kept["at"] < 24
    assert (kept["words"], kept["note"]) == ("Recap of AWS services", "While it plays")
    assert page.evaluate("window.player.pauses") == 0


def test_a_clip_is_starred_with_its_end(site: str, page: Page) -> None:
    page.goto(f"{site}{PATH}?t=20,23")
    press(star(page, "0:20 to 0:23 Recap of AWS services"))
    page.goto(site + "/moments")
    page.evaluate(WATCH)
    expect(rows(page)).to_contain_text("to 0:23")
    expect(rows(page).locator("a")).to_have_attribute("href", f"{PATH}?t=20,23")
    press_play(page, re.compile("^Play 0:20–0:23"))
    full_speed(page)
    expect_stopped_at(page, 23)


def test_a_note_by_keyboard_alone(site: str, page: Page) -> None:
    star(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Note")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("Ask them “why”")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Note saved")
    expect(star(page)).to_be_focused()
    expect(page.get_by_role("textbox", name="Note")).to_have_count(0)
    page.goto(site + "/moments")
    note = page.get_by_role("textbox", name=f"Note on {RECAP}")
    expect(note).to_have_value("Ask them “why”")
    note.fill("Two\nlines")
    page.reload()
    expect(note).to_have_value("Two\nlines")


def test_a_star_pressed_by_mistake_has_its_note_again(page: Page) -> None:
    star(page).click()
    page.get_by_role("textbox", name="Note").fill("Mine")
    page.get_by_role("button", name="Save").click()
    press(star(page), "false")
    press(star(page))
    assert [each["note"] for each in stored(page)] == ["Mine"]


def test_removing_can_be_undone_by_keyboard(starred: Page) -> None:
    page = starred
    page.get_by_role("textbox", name=f"Note on {RECAP}").fill("Mine")
    page.get_by_role("button", name=f"Remove {RECAP}").press("Enter")
    expect(rows(page)).to_have_count(1)
    assert [each["at"] for each in stored(page)] == [5]
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Remove {RECAP}")).to_be_focused()
    assert [(each["at"], each["note"]) for each in stored(page)] == [(20, "Mine"), (5, "")]
    for name in (RECAP, "0:05 Early days"):
        page.get_by_role("button", name=f"Remove {name}").click()
    page.reload()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Save as Markdown")).to_be_hidden()


def test_what_was_exported_is_imported_elsewhere(
    site: str, starred: Page, browser: Browser, tmp_path: Path
) -> None:
    starred.get_by_role("textbox", name=f"Note on {RECAP}").fill("A *note*\n\n> [quoted](x)")
    with starred.expect_download() as download:
        starred.get_by_role("button", name="Save as Markdown").click()
    file = tmp_path / "my-moments.md"
    download.value.save_as(file)
    text = file.read_text()
    assert text.startswith(
        "# My moments on Running in Production\n\n- [0:20 Recap of AWS services]("
    )
    assert f"]({site}{PATH}?t=20), Episode 9, 20" in text
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + "/moments")
    page.get_by_text("Import moments").click()
    page.get_by_label("A file that was saved here").set_input_files(file)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="2 moments imported.")).to_be_visible()
    expect(page.get_by_role("button", name="Play all")).to_be_visible()  # the audio was found
    expect(rows(page).locator("textarea").first).to_have_value("A *note*\n\n> [quoted](x)")
    page.get_by_label("Or its text").fill(text + "- [Elsewhere](https://example.org/)\n")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("[data-imported]")).to_have_text(
        "0 moments imported. 2 were here already. 1 other link left out."
    )
    expect(rows(page)).to_have_count(2)
    page.evaluate(WATCH)
    press_play(page, f"Play {RECAP}")
    assert 20 <= position(page) < 22
    page.goto(site + PATH)
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    context.close()


LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=30)
ODD = st.one_of(
    LINES,
    st.sampled_from(
        ["]( [a](b)", "\\", "\\]", "> - # 1. *", "`<b>&amp;", "| ~~ |", "25:26 3 tips", "– 5",
         "2026-01-01", ", 2026-01-01", "a\u2028b", "🎧 שלום", "  - [x](/podcast/a?t=1)", "---"]
    ),
)  # fmt: skip
MOMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "page": st.from_regex(r"/podcast/[-A-Za-z0-9_]{1,20}", fullmatch=True),
            "at": st.integers(0, 604_800),
            "end": st.one_of(st.none(), st.integers(604_801, 700_000)),
            "words": ODD,
            "title": ODD,
            "note": st.lists(ODD, max_size=4).map("\n".join),
            "starred": st.dates().map(str),
        }
    ),
    max_size=4,
)
ROUND_TRIP = """async (moments) => {
  const stars = document.querySelector("script[src*='js/stars']").src;
  const { fromMarkdown, toMarkdown } = await import(stars.replace("stars", "moments_markdown"));
  const line = (text) => text.replace(/\\s+/g, " ").trim();
  const given = moments.map((each) => (
    { ...each, words: line(each.words), title: line(each.title), note: each.note.trim() }));
  const text = toMarkdown(given, "My moments on *this*", "https://show.example");
  const windows = text.replaceAll("\\n", "\\r\\n");
  return [given, fromMarkdown(text), fromMarkdown(windows)];
}"""


def test_any_moments_survive_the_round_trip(site: str, page: Page) -> None:
    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
    @given(MOMENTS)
    def survives(moments: list[dict[str, Any]]) -> None:
        exported, imported, from_windows = page.evaluate(ROUND_TRIP, moments)
        assert imported == {"moments": exported, "others": 0}
        assert from_windows == imported

    survives()


@pytest.mark.parametrize(
    "text",
    ["", "Nothing", "- [a](b", "- [a](https://[)", "- [5](https://x.example/podcast/a?t=%E0)",
     "- [5](https://x.example/admin/?t=5)", "> a note alone", "- [5](javascript:alert(1))"],
)  # fmt: skip
def test_what_is_no_export_imports_nothing(starred: Page, text: str) -> None:
    starred.get_by_text("Import moments").click()
    starred.get_by_label("Or its text").fill(text)
    starred.get_by_role("button", name="Import", exact=True).click()
    expect(starred.locator("[data-imported]")).to_have_text("There are no moments in it.")
    expect(rows(starred)).to_have_count(2)


def test_a_moved_episode_keeps_its_moments(site: str, starred: Page) -> None:
    page = starred
    Episode.objects.filter(number=9).update(slug="9-moved")
    Redirect.objects.move(PATH, MOVED)
    press_play(page, f"Play {RECAP}")
    rows(page).get_by_role("link").filter(has_text="Recap").click()
    expect(page).to_have_url(f"{site}{MOVED}?t=20")
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    page.goto(site + "/moments")  # now they know the new address
    expect(rows(page).filter(has_text="Recap").locator("a")).to_have_attribute(
        "href", f"{MOVED}?t=20"
    )


def test_all_play_in_turn_to_the_end_of_their_topics(starred: Page) -> None:
    page = starred
    with_audio(full_episode(10, topics=[(3, "Elsewhere"), (5, "Else")], seconds=60))
    page.get_by_text("Import moments").click()
    text = f"- [0:03 Elsewhere]({page.url.removesuffix('/moments')}/podcast/10-episode-10?t=3)"
    page.get_by_label("Or its text").fill(text)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Play 0:03 Elsewhere")).to_have_attribute(
        "data-until", "5"
    )
    expect(page.get_by_role("button", name=f"Play {RECAP}")).to_have_attribute("data-until", "40")
    press_play(page, "Play all")
    expect(bar(page)).to_contain_text("Moment 1 of 3")
    page.evaluate("window.player.audio.currentTime = 39.8")
    expect(bar(page)).to_contain_text("Moment 2 of 3")
    page.evaluate("window.player.audio.currentTime = 19.8")
    expect(bar(page)).to_contain_text("Moment 3 of 3")
    expect(bar(page).get_by_role("link", name="Episode 10")).to_be_visible()


def test_an_imported_moment_plays_though_its_audio_wasnt_found_at_once(
    site: str, page: Page
) -> None:
    page.goto(site + "/moments")
    page.evaluate(WATCH)
    page.route(f"**{PATH}", lambda route: route.abort())
    page.get_by_text("Import moments").click()
    page.get_by_label("Or its text").fill(f"- [Here]({site}{PATH}?t=20)")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Play all")).to_be_hidden()
    page.unroute(f"**{PATH}")
    press_play(page, "Play 0:20 Here")
    assert 20 <= position(page) < 22


def test_an_episode_that_is_gone_says_so(site: str, page: Page) -> None:
    page.goto(site + "/moments")
    page.get_by_text("Import moments").click()
    page.get_by_label("Or its text").fill(f"- [0:05 Gone]({site}/podcast/99-gone?t=5), 2026-01-02")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("button", name="Play 0:05 Gone").click()
    expect(rows(page)).to_contain_text("Its episode isn't on this site any more")


def test_blocked_storage_is_told(site: str, page: Page) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    page.reload()
    star(page).click()
    expect(page.get_by_text("This browser can't store it")).to_have_count(2)
    expect(star(page)).to_have_attribute("aria-pressed", "false")


def test_other_tabs_follow(site: str, page: Page) -> None:
    other = page.context.new_page()
    other.goto(site + "/moments")
    star(page).click()
    expect(rows(other)).to_have_count(1)
    other.get_by_role("button", name=f"Remove {RECAP}").click()
    expect(star(page)).to_have_attribute("aria-pressed", "false")
    other.close()


def test_stars_come_with_navigation_and_shift_nothing(site: str, page: Page) -> None:
    page.goto(site)
    page.evaluate("""() => {
      window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries()
        .filter((each) => !each.hadRecentInput).map(({ value }) => value)))
        .observe({ type: "layout-shift", buffered: true });
    }""")
    page.get_by_role("link", name="My moments").click()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    page.go_back()
    page.locator("main .card a", has_text="Episode 9").first.click()
    expect(star(page)).to_be_visible()
    assert page.evaluate("window.shifts") == []


def test_without_javascript_the_page_explains_itself(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/moments")
    expect(page.locator("noscript p")).to_contain_text("Stars need JavaScript")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_text("All of it stays on this device")).to_be_visible()
    expect(page.locator("[data-my-moments]")).to_be_hidden()
    page.goto(site + PATH)
    expect(page.locator("main .star")).to_have_count(0)
    context.close()


def test_nothing_is_sent(site: str, page: Page) -> None:
    requests: list[str] = []
    page.on("request", lambda each: requests.append(f"{each.method} {each.url}"))
    star(page).click()
    page.get_by_role("textbox", name="Note").fill("A secret")
    page.get_by_role("button", name="Save").click()
    page.goto(site + "/moments")
    expect(rows(page)).to_have_count(1)
    assert {each.split()[0] for each in requests} == {"GET"}
    assert not [each for each in requests if "secret" in each or "t=" in each]


SMALL = """() => [...document.querySelectorAll("button, textarea, summary, .my-moments a")]
  .filter((each) => each.checkVisibility() && each.getClientRects().length)
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24).map(([html]) => html)"""


def test_axe_finds_nothing(site: str, browser_page: Page) -> None:
    found: list[str] = []
    for state in states(browser_page, site):
        found += violations(browser_page, state)
        for width in WIDTHS:
            browser_page.set_viewport_size({"width": width, "height": 844})
            found += [f"{state} {width} is small: {each}" for each in browser_page.evaluate(SMALL)]
            if browser_page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{state} {width} is wide")
    assert found == []


def states(page: Page, site: str) -> Iterator[str]:
    page.goto(site + "/moments")
    yield "empty"
    page.goto(site + PATH)
    star(page).click()
    expect(page.get_by_role("textbox", name="Note")).to_be_visible()
    yield "note"
    page.evaluate(WATCH)
    press_play(page)
    button(page, "Star this moment").click()
    expect(bar(page).get_by_role("textbox", name="Note")).to_be_visible()
    yield "note in the player"
    page.goto(site + "/moments")
    page.get_by_text("Import moments").click()
    yield "list"
    page.get_by_role("button", name=f"Remove {RECAP}").click()
    yield "removed"
