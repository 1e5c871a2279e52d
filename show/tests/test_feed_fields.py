"""What the host types for apps and search engines is checked at the desk."""

import pytest
from django.core.exceptions import ValidationError

from show.models import Show


def test_verification_codes_by_name():
    typed = "google-site-verification: abc_123\n\n p:domain_verify: 456 \n"
    show = Show(verifications=typed)
    show.clean_fields()
    assert show.verification_codes == [
        ("google-site-verification", "abc_123"),
        ("p:domain_verify", "456"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("verifications", '<meta name="a" content="b">', "isn’t a line such as"),
        ("verifications", "google-site-verification abc", "isn’t a line such as"),
        ("enclosure_prefix", "op3.dev/e/", "begins with https://"),
        ("enclosure_prefix", "https://op3.dev/e", "ends with a slash"),
        ("update_rule", "weekly", "isn’t part of a rule"),
        ("further_tags", "<podcast:txt/>", "podcast:txt is empty"),
        ("hub", "pubsubhubbub", "Enter a web address"),
    ],
)
def test_a_slip_is_named_beside_its_field(name, value, words):
    with pytest.raises(ValidationError) as caught:
        Show(**{name: value}).clean_fields()
    assert words in caught.value.message_dict[name][0]


def test_the_desk_shows_help_as_it_is_meant():
    """Django's admin takes it for HTML, in which a tag would vanish."""
    assert not [each.name for each in Show._meta.fields if "<" in each.help_text]
