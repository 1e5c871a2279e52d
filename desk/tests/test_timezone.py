"""Another time zone for the show, once there are episodes."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from desk.tests.forms import form_data
from episodes.tests import factories

pytestmark = pytest.mark.django_db

FORM = "/admin/show/show/1/change/"


def save(host: Client, timezone: str) -> str:
    form = form_data(host.get(FORM)) | {"timezone": timezone}
    return host.post(FORM, form | {"_continue": "1"}, follow=True).content.decode()


def test_days_that_another_time_zone_changes_are_named(host: Client) -> None:
    factories.show(timezone="UTC")
    for number, hour in enumerate((0, 0, 9), 1):
        moment = datetime(2019, 11, 18, hour, tzinfo=UTC)
        factories.episode(f"Site {number}", number, published_at=moment)
    factories.episode("Draft", None, status="draft", published_at=None)
    page = save(host, "America/New_York")
    assert "2 episodes are dated midnight in UTC, which is another day in America/New_York." in page
    assert "dated midnight" not in save(host, "America/New_York")
    assert "dated midnight" not in save(host, "Europe/Berlin")


def test_the_field_has_the_name_that_texts_give_it(host: Client) -> None:
    factories.show()
    assert ">Time zone:</label>" in host.get(FORM).content.decode()


def test_an_eastern_time_zone_keeps_the_days(host: Client) -> None:
    factories.show(timezone="UTC")
    factories.episode(published_at=datetime(2019, 11, 18, tzinfo=UTC))
    assert "dated midnight" not in save(host, "Asia/Tokyo")
