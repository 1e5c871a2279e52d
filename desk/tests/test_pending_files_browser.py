"""A chosen photo in a browser, whose file inputs come back empty with a refused form."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from playwright.sync_api import Browser, expect

from episodes.tests import factories
from guests.models import Guest
from media.tests.test_uploads import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False])
def test_a_photo_survives_a_mistake_elsewhere(
    browser: Browser, live_server, host, tmp_path: Path, script: bool
) -> None:
    factories.show()
    guest = factories.guest("Phil Gyford")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture("JPEG", (800, 600)))
    page = browser.new_context(java_script_enabled=script).new_page()
    session = host.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + reverse("admin:guests_guest_change", args=[guest.pk]))
    page.locator("#id_avatar").set_input_files(photo)
    page.locator("#id_website").fill("no address")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("“photo.jpg”")).to_contain_text("will be saved.")
    expect(page.get_by_label("Leave this file out")).not_to_be_checked()
    page.locator("#id_website").fill("")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    name = str(Guest.objects.get(pk=guest.pk).avatar)
    with default_storage.open(name) as stored:
        assert stored.read() == photo.read_bytes()
    page.context.close()
