"""Text has a contrast of 7:1 (large text 4.5:1) on every kind of page, in both schemes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.test_accessibility import PATHS, Scheme, site

__all__ = ["site"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENHANCED = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]},
            "rules": {"color-contrast-enhanced": {"enabled": True}}}  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(site: str, browser: Browser, scheme: Scheme) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.add_init_script("addEventListener('load', () => document.querySelectorAll('details')"
                         ".forEach((each) => { each.open = true }))")  # fmt: skip
    pale: list[str] = []
    looked_at = 0
    for path in PATHS:
        page.goto(site + path)
        found = Axe().run(page, options=ENHANCED).response
        looked_at += sum(len(each["nodes"]) for each in found["passes"])
        for violation in found["violations"]:
            for node in violation["nodes"]:
                data = node["any"][0]["data"]
                pale.append(f"{path}: {node['target']} {data['contrastRatio']} {data['fgColor']}")
    context.close()
    assert pale == []
    assert looked_at > len(PATHS) * 10
