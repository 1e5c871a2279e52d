"""Pages are swapped without a page load; what can't be swapped loads as usual."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import brotli  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from media.storages import without_comments
from pages.tests.factories import catalogue, odd_catalogue
from tests.browser.waiting import STANDS_STILL, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
FIRST_VIEW_BYTES = 30_000
HEADERS = 300  # bytes of each response, as Resource Timing counts them
ALLOWED_PAGE_BYTES = 60_000
Modifier = Literal["Alt", "Control", "Meta", "Shift"]


@pytest.fixture
def site(live_server: LiveServer) -> str:
    catalogue(4)
    return live_server.url


@pytest.fixture
def page(site: str, browser_page: Page) -> Iterator[Page]:
    """The home page with a mark that a page load loses."""
    console_messages: list[str] = []
    browser_page.on("console", lambda message: console_messages.append(message.text))
    browser_page.on("pageerror", lambda error: console_messages.append(str(error)))
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(site + "/")
    browser_page.evaluate("window.marked = true")
    yield browser_page
    assert [each for each in console_messages if "Failed to load resource" not in each] == []


def is_same_document(page: Page) -> bool:
    return page.evaluate("window.marked === true")


def click(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def add_link(page: Page, path: str, attributes: str = "") -> None:
    """A link named “Way”, as in the host's texts."""
    link = f'<p><a href="{path}" {attributes}>Way</a></p>'
    page.evaluate(
        "link => document.querySelector('main').insertAdjacentHTML('beforeend', link)", link
    )


def expect_heading(page: Page, text: str) -> None:
    expect(page.locator("main h1")).to_have_text(text)


def expect_focus(page: Page, selector: str) -> None:
    expect(page.locator(selector).first).to_be_focused()


def scrolled(page: Page) -> float:
    return page.evaluate("Math.round(scrollY)")


def metas(page: Page) -> list[str]:
    """The head, regardless of order and of what blocks rendering on the home page."""
    head = page.evaluate("[...document.head.children].map((each) => each.outerHTML)")
    return sorted(each.replace(' blocking="render"', "") for each in head)


def test_a_link_swaps_main_and_head(site: str, page: Page) -> None:
    click(page, "Guests")
    expect(page).to_have_url(site + "/guests/")
    expect_heading(page, "Guests")
    expect(page.locator(".site-header [aria-current]")).to_have_text("Guests")
    assert is_same_document(page)


@pytest.mark.parametrize("path", ["/podcast/2-episode-2", "/stack/django", "/search?q=recap"])
def test_the_head_is_that_of_the_new_page(site: str, page: Page, path: str) -> None:
    add_link(page, path)
    click(page, "Way")
    expect(page).to_have_url(site + path)
    assert is_same_document(page)
    swapped = metas(page)
    page.reload()
    assert swapped == metas(page)
    assert any("canonical" in element for element in swapped)


def test_by_keyboard(site: str, page: Page) -> None:
    page.get_by_role("link", name="Guests").first.focus()
    page.keyboard.press("Enter")
    expect_focus(page, "main h1")
    page.keyboard.press("Tab")
    # On from the heading, and no stop of its own is left behind.
    expect_focus(page, "main :is(a, summary, input)")
    expect(page.locator("main h1")).not_to_have_attribute("tabindex", "-1")


def test_a_swap_focuses_the_heading_and_scrolls_to_the_top(page: Page) -> None:
    page.locator("footer").scroll_into_view_if_needed()
    click(page, "Libraries")
    expect_heading(page, "Libraries")
    expect_focus(page, "main h1")
    assert scrolled(page) == 0
    # The focused heading is read out, so the title isn't.
    expect(page.locator("#status")).to_be_empty()


def test_back_and_forward_restore_scroll_and_focus(site: str, page: Page) -> None:
    card = page.locator("main a[href='/podcast/3-episode-3']").last
    card.scroll_into_view_if_needed()
    page.wait_for_function(STANDS_STILL)
    left_at = scrolled(page)
    assert left_at > 0
    card.click()
    expect_heading(page, "Episode 3")
    page.evaluate("scrollTo({ top: 250, behavior: 'instant' })")
    page.locator("main a[href='/stack/redis']").first.focus()
    page.wait_for_function(STANDS_STILL)
    reached = scrolled(page)
    page.go_back()
    expect(page).to_have_url(site + "/")
    expect(card).to_be_focused()
    expect(page.locator("#status")).to_have_text(page.title())
    assert scrolled(page) == left_at
    page.go_forward()
    expect_heading(page, "Episode 3")
    expect_focus(page, "main a[href='/stack/redis']")
    assert scrolled(page) == reached
    assert is_same_document(page)


def test_a_reload_keeps_the_place(page: Page) -> None:
    click(page, "Episodes")
    expect_heading(page, "Episodes")
    page.evaluate("scrollTo({ top: 100, behavior: 'instant' })")
    page.reload()
    page.wait_for_function("() => scrollY === 100")


