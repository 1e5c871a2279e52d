"""Every kind of page and state at six widths in both schemes: nothing leaves the viewport.

`SCREENSHOTS=1 ./run test tests/browser/test_screenshots.py` saves the screenshots in
tests/screenshots/; otherwise none are made.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, ConsoleMessage, Page, Route
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode, odd_catalogue, sponsored
from search.models import SynonymGroup
from show.models import Redirect, Show

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FOLDER = Path(__file__).parent.parent / "screenshots"
IS_SAVING = bool(os.environ.get("SCREENSHOTS"))
WIDTHS = (320, 390, 640, 768, 1280, 1600)  # 640 is 1280 at 200 %
Medium = Literal["", "open", "print", "forced"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATHS = {
    "home": "/",
    "episodes": "/podcast/",
    "episodes-filtered": "/podcast/?stack=django&stack=redis",
    "episodes-none": "/podcast/?stack=django&not=django",
    "episode": "/podcast/1-episode-1",
    "episode-moment": "/podcast/1-episode-1?t=25:26",
    "episode-sponsored": "/podcast/2-episode-2",
    "interviews": "/interviews/",
    "interview": "/interviews/1-interview-1",
    "stack": "/stack/",
    "mine": "/stack/mine",
    "mine-found": "/stack/mine?stack=django&stack=redis",
    "technology": "/stack/django",
    "technology-once": "/stack/ansible",
    "libraries": "/libraries/",
    "library": "/libraries/celery",
    "guests": "/guests/",
    "guest": "/guests/ann-other",
    "questions": "/questions/",
    "question": "/questions/best-tips",
    "search": "/search?q=recap",
    "search-direct": "/search?q=django",
    "search-number": "/search?q=37",
    "search-corrected": "/search?q=recpa",
    "search-dropped": "/search?q=recap+django+gleam",
    "search-chips": "/search?q=stack:django+-phoenix+%22aws+services%22",
    "search-unknown": "/search?q=stack:gleam+recap",
    "search-text": "/search?q=phoenix",
    "search-said-so": "/search?q=outage",
    "search-none": "/search?q=gleam",
    "search-empty": "/search",
    "follow": "/follow",
    "page": "/thanks",
    "follow-technology": "/follow?feed=/stack/django/feed.xml",
    "not-found": "/stack/djagno",
    "gone": "/old",
}
EMPTY = {"home": "/", "episodes": "/podcast/", "stack": "/stack/", "guests": "/guests/"}

# Visible elements that reach beyond the viewport and that no ancestor scrolls or clips.
OUTSIDE = """() => {
  const inside = (each) => each.closest(".skip, .scroll, [role=status], pre, title, datalist");
  return [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && !inside(each) && (box.left < -1 || box.right > innerWidth + 1);
  }).map((each) => `${each.tagName.toLowerCase()}.${each.getAttribute("class") ?? ""}`);
}"""


OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true })"


def look_at(browser: Browser, site: str, paths: dict[str, str], medium: Medium = "") -> list[str]:
    """Errors of these pages at each width in each scheme; saves screenshots if asked."""
    wrong: list[str] = []
    context = browser.new_context(forced_colors="active" if medium == "forced" else None)
    page = context.new_page()
    if medium == "print":
        page.emulate_media(media="print")
    page.route("**/maintenance", send_maintenance)

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            wrong.append(f"{page.url}: {message.text}")

    page.on("console", complain)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    for name, path in paths.items():
        response = page.goto(site + path)
        if not response or (response.status == 500) != (name == "broken"):
            wrong.append(f"{path} answers {response and response.status}")
        page.evaluate(OPEN if medium == "open" else "null")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            outside = page.evaluate(OUTSIDE)
            if outside or page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{path} at {width} px: {outside}")
            if IS_SAVING:
                save(page, f"{name}-{medium}" if medium else name, width)
    context.close()
    return wrong


def send_maintenance(route: Route) -> None:
    """Like a server that has only this file."""
    route.fulfill(body=render_to_string("maintenance.html"), content_type="text/html")


def save(page: Page, name: str, width: int) -> None:
    """The full page, up to a height that people look at."""
    height = min(3000, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": height})
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png")


def test_every_page(live_server: LiveServer, browser: Browser) -> None:
    sponsored(catalogue(3)[1])
    # A second year, for the charts that compare years.
    full_episode(73, published_at=datetime(2019, 6, 1, tzinfo=UTC))
    topics = [(60, "Ansible makes the servers"), (120, "When it all went down")]
    full_episode(74, topics=topics, technologies=["Ansible"])
    SynonymGroup.objects.create(words="outage, went down")
    Redirect.objects.create(old_path="/old")
    assert look_at(browser, live_server.url, PATHS | {"maintenance": "/maintenance"}) == []


MEDIA: tuple[Medium, ...] = ("open", "print", "forced")


@pytest.mark.parametrize("medium", MEDIA)
def test_other_media(live_server: LiveServer, browser: Browser, medium: Medium) -> None:
    """With all details open, in print, in forced colours."""
    catalogue(3)
    full_episode(73, published_at=datetime(2019, 6, 1, tzinfo=UTC))
    names = ["home", "episodes-filtered", "episode-moment", "stack", "mine-found", "technology"]
    paths = {name: PATHS[name] for name in [*names, "guests", "guest", "interview", "follow"]}
    assert look_at(browser, live_server.url, paths, medium) == []


def test_print_has_the_tables_of_charts(live_server: LiveServer, browser_page: Page) -> None:
    catalogue(3)
    full_episode(73, published_at=datetime(2019, 6, 1, tzinfo=UTC))
    browser_page.goto(live_server.url + "/stack/")
    tables = browser_page.locator(".chart table")
    assert [each.is_visible() for each in tables.all()] == [False, False]
    browser_page.emulate_media(media="print")
    assert [each.bounding_box() is not None for each in tables.all()] == [True, True]
    assert not browser_page.locator("summary, form, nav").first.is_visible()


def test_something_broke(
    live_server: LiveServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("pages.views.guests.render_page", broken)
    assert look_at(browser, live_server.url, {"broken": "/guests/"}) == []


FOLDS = {
    "/": ".newest .listen",
    "/podcast/1-a-real": "#stack",
    "/stack/django": ".moment >> nth=1",
    "/guests/ann-other": ".card",
    "/search?q=recap": ".topics > :first-child",
}


def test_folds(live_server: LiveServer, browser: Browser) -> None:
    """What a phone shows before scrolling."""
    catalogue(3)
    words = {"summary": "Ann Other goes over building a platform on several cloud providers. " * 2}
    full_episode(4, slug="1-a-real", **words)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    below = []
    for path, last in FOLDS.items():
        page.goto(live_server.url + path)
        box = page.locator(last).first.bounding_box()
        if box is None or box["y"] + box["height"] > 844:
            below.append((path, box))
    context.close()
    assert below == []


def test_odd_content(live_server: LiveServer, browser: Browser) -> None:
    catalogue(1)
    odd = {name: row.get_absolute_url() for name, row in odd_catalogue().items()}
    lists = {f"odd-{name}": PATHS[name] for name in ("home", "episodes", "stack", "guests")}
    people = {"odd-guest": "/guests/donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunt"}
    assert look_at(browser, live_server.url, odd | lists | people) == []


def test_a_catalogue_without_anything(live_server: LiveServer, browser: Browser) -> None:
    assert not Show.objects.exists()
    empty = {f"empty-{name}": path for name, path in EMPTY.items()}
    assert look_at(browser, live_server.url, empty) == []
