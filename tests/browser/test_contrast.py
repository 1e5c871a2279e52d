"""Text has a contrast of 7:1 (large text 4.5:1) on every kind of page, in both schemes."""

import pytest
from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.axe import SCHEMES
from tests.browser.test_accessibility import OPEN_ALL, PATHS, site

__all__ = ["site"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What passes is only counted: sending it takes as long as the rule.
ENHANCED = """() => axe.run({
  runOnly: { type: "rule", values: ["color-contrast-enhanced"] },
  rules: { "color-contrast-enhanced": { enabled: true } },
}).then(({ passes, violations }) => [
  passes.reduce((count, { nodes }) => count + nodes.length, 0),
  violations.flatMap(({ nodes }) => nodes),
])"""


def test_contrast(site: str, browser_page: Page) -> None:
    page = browser_page
    page.add_init_script(OPEN_ALL)
    pale: list[str] = []
    looked_at = 0
    for path in PATHS:
        page.goto(site + path)
        axe.load(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            passed, failed = page.evaluate(ENHANCED)
            looked_at += passed
            for node in failed:
                data = node["any"][0]["data"]
                ratio = f"{data['contrastRatio']} {data['fgColor']}"
                pale.append(f"{path} in {scheme}: {node['target']} {ratio}")
    assert pale == []
    assert looked_at > len(PATHS) * len(SCHEMES) * 10
