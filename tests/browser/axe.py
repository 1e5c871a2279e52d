"""axe's rules on a page as it is, at each width, in both colour schemes."""

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (390, 1280)
# What isn't a violation takes as long to send as the rules to run.
RUN = """rules => axe.run({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) })
  .then(({ violations }) => violations)"""
COLOURS = ("color-contrast",)


def load(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)


def run(page: Page, rules: Sequence[str] = ()) -> list[dict[str, Any]]:
    """axe's violations at the present width, in the present colours; of these rules, or of all."""
    load(page)
    return page.evaluate(RUN, list(rules) or None)


def violations(page: Page, state: str, widths: Sequence[int] = WIDTHS) -> list[str]:
    """Each as a line that begins with the state of the page."""
    found: list[str] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [
                f"{state}, {width}, {scheme}: {each['help']} {targets(each)}" for each in run(page)
            ]
    return found


def targets(violation: dict[str, Any]) -> list[Any]:
    return [node["target"] for node in violation["nodes"]]
