"""How networks count a text, how one that is too long gets shorter, how they name guests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.models import Outlet
from desk.texts.lengths import graphemes, mastodon_length, utf16_units, x_length
from desk.texts.outlets import RULES, bluesky_handle, mastodon_handle, rules_of, share_address
from desk.texts.shortening import shorten
from desk.texts.values import hashtag
from guests.models import Guest

URL = "https://show.example/podcast/9-ships"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
GERMANY, ENGLAND = (
    "\U0001f1e9\U0001f1ea",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)
THUMB, ONE = "\U0001f44d\U0001f3fd", "1\ufe0f\u20e3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("abc", 3),
        ("e\u0301", 1),
        (FAMILY, 1),
        (GERMANY + GERMANY, 2),
        (ENGLAND, 1),
        (THUMB, 1),
        (ONE, 1),
        ("a\nb", 3),
    ],
)
def test_graphemes(text: str, expected: int):
    assert graphemes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (URL, 23),
        (f"See {URL}?t=61,70.", 4 + 23 + 1),
        ("@nick@fosstodon.org", 5),
        ("@nick@fosstodon.org.", 6),
        ("me@example.com", 14),
        (FAMILY, 1),
    ],
)
def test_mastodon(text: str, expected: int):
    assert mastodon_length(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (URL, 23),
        ("https://a.b", 23),
        (f"({URL})", 25),
        ("ASP.NET", 23),
        ("web3.py", 7),
        ("socket.io", 9),
        ("example.io/page", 23),
        ("Ünïcode “quoted”", 16),
        ("more…", 6),
        ("漢字", 4),
        (FAMILY, 2),
        (GERMANY, 2),
        (ONE, 2),
        ("e\u0301", 1),
    ],
)
def test_x(text: str, expected: int):
    assert x_length(text) == expected


def test_the_limits():
    most = {outlet: rules.most for outlet, rules in RULES.items()}
    assert most == {
        "mastodon": 500, "bluesky": 300, "x": 280, "linkedin": 3000, "newsletter": None,
        "other": None,
    }  # fmt: skip
    assert set(RULES) == set(Outlet)
    assert utf16_units(f"a{FAMILY}") == 9
    assert rules_of("gone") == RULES[Outlet.OTHER]


def fits(most: int):
    return lambda text: len(text) <= most


TEXT = f"Ships\n{URL}\n\nWith Ann.\n\nAt 1:01: One\n{URL}?t=61\n\n#Django"


@pytest.mark.parametrize(
    ("most", "left_out"),
    [
        (500, ()),
        (len(TEXT), ()),
        (len(TEXT) - 1, ("#Django",)),
        (60, (f"At 1:01: One\n{URL}?t=61", "#Django")),
        (50, ("With Ann.", f"At 1:01: One\n{URL}?t=61", "#Django")),
        (5, ("With Ann.", f"At 1:01: One\n{URL}?t=61", "#Django")),
    ],
)
def test_whole_parts_are_left_out_from_the_end(most: int, left_out: tuple[str, ...]):
    found = shorten(TEXT, fits(most), URL)
    assert found.left_out == left_out
    assert found.text.startswith(f"Ships\n{URL}")


def test_the_part_with_the_link_stays_wherever_it_is():
    found = shorten(f"Title\n\nLong words\n\n{URL}?t=61\n\n{URL}", fits(45), URL)
    assert (found.text, found.left_out) == (f"Title\n\n{URL}", ("Long words", f"{URL}?t=61"))


def test_a_single_paragraph_is_shortened_by_lines():
    found = shorten(f"Title\nWith Ann\n{URL}", fits(45), URL)
    assert (found.text, found.left_out) == (f"Title\n{URL}", ("With Ann",))


lines = st.lists(st.sampled_from(["", "One two", URL, f"{URL}?t=61", "Ünï", "#tag"]), max_size=12)


@given(lines.map("\n".join), st.integers(0, 120))
def test_nothing_is_ever_cut(text: str, most: int):
    found = shorten(text, fits(most), URL)
    assert set(found.text.split("\n")) <= {*text.split("\n"), ""}
    if URL in text.split("\n"):
        assert URL in found.text.split("\n")
    if len(text) <= most:
        assert (found.text, found.left_out) == (text, ())


def test_thousands_of_parts_need_few_counts():
    counted = []

    def fits(text: str) -> bool:
        counted.append(text)
        return len(text) <= 30

    found = shorten("\n\n".join(["one"] * 5000), fits, URL)
    assert len(found.text) <= 30
    assert len(counted) < 40


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://fosstodon.org/@nick", "@nick@fosstodon.org"),
        ("https://fosstodon.org/@nick/", "@nick@fosstodon.org"),
        ("https://social.example/users/nick", "@nick@social.example"),
        ("https://social.example/nick", ""),
        ("https://social.example/@nick/1234", ""),
        ("", ""),
    ],
)
def test_handles_of_mastodon(address: str, expected: str):
    assert mastodon_handle(Guest(mastodon=address)) == expected


def test_handles_of_bluesky():
    assert bluesky_handle(Guest(bluesky="maria.bsky.social")) == "@maria.bsky.social"
    assert bluesky_handle(Guest(bluesky="did:plc:abc")) == ""
    assert bluesky_handle(Guest(bluesky="")) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Django", "#Django"),
        ("Ruby on Rails", "#RubyOnRails"),
        ("ASP.NET", "#ASPNET"),
        ("jQuery", "#jQuery"),
        ("Let's Encrypt", "#LetsEncrypt"),
        ("C++", ""),
        ("C#", ""),
        ("123", ""),
    ],
)
def test_hashtags(name: str, expected: str):
    assert hashtag(name) == expected


def test_pages_that_begin_a_post():
    text = "Ships & more: 100% #1\nünï"
    spelt = "Ships%20%26%20more%3A%20100%25%20%231%0A%C3%BCn%C3%AF"
    pages = {outlet: share_address(outlet, text, URL) for outlet in Outlet}
    assert pages == {
        "mastodon": f"https://share.joinmastodon.org/#text={spelt}",
        "bluesky": f"https://bsky.app/intent/compose?text={spelt}",
        "x": f"https://x.com/intent/post?text={spelt}",
        "linkedin": "https://www.linkedin.com/sharing/share-offsite/"
        "?url=https%3A%2F%2Fshow.example%2Fpodcast%2F9-ships",
        "newsletter": "",
        "other": "",
    }