def test_back_from_a_reloaded_page(site: str, page: Page) -> None:
    page.evaluate("scrollTo({ top: 300, behavior: 'instant' })")
    page.goto(site + "/admin/login/")
    page.go_back()
    expect(page).to_have_url(site + "/")
    page.wait_for_function("() => scrollY === 300")


def test_a_search_swaps(site: str, page: Page) -> None:
    page.locator("main input[name=q]").fill("recap & more")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site + "/search?q=recap+%26+more")
    expect(page.locator("main input[name=q]")).to_have_value("recap & more")
    assert is_same_document(page)


@pytest.mark.parametrize("attributes", ['target="_blank"', "download", "data-reload"])
def test_links_that_the_browser_handles(page: Page, attributes: str) -> None:
    add_link(page, "/guests/", attributes)
    page.evaluate(
        "document.addEventListener('click', (event) => {"
        "  window.taken = event.defaultPrevented; event.preventDefault() })"
    )
    click(page, "Way")
    assert page.evaluate("window.taken") is False


@pytest.mark.parametrize("modifier", ["Control", "Shift", "Alt", "Meta"])
def test_the_browser_handles_clicks_with_a_modifier(page: Page, modifier: Modifier) -> None:
    page.evaluate(
        "document.addEventListener('click', (event) => {"
        "  window.taken = event.defaultPrevented; event.preventDefault() })"
    )
    page.get_by_role("link", name="Guests").first.click(modifiers=[modifier])
    assert page.evaluate("window.taken") is False


