"""Handles as people paste them into a guest's form."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from desk.tests.forms import form_data
from episodes.tests import factories
from guests.handles import (
    PROFILES,
    bluesky_handle,
    handle,
    linkedin_profile,
    mastodon_profile,
    pasted_address,
    refusal,
    youtube_channel,
)
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
    for pasted in ("fosstodon.org/@maria", f"{profile}/112233", f" {profile}?x=1 "):
        assert mastodon_profile(pasted) == profile
    for pasted in ("maria", "@maria", "de.linkedin.com/in/maria?trk=public_profile"):
        assert linkedin_profile(pasted).endswith(".linkedin.com/in/maria")
        assert linkedin_profile(pasted).startswith("https://")
    for pasted in ("in/maria/", "https://www.linkedin.com/in/maria"):
        assert linkedin_profile(pasted) == "https://www.linkedin.com/in/maria"


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("@maria.bsky.social", "maria.bsky.social"),
        ("Maria.dev", "maria.dev"),
        ("@maria", "maria.bsky.social"),
        ("https://bsky.app/profile/maria.dev/post/3kabc?ref=x", "maria.dev"),
        ("bsky.app/profile/did:plc:abc123", "did:plc:abc123"),
    ],
)
def test_bluesky(pasted: str, stored: str) -> None:
    assert bluesky_handle(pasted) == stored


@pytest.mark.parametrize(
    ("pasted", "path"),
    [
        ("@maria", "@maria"),
        ("@maria.codes", "@maria.codes"),
        ("https://www.youtube.com/@maria/videos?si=x", "@maria"),
        ("m.youtube.com/channel/UCabc-_1/about", "channel/UCabc-_1"),
        ("https://youtube.com/c/Maria", "c/Maria"),
        ("https://www.youtube.com/MariaTalks", "MariaTalks"),
    ],
)
def test_youtube(pasted: str, path: str) -> None:
    assert youtube_channel(pasted) == f"https://www.youtube.com/{path}"


@given(st.text())
def test_whatever_is_pasted(pasted: str) -> None:
    for column, read in PROFILES.items():
        assert isinstance(refusal(column, read(pasted)), str)


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("<https://github.com/mariab>", "https://github.com/mariab"),
        ("Maria (https://maria.example)", "https://maria.example"),
        ("see github.com/mariab.", "github.com/mariab"),
        ("https://en.example/wiki/Maria_(singer)", "https://en.example/wiki/Maria_(singer)"),
        ("<maria@fosstodon.org>", "maria@fosstodon.org"),
        ("maria", "maria"),
    ],
)
def test_an_address_with_text_around_it(pasted: str, address: str) -> None:
    assert pasted_address(pasted) == address
    if "github.com" in pasted:
        assert PROFILES["github"](pasted) == "mariab"


@pytest.mark.parametrize(
    ("column", "pasted", "reason"),
    [
        ("mastodon", "mariab", "Which server are they on? Enter @name@server"),
        ("mastodon", "Maria Beispiel", "Enter @name@server"),
        (
            "mastodon",
            "https://twitter.com/mariab",
            "This is an address at Twitter, not at Mastodon.",
        ),
        ("mastodon", "https://mobile.twitter.com/mariab", "This is an address at Twitter"),
        ("linkedin", "Maria Beispiel", "Paste the address of their profile, such as https://www.l"),
        ("linkedin", "in/Maria Beispiel", "Paste the address of their profile"),
        ("linkedin", "https://github.com/mariab", "This is an address at GitHub, not at LinkedIn."),
        ("linkedin", "https://m.example/a", "This is an address at m.example, not at LinkedIn."),
        ("youtube", "Maria Beispiel", "Enter @name, or paste the address of their channel."),
        ("youtube", "youtube.com/watch?v=dQw4w9WgXcQ", "This is no channel."),
        ("youtube", "https://youtu.be/dQw4w9WgXcQ", "This is no channel."),
        ("youtube", "https://x.com/mariab", "This is an address at Twitter, not at YouTube."),
        ("twitter", "github.com/mariab", "This is an address at GitHub, not at Twitter."),
        ("twitter", "https://twitter.com/", "Enter their username"),
        ("github", "https://fosstodon.org/@maria", "This is an address at fosstodon.org, not at G"),
        ("bluesky", "twitter.com/mariab", "This is an address at Twitter, not at Bluesky."),
        ("website", "Maria", "Enter a web address such as"),
    ],
)
@pytest.mark.django_db
def test_a_refusal_says_what_to_paste(host: Client, column: str, pasted: str, reason: str) -> None:
    factories.show()
    url = f"/admin/guests/guest/{factories.guest('Phil Gyford').pk}/change/"
    response = host.post(url, form_data(host.get(url)) | {column: pasted})
    (error,) = response.context["adminform"].form.errors[column]
    assert error.startswith(reason)


@pytest.mark.django_db
def test_what_mails_put_around_an_address(host: Client) -> None:
    factories.show()
    guest = factories.guest("Maria")
    url = f"/admin/guests/guest/{guest.pk}/change/"
    pasted = {"github": "<https://github.com/mariab>", "website": "Maria (https://maria.example)"}
    assert host.post(url, form_data(host.get(url)) | pasted).status_code == 302
    guest.refresh_from_db()
    assert (guest.github, guest.website) == ("mariab", "https://maria.example")


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
        "bluesky": "https://bsky.app/profile/gyford.com",
        "youtube": "@philgyford",
    }
    assert host.post(url, form_data(host.get(url)) | pasted).status_code == 302
    guest = Guest.objects.get(pk=guest.pk)
    assert (guest.twitter, guest.github) == ("gyford", "philgyford")
    assert guest.mastodon == "https://mastodon.social/@phil"
    assert guest.linkedin == "https://www.linkedin.com/in/philgyford"
    assert form_data(host.get(url))["mastodon"] == guest.mastodon
    assert "maxlength" not in host.get(url).content.decode().split('name="github"')[1].split(">")[0]
    assert (guest.bluesky, guest.youtube) == ("gyford.com", "https://www.youtube.com/@philgyford")


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["twitter", "github", "bluesky", "youtube"])
def test_another_sites_address_is_refused(host: Client, field: str) -> None:
    """Their links would lead nowhere."""
    factories.show()
    url = f"/admin/guests/guest/{factories.guest('Phil Gyford').pk}/change/"
    response = host.post(url, form_data(host.get(url)) | {field: "https://example.org/gyford"})
    assert field in response.context["adminform"].form.errors


@pytest.mark.django_db
def test_a_guests_page_names_all_profiles(client: Client) -> None:
    factories.show()
    factories.episode(guests=["Phil Gyford"])
    Guest.objects.update(
        bluesky="gyford.com", youtube="https://www.youtube.com/@phil", linkedin="https://l.example/"
    )
    page = client.get("/guests/phil-gyford").content.decode()
    addresses = ("https://bsky.app/profile/gyford.com", "https://www.youtube.com/@phil")
    for address, label in zip(addresses, ("Bluesky", "YouTube"), strict=True):
        assert f'<a href="{address}" rel="me noopener">{label}</a>' in page
    same_as = page.partition('"sameAs":')[2].partition("]")[0]
    assert all(address in same_as for address in (*addresses, "https://l.example/"))
