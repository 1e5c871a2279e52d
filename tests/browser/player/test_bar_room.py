"""The bar has room for all that it shows, and hides nothing that one reads or presses."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player.playback import PATH, WATCH, bar, expect_playing, press_play, status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What the bar shows or has to be pressed, with its box: of texts, the box of the words themselves.
BOXES = """() => {
  const parts = "[data-shows]:not(.failed *, small), .controls button, [data-speed], "
    + ".more summary, .corner button";
  return [...document.querySelectorAll(`#player :is(${parts})`)]
    .filter((each) => each.checkVisibility() && !each.closest(".more > div"))
    .map((each) => {
      const range = document.createRange();
      range.selectNodeContents(each);
      const own = each.getBoundingClientRect();
      const words = each.matches("a, select") ? own : range.getBoundingClientRect();
      const [left, right] = [Math.min(own.left, words.left), Math.max(own.right, words.right)];
      return [each.dataset.shows ?? each.ariaLabel, left, right, own.top, own.bottom];
    });
}"""


def overlaps(page: Page) -> list[tuple[str, str]]:
    found = []
    for one, other in combinations(page.evaluate(BOXES), 2):
        width = min(one[2], other[2]) - max(one[1], other[1])
        height = min(one[4], other[4]) - max(one[3], other[3])
        if width > 1 and height > 1:
            found.append((one[0], other[0]))
    return found


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1000, 1280])
def test_nothing_in_the_bar_overlaps(site: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(site + "/search?q=recap")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play these moments").click()
    expect_playing(page)
    expect(bar(page)).to_contain_text("Moment 1")
    assert overlaps(page) == []
    bar(page).get_by_text("More", exact=True).click()
    bar(page).get_by_label("Sleep timer").select_option("15")
    page.keyboard.press("Escape")
    page.goto(f"{site}{PATH}?t=20,39")
    page.evaluate(WATCH)
    press_play(page, re.compile("^Play 0:20 to"))
    expect(bar(page)).to_contain_text("Clip until")
    expect(bar(page)).to_contain_text("Up next")
    assert overlaps(page) == []
    links = [link.bounding_box() for link in bar(page).locator(".now-playing a:visible").all()]
    assert all(box is not None and box["height"] >= 24 for box in links)


def test_suggestions_are_above_the_bar(site: str, page: Page) -> None:
    press_play(page)
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.locator("#q[role=combobox]").press_sequentially("recap of aw")
    options = page.locator("#suggestions [role=option]")
    expect(options.first).to_be_visible()
    page.evaluate("document.querySelector('#suggestions').style.minHeight = '32rem'")
    # A page's transition and a later answer may still move them.
    page.wait_for_function("""() => {
      const { left, bottom } = document.getElementById("suggestions").getBoundingClientRect();
      const bar = document.getElementById("player").getBoundingClientRect();
      const at = document.elementFromPoint(left + 20, bottom - 5);
      return bottom > bar.top && at?.closest("#suggestions");
    }""")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_focused_time_is_behind_the_bar(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 500})
    page.emulate_media(reduced_motion="reduce")
    press_play(page)
    expect(status(page)).to_have_text("Playing Episode 9")
    page.get_by_role("link", name="Skip to the content").press("Enter")
    hidden = []
    for _ in range(30):
        page.keyboard.press("Tab")
        page.wait_for_timeout(50)
        bottom, top, html = page.evaluate("""() => {
          const each = document.activeElement;
          const bar = document.getElementById("player");
          if (bar.contains(each)) return [0, 1, ""];
          const [{ bottom }, { top }] = [each, bar].map((one) => one.getBoundingClientRect());
          return [bottom, top, each.outerHTML];
        }""")
        if bottom > top:
            hidden.append(html[:80])
    assert hidden == []


@pytest.mark.parametrize(
    ("width", "size"), [(360, "100%"), (390, "100%"), (390, "200%"), (768, "200%")]
)
def test_the_bar_wraps_at_any_size_of_text(site: str, page: Page, width: int, size: str) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    press_play(page)
    page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
    page.wait_for_function("() => document.querySelector('#player .star').offsetWidth")
    assert overlaps(page) == []
    box = bar(page).bounding_box()
    assert box
    assert box["height"] <= 0.6 * 844
    boxes = page.evaluate(BOXES)
    assert min(left for _, left, *_ in boxes) >= 0
    assert max(right for _, _, right, *_ in boxes) <= width
    if size == "100%":
        assert box["height"] < 200  # speed, controls and More are in one line
    # Between the words, too, there is room.
    back, play, forward = (
        page.locator(f"#player [data-does={name}]").evaluate(
            """each => {
                const range = document.createRange();
                range.selectNodeContents(each);
                const { left, right } = each.matches(".toggle") ? each.getBoundingClientRect()
                    : range.getBoundingClientRect();
                return [left, right];
            }"""
        )
        for name in ("back", "toggle", "forward")
    )
    assert play[0] - back[1] >= 3
    assert forward[0] - play[1] >= 3


def test_a_chapters_name_has_two_lines_on_a_phone(site: str, page: Page) -> None:
    page.locator("a.time", has_text="0:05").click()
    expect_playing(page)
    chapter = page.locator("#player [data-shows=chapter]")
    expect(chapter).to_be_visible()
    words = "Uncovering a bit more on how the app is structured"
    chapter.evaluate("(each, words) => { each.textContent = words }", words)
    chapter.focus()  # while it has the focus it keeps its words
    assert chapter.evaluate("each => each.scrollHeight <= each.clientHeight + 1")
    assert chapter.evaluate("each => each.scrollWidth <= each.clientWidth")
