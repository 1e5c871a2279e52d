"""Handles as people paste them into a guest's form."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from desk.tests.forms import form_data
from episodes.tests import factories
from guests.handles import handle, linkedin_profile, mastodon_profile
from guests.models import Guest


@pytest.mark.parametrize(
    "pasted",
    [
        "gyford", "@gyford", " @gyford ", "twitter.com/gyford", "https://twitter.com/@gyford",
        "https://x.com/gyford/status/123?s=20", "https://mobile.twitter.com/gyford#top",
        "http://www.twitter.com/gyford/",
    ],
)  # fmt: skip
def test_handles(pasted: str) -> None:
    assert handle(pasted, "twitter.com", "x.com") == "gyford"


@pytest.mark.parametrize("pasted", ["https://example.org/gyford", "https://twitter.com.evil/a"])
def test_another_sites_address_is_no_handle(pasted: str) -> None:
    assert handle(pasted, "twitter.com") == pasted


def test_profiles() -> None:
    profile = "https://fosstodon.org/@maria"
    for pasted in ("@maria@fosstodon.org", "maria@fosstodon.org", profile):
        assert mastodon_profile(pasted) == profile
    for pasted in ("in/maria/", "https://www.linkedin.com/in/maria"):
        assert linkedin_profile(pasted) == "https://www.linkedin.com/in/maria"


@given(st.text())
def test_whatever_is_pasted(pasted: str) -> None:
    for read in (mastodon_profile, linkedin_profile, lambda text: handle(text, "github.com")):
        assert isinstance(read(pasted), str)


@pytest.mark.django_db
def test_a_guests_form_takes_what_is_pasted(host: Client) -> None:
    """The address is longer than the column; the form shows what was stored."""
    factories.show()
    guest = factories.guest("Phil Gyford")
    url = f"/admin/guests/guest/{guest.pk}/change/"
    pasted = {
        "twitter": "https://twitter.com/gyford?utm_source=a-very-long-campaign-of-somebody",
        "github": "@philgyford",
        "mastodon": "@phil@mastodon.social",
        "linkedin": "in/philgyford",
    }
    assert host.post(url, form_data(host.get(url)) | pasted).status_code == 302
    guest = Guest.objects.get(pk=guest.pk)
    assert (guest.twitter, guest.github) == ("gyford", "philgyford")
    assert guest.mastodon == "https://mastodon.social/@phil"
    assert guest.linkedin == "https://www.linkedin.com/in/philgyford"
    assert form_data(host.get(url))["mastodon"] == guest.mastodon
    assert "maxlength" not in host.get(url).content.decode().split('name="github"')[1].split(">")[0]
