"""Moving the square of a photo in a browser: by keys, by dragging, and of a file just chosen."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from desk.tests.test_focal_point import photo
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COLOUR = """(canvas) => {
  const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1)
  return data[0] > data[2] ? 'red' : 'blue'
}"""


def handle(page: Page):
    return page.get_by_role("button", name=re.compile("^The square"))


def preview(page: Page) -> str:
    return page.locator(".focal-previews canvas").first.evaluate(COLOUR)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_by_keys_and_by_dragging(signed_in: Page, live_server):
    factories.show()
    guest = factories.guest("Phil Gyford")
    guest.avatar.save("a.png", ContentFile(photo().read()))
    page = signed_in
    url = live_server.url + reverse("admin:guests_guest_change", args=[guest.pk])
    page.goto(url)
    page.get_by_role("button", name="Move the square").press("Enter")
    expect(handle(page)).to_be_focused()
    expect(page.locator(".focal [role=status]")).to_have_text(
        "Middle: 50 % from the left, 50 % from the top (proposed)."
    )
    assert preview(page) == "blue"
    sizes = page.locator(".focal-previews canvas").evaluate_all(
        "(all) => all.map((each) => each.style.width)"
    )
    assert sizes == ["48px", "96px", "144px"]
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#id_focal_x")).to_have_value("49")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowLeft")  # as far as the picture's edge
    expect(page.locator("#id_focal_x")).to_have_value("17")
    assert preview(page) == "red"
    save(page)
    assert Guest.objects.get(pk=guest.pk).focal_point == (17, 50)

    page.goto(url)
    page.get_by_role("button", name="Move the square").click()
    expect(handle(page)).to_be_visible()
    box = handle(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + 20, steps=3)
    page.mouse.up()
    expect(page.locator("#id_focal_x")).to_have_value("83")
    assert preview(page) == "blue"
    page.get_by_role("button", name="Use the proposed square").click()
    expect(page.locator("#id_focal_x")).to_have_value("")
    save(page)
    assert Guest.objects.get(pk=guest.pk).focal_point is None


def test_of_a_photo_just_chosen_on_an_episodes_card(signed_in: Page, live_server, tmp_path: Path):
    factories.show()
    episode = factories.episode(guests=["Phil Gyford"])
    finish_edit(episode, None, "test")
    guest = Guest.objects.get(name="Phil Gyford")
    file = tmp_path / "new.png"
    file.write_bytes(photo().read())
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    page, prefix = signed_in, f"#id_guest-{guest.pk}"
    page.goto(live_server.url + reverse("desk_guests", args=[episode.pk]))
    expect(page.get_by_role("button", name="Move the square")).to_be_hidden()
    page.locator(f"{prefix}-avatar").set_input_files(broken)
    page.locator(f"{prefix}-avatar").set_input_files(file)
    expect(handle(page)).to_be_visible()
    assert preview(page) == "blue"
    page.locator(f"{prefix}-focal_x").fill("0")
    expect(page.locator(".focal [role=status]")).to_contain_text("Middle: 17 % from the left")
    assert preview(page) == "red"
    save(page)
    row = Guest.objects.get(pk=guest.pk)
    assert row.focal_point == (0, 50)
    assert row.avatar


def test_axe_finds_nothing_in_the_picker(browser: Browser, live_server, host):
    factories.show()
    guest = factories.guest("Phil Gyford")
    guest.avatar.save("a.png", ContentFile(photo().read()))
    page = browser.new_context().new_page()
    session = host.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + reverse("admin:guests_guest_change", args=[guest.pk]))
    page.get_by_role("button", name="Move the square").click()
    expect(handle(page)).to_be_visible()
    # The header of the column that deletes other names is Django's, and empty.
    assert [each for each in axe.run(page) if each["id"] != "empty-table-header"] == []
    page.context.close()
