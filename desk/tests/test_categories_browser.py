"""236 technologies, a hundred of them without a category, in order with few clicks."""

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from episodes.tests import factories
from stack.directory import read_directory
from stack.models import Technology
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_CLICKS = 20
OTHER = Technology.Category.OTHER
UNKNOWN = {"practice": "Xx habit {}", "service": "Yy bureau {}", "operations": "Zz chore {}"}


class Clicks:
    """Counts what a host clicks. Choosing in a list is two: opening it, and the choice."""

    def __init__(self) -> None:
        self.count = 0

    def click(self, element: Locator, *modifiers: str) -> None:
        element.click(modifiers=list(modifiers))  # type: ignore[arg-type]
        self.count += 1

    def choose(self, element: Locator, value: str) -> None:
        element.select_option(value)
        self.count += 2


@pytest.fixture
def catalogue(db: None) -> dict[str, str]:
    """The right category of each technology without one, by name."""
    factories.show()
    entries = [entry for entry in read_directory() if len(entry.name) > 3][:236]
    named, known, variants = entries[:136], entries[136:206], entries[206:218]
    rows = [Technology(name=each.name, category=each.category) for each in named]
    # Imported before the directory knew them; misspelled; and what no directory knows.
    right = {each.name: each.category for each in known}
    right |= {f"{each.name}x": each.category for each in variants}
    right |= {
        name.format(index): category for category, name in UNKNOWN.items() for index in range(6)
    }
    rows += [Technology(name=name) for name in right]
    for place, row in enumerate(rows):
        row.slug = f"t-{place}"
    Technology.objects.bulk_create(rows)
    assert (len(rows), len(right)) == (236, 100)
    return right


def row(page: Page, name: str) -> Locator:
    return page.locator(".rows > li", has=page.get_by_role("link", name=name, exact=True))


def test_a_hundred_are_in_order_after_few_clicks(
    signed_in: Page, live_server, catalogue: dict[str, str]
) -> None:
    signed_in.set_viewport_size({"width": 1280, "height": 900})
    clicks = Clicks()
    signed_in.goto(f"{live_server.url}/admin/")
    clicks.click(signed_in.get_by_role("link", name="100 without a category"))
    expect(signed_in.locator(".rows > li")).to_have_count(236)
    expect(signed_in.locator(".tick-all").first).to_be_visible()  # the script has run
    for category, name in UNKNOWN.items():
        boxes = [row(signed_in, name.format(index)).get_by_role("checkbox") for index in (0, 5)]
        clicks.click(boxes[0])
        clicks.click(boxes[1], "Shift")
        clicks.choose(signed_in.get_by_label("Ticked ones"), category)
        clicks.click(signed_in.get_by_role("button", name="Set"))
        expect(signed_in.get_by_role("status")).to_contain_text("6 set to")
    clicks.click(signed_in.get_by_role("button", name="Save, with 82 proposals"))
    done = signed_in.locator(".messagelist .success")
    expect(done).to_contain_text("Chosen for 100 technologies.")
    expect(done).to_contain_text("Xx habit 0, Xx habit 1")
    stored = dict(Technology.objects.filter(name__in=catalogue).values_list("name", "category"))
    assert stored == catalogue
    assert clicks.count <= MOST_CLICKS, clicks.count

    done.get_by_role("button", name="Undo").click()
    expect(done).to_contain_text("Taken back for 100 technologies.")
    assert Technology.objects.filter(category=OTHER, category_chosen=False).count() == 100


def test_by_keyboard_and_on_a_phone(signed_in: Page, live_server) -> None:
    factories.show()
    odd = Technology.objects.create(name="Homegrown", slug="homegrown")
    signed_in.set_viewport_size({"width": 390, "height": 844})
    signed_in.goto(f"{live_server.url}/admin/stack/categories/")
    signed_in.get_by_label("Category of Homegrown").focus()
    signed_in.keyboard.type("Langu")
    signed_in.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(signed_in.locator(".messagelist .success")).to_contain_text("Languages: Homegrown.")
    odd.refresh_from_db()
    assert odd.category == "language"
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= 390


def test_axe_finds_nothing(signed_in: Page, live_server, catalogue: dict[str, str]) -> None:
    Technology.objects.exclude(pk__in=Technology.objects.order_by("-pk")[:30]).delete()
    for scheme in axe.SCHEMES:
        for width in axe.WIDTHS:
            signed_in.emulate_media(color_scheme=scheme)
            signed_in.set_viewport_size({"width": width, "height": 844})
            signed_in.goto(f"{live_server.url}/admin/stack/categories/")
            expect(signed_in.locator(".tick-all").first).to_be_visible()
            assert axe.run(signed_in) == []


def test_one_press_without_a_script(host: Client, catalogue: dict[str, str]) -> None:
    """Ticked rows are set at once; what else the form has is as it was."""
    rows = Technology.objects.filter(name__startswith="Zz")
    data = {f"category-{row.pk}-": "" for row in rows} | {
        "tick": [row.pk for row in rows[:2]], "bulk": "operations", "apply": "1",
    }  # fmt: skip
    assert host.post("/admin/stack/categories/", data).status_code == 302
    assert rows.filter(category="operations", category_chosen=True).count() == 2
    assert rows.filter(category=OTHER).count() == 4