def test_fragments_within_the_page_and_back(site: str, page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    click(page, "Support")  # the footer's /#support
    expect(page).to_have_url(site + "/#support")
    expect(page.locator("#support:target")).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_url(site + "/")
    assert [url for url in requested if "/static/" not in url] == []
    assert is_same_document(page)


def test_a_fragment_of_another_page(site: str, page: Page) -> None:
    click(page, "Guests")
    expect_heading(page, "Guests")
    click(page, "Support")
    expect(page).to_have_url(site + "/#support")
    expect(page.locator("#support")).to_be_in_viewport()
    expect_focus(page, "#support")
    expect(page.locator("#status")).to_have_text(page.title())
    assert is_same_document(page)


def test_times_play_in_a_page_that_was_swapped_in(site: str, page: Page) -> None:
    add_link(page, "/podcast/2-episode-2#25:26")
    click(page, "Way")
    expect(page.locator("#t-1526")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Play from 25:26")).to_be_visible()
    page.locator("a.time", has_text="33:20").click()
    expect(page).to_have_url(site + "/podcast/2-episode-2?t=2000")
    assert page.evaluate("document.querySelector('#player audio').currentTime") == 2000
    page.go_back()
    expect(page).to_have_url(site + "/")
    assert is_same_document(page)


@pytest.mark.parametrize(
    ("path", "reached"), [("/admin/", "/admin/login/?next=/admin/"), ("/health", "/health")]
)
def test_loaded_by_the_browser(site: str, page: Page, path: str, reached: str) -> None:
    """The desk isn't swapped; a JSON response is known only once it arrives."""
    add_link(page, path)
    click(page, "Way")
    expect(page).to_have_url(site + reached)
    assert not is_same_document(page)


def test_another_release_is_loaded_by_the_browser(site: str, page: Page) -> None:
    page.evaluate("document.querySelector('link[rel=stylesheet]').href += '?older'")
    click(page, "Guests")
    expect(page).to_have_url(site + "/guests/")
    expect_heading(page, "Guests")
    assert not is_same_document(page)


def test_a_failed_fetch_is_loaded_by_the_browser(site: str, page: Page) -> None:
    def refuse(route: Route) -> None:
        if route.request.resource_type == "fetch":
            route.abort()
        else:
            route.continue_()

    page.route("**/guests/", refuse)
    click(page, "Guests")
    expect(page).to_have_url(site + "/guests/")
    expect_heading(page, "Guests")
    assert not is_same_document(page)


def test_a_slow_answer_shows_progress(site: str, page: Page) -> None:
    held: list[Route] = []
    page.route("**/guests/", lambda route: held.append(route))
    expect(page.locator("#progress")).to_be_hidden()
    click(page, "Guests")
    expect(page.locator("#progress")).to_be_visible()
    wait_until(page, lambda: held)
    held[0].continue_()
    expect_heading(page, "Guests")
    expect(page.locator("#progress")).to_be_hidden()


def test_the_newest_visit_wins(site: str, page: Page) -> None:
    held: list[Route] = []
    page.route("**/guests/", lambda route: held.append(route))
    click(page, "Guests")
    expect(page.locator("#progress")).to_be_visible()
    wait_until(page, lambda: held)
    click(page, "Stack")
    expect(page).to_have_url(site + "/stack/")
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(page).to_have_url(site + "/stack/")
    assert is_same_document(page)
    page.go_back()
    expect(page).to_have_url(site + "/")


@pytest.mark.parametrize("path", ["/stack/djagno", "/nothing-here"])
def test_our_404_is_shown(site: str, page: Page, path: str) -> None:
    add_link(page, path)
    click(page, "Way")
    expect(page).to_have_url(site + path)
    expect_heading(page, "There is no page at this address")
    assert is_same_document(page)


def test_our_500_is_shown(site: str, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("pages.views.guests.render_page", broken)
    click(page, "Guests")
    expect_heading(page, "Something broke")
    expect(page).to_have_title(re.compile("Something broke"))
    assert is_same_document(page)


def test_a_redirects_end_is_the_address(site: str, page: Page) -> None:
    add_link(page, "/2/25:26")
    click(page, "Way")
    expect(page).to_have_url(site + "/podcast/2-episode-2?t=1526")
    expect_heading(page, "Episode 2")
    assert is_same_document(page)


def test_hovering_prefetches_and_a_click_fetches_nothing(site: str, page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    link = page.get_by_role("link", name="Guests").first
    with page.expect_response("**/guests/"):
        link.hover()
    link.click()
    expect_heading(page, "Guests")
    assert requested.count(site + "/guests/") == 1


@pytest.mark.parametrize(
    ("path", "way", "prepare"),
    [
        (
            "/guests/",
            "/guests/",
            "Object.defineProperty(navigator.connection, 'saveData', { value: true })",
        ),
        ("/podcast/feed.xml", "/podcast/feed.xml", ""),
        ("/admin/", "/admin/", ""),
        ("/#support", "/", ""),
    ],
    ids=["save-data", "feed", "desk", "own page"],
)
def test_not_prefetched(page: Page, path: str, way: str, prepare: str) -> None:
    add_link(page, path)
    page.evaluate(prepare or "null")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.get_by_role("link", name="Way", exact=True).hover()
    page.wait_for_timeout(200)
    assert [url for url in requested if url.endswith(way)] == []


def test_times_of_the_page_are_not_prefetched(site: str, page: Page) -> None:
    page.goto(site + "/podcast/2-episode-2")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.locator("a.time").first.hover()
    page.wait_for_timeout(200)
    assert [url for url in requested if "?t=" in url] == []


def test_without_javascript_all_works(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/")
    click(page, "Guests")
    expect(page).to_have_url(site + "/guests/")
    click(page, "Search")
    page.locator("main input[name=q]").fill("recap")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site + "/search?q=recap")
    expect(page.locator("#progress, #player")).to_have_count(2)
    expect(page.locator("#progress:visible, #player:visible")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/podcast/", "/podcast/2-episode-2?t=1526", "/questions/best-tips", "/stack/django",
     "/guests/ann-other", "/search?q=recap", "/moments", "/stack/mine"],
)  # fmt: skip
def test_a_first_view_loads_little_javascript(site: str, browser: Browser, path: str) -> None:
    """Compressed, with headers. The rest is loaded when it is used."""
    context = browser.new_context()
    page = context.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(site + path)
    page.wait_for_load_state("networkidle")
    context.close()
    names = [url.rpartition("/")[2] for url in loaded if url.endswith(".js")]
    assert len(names) == len(set(names)) > 5
    served = [without_comments((SCRIPTS / name).read_bytes()) for name in names]
    sizes = [HEADERS + len(gzip.compress(each)) for each in served]
    assert sum(sizes) <= FIRST_VIEW_BYTES
    assert "player_bar.js" not in names


def test_a_long_episode_is_light(client: Client) -> None:
    """With all its resources but images and audio, compressed."""
    catalogue(3)
    row = odd_catalogue()["thirty"]
    page = client.get(row.get_absolute_url()).content
    names = set(re.findall(rb'(?:href|src)="/static/((?:css|js)/[^"]+)"', page))
    files = {SCRIPTS.parent / name.decode() for name in names} | set(SCRIPTS.glob("*.js"))
    assert len(files) > len(names) > 1
    served = [page, *(without_comments(file.read_bytes()) for file in files)]
    sizes = [len(brotli.compress(each)) for each in served]
    assert sum(sizes) <= ALLOWED_PAGE_BYTES


def test_every_page_has_the_same_modules() -> None:
    """A page with other modules would cause a page load, and end playback.

    The desk isn't gone to from here, and the player for others' pages opens in a tab of its own.
    """
    templates = Path(settings.BASE_DIR) / "templates"
    naming = [each for each in templates.rglob("*.html") if "static 'js/" in each.read_text()]
    public = [each for each in naming if not each.is_relative_to(templates / "admin")]
    assert sorted(public) == [templates / "base.html", templates / "pages" / "embed.html"]
