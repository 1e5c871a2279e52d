"""Every screen of the desk in a browser: axe's rules, and nothing wider than a phone.

The resolver names the addresses, so that a new screen is looked at without a line here.
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver
from playwright.sync_api import Browser, Page

from accounts.roles import set_roles
from desk.tests.addresses import addresses, secret_draft
from desk.tests.test_roles import catalogue, patterns
from desk.tests.test_words import is_at_desk
from episodes.models import Episode
from tests.browser import axe

__all__ = ["catalogue"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SIGNED_OUT = {"/admin/login/", "/admin/logout/", "/admin/jsi18n/"}
# Django's rows in forms have a column of buttons without a heading.
IN_DJANGOS_TABLES = "empty-table-header"
HEIGHT = 844
# axe would measure the colours of a transition between schemes.
STILL = "* { transition: none !important }"


@pytest.fixture
def page(browser: Browser, live_server, host: Client) -> Page:
    context = browser.new_context(bypass_csp=True)
    session = host.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def screens(client: Client, paths: list[str]) -> Iterator[str]:
    """Where these paths lead, once each: pages, not files, redirects or refusals."""
    found = set()
    for path in paths:
        response = client.get(path, follow=True)
        chain = getattr(response, "redirect_chain", [])
        address = chain[-1][0] if chain else path
        is_page = "text/html" in response.headers.get("Content-Type", "")
        if response.status_code == 200 and is_page and address not in found:
            found.add(address)
            yield address


def faults(page: Page, site: str, path: str) -> list[str]:
    """What axe finds at each width, in each scheme, and what is wider than the window.

    Of all rules, only those about colours can find something else in another scheme.
    """
    page.goto(site + path)
    page.add_style_tag(content=STILL)
    found = []
    for width in axe.WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width}")
        for scheme, rules in zip(axe.SCHEMES, ((), axe.COLOURS), strict=True):
            page.emulate_media(color_scheme=scheme)
            found += [
                f"{path}, {width}, {scheme}: {each['help']} {axe.targets(each)}"
                for each in axe.run(page, rules)
                if each["id"] != IN_DJANGOS_TABLES
            ]
    return found


def test_every_screen_of_a_full_desk(
    page: Page, live_server, host: Client, catalogue: Episode, subtests: pytest.Subtests
) -> None:
    found = [each for each in addresses(catalogue, secret_draft()) if is_at_desk(each)]
    # One row of a model, but two episodes: a public one and a draft.
    known = {each.path if "<int:pk>" in each.row else each.row: each.path for each in found}
    paths = [path for path in known.values() if path not in SIGNED_OUT]
    opened = list(screens(host, [*paths, "/admin/episodes/episode/?state=bin"]))
    assert len(opened) > 100
    for path in opened:
        with subtests.test(path):
            wrong = faults(page, live_server.url, path)
            assert not wrong, "\n".join(wrong)


def test_every_screen_of_an_empty_desk(
    page: Page, live_server, host: Client, subtests: pytest.Subtests
) -> None:
    """Without even a show: every address that names no row."""
    set_roles()
    routes = [f"/{route}" for route, _ in patterns(get_resolver().url_patterns)]
    known = [each for each in routes if each.startswith("/admin/") and not set("<(^") & set(each)]
    paths = list(screens(host, [path for path in known if path not in SIGNED_OUT]))
    assert len(paths) > 30
    for path in paths:
        with subtests.test(path):
            wrong = faults(page, live_server.url, path)
            assert not wrong, "\n".join(wrong)


# The contrast of an element's background with the page's, as WCAG counts it.
STANDS_OUT = """(it) => {
  const luminance = (element) => {
    const channels = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).slice(0, 3)
    const [red, green, blue] = channels.map(Number).map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
  }
  const [low, high] = [luminance(it), luminance(document.body)].sort((one, other) => one - other)
  return high / low
}"""


@pytest.mark.parametrize("scheme", axe.SCHEMES)
def test_the_main_button_stands_out(
    page: Page, live_server, catalogue: Episode, scheme: axe.Scheme
) -> None:
    page.emulate_media(color_scheme=scheme)
    draft = secret_draft()
    for path, main, other in (
        ("/admin/guests/guest/add/", "Save", "Save, then add another guest"),
        (f"/admin/episodes/episode/{draft.pk}/text", "Apply", "Back to the applied text"),
        (f"/admin/episodes/episode/{draft.pk}/checklist", "Publish now", "Schedule"),
    ):
        page.goto(live_server.url + path)
        main_one, other_one = (
            page.get_by_role("button", name=name, exact=True).evaluate(STANDS_OUT)
            for name in (main, other)
        )
        assert main_one > 4.5, path
        assert other_one < 2, path
