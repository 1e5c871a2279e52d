"""HTML by the Nu validator: pages as they are sent, and as they are while something plays."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import Page

from pages.tests.factories import full_episode, odd_catalogue, transcript
from search.models import Question
from tests.browser.test_accessibility import PATHS, PLAIN
from tests.clients.conftest import store_audio
from tests.clients.programs import ask, npm_module, program
from tests.production import ROOT

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]

EPISODE = "/podcast/9-episode-9"
MORE = [
    f"{EPISODE}/embed",
    f"{EPISODE}/embed?t=20",
    f"{EPISODE}/transcript",
    f"{EPISODE}/transcript?t=0:20",
    "/questions/nobody-said",
    "/podcast/nothing-here",
]
STYLES = [*(ROOT / "static" / "css").glob("*.css")]
IMAGES = [*(ROOT / "static" / "img").glob("*.svg")]
FAILED = "() => !document.querySelector('#player .failed').hidden"
SOUNDS = """() => {
  const audio = document.querySelector("#player audio");
  audio.muted = true;
  return audio.readyState >= 3 && !audio.paused;
}"""


@pytest.fixture(autouse=True)
def _episode(site: str) -> None:
    """One that has a transcript, and sounds for longer than its topics reach."""
    topics = [(20, "Recap of AWS services"), (60, "Best tips? Ship early")]
    row = full_episode(9, topics=topics, seconds=90)
    store_audio(row, seconds=90)
    transcript(row, 5)


# CSS Custom Highlight API Level 1, section 3, lines of CSS View Transitions Level 1, and container
# queries of CSS Conditional Rules Level 5: the validator's CSS takes them for errors.
UNKNOWN = re.compile(
    r"::highlight\(found\), |^.*view-transition.*$|container(-type)?: [^;]+;", re.MULTILINE
)
# ARIA 1.2 has comboboxes name their list by aria-controls; the validator asks for what 1.0 had.
OUTDATED = ".*aria-activedescendant.*aria-owns.*"


def validate(folder: Path, pages: dict[str, str], more: Iterable[Path] = ()) -> None:
    """Warnings count as errors. A file's name is what the validator calls it by."""
    files = [folder / f"{number}-{name}.html" for number, name in enumerate(map(_plain, pages))]
    for file, text in zip(files, pages.values(), strict=True):
        file.write_text(text)
    validator = npm_module("vnu-jar") / "build" / "dist" / "vnu.jar"
    java = program("java", "default-jre-headless")
    options = ("--Werror", "--also-check-css", "--also-check-svg", "--filterpattern", OUTDATED)
    ask(java, "-jar", validator, *options, *files, *more)


def _plain(name: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in name)[-80:]


def test_every_page_is_valid(site: str, client: Client, tmp_path: Path) -> None:
    odd = [row.get_absolute_url() for row in odd_catalogue().values()]
    Question.objects.create(title="Nobody said", slug="nobody-said", query="zebras")
    pages = {path: client.get(path, follow=True).content.decode() for path in [*PATHS, *MORE, *odd]}
    pages |= {name: render_to_string(f"{name}.html") for name in PLAIN}
    styles = [tmp_path / style.name for style in STYLES]
    for style, copy in zip(STYLES, styles, strict=True):
        known = style.read_text().replace("@container topics", "@media")
        copy.write_text(UNKNOWN.sub("", known))
    validate(tmp_path, pages, [*styles, *IMAGES])


def test_every_state_of_the_player_is_valid(site: str, browser_page: Page, tmp_path: Path) -> None:
    page, states = browser_page, {}

    def keep(name: str) -> None:
        states[name] = f"<!doctype html>{page.evaluate('document.documentElement.outerHTML')}"

    page.goto(site + EPISODE)
    page.locator("main .listen [data-play]").first.click()
    page.wait_for_function(SOUNDS)
    page.locator("#player .chapter-ticks i").first.wait_for()
    keep("playing")
    page.locator(".more summary").click()
    keep("more")
    page.keyboard.press("?")
    keep("keys")
    page.keyboard.press("Escape")
    page.locator("#player [data-does=forward]").click()
    page.locator("#player [data-does=toggle]").click()
    for path in ("/", EPISODE, f"{EPISODE}?t=20", f"{EPISODE}/transcript"):
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        keep(f"begun {path}")
    page.goto(site + "/questions/best-tips")
    page.locator("[data-plays-all]").click()
    page.wait_for_function("() => document.querySelector('[data-shows=answer]').textContent")
    keep("answers")
    page.route("**/audio/*", lambda route: route.abort())
    page.goto(site + EPISODE)
    page.locator("main .listen [data-play]").first.click()
    page.wait_for_function(FAILED)
    keep("failed")
    page.goto(f"{site}/search?q=recap")
    page.get_by_role("combobox").fill("djan")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    keep("suggestions")
    validate(tmp_path, states)
