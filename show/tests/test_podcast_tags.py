"""The tags a host pastes for the feed: what is taken, what is refused, and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from show.podcast_tags import RULES, PodcastTag, parse_tags


def test_each_tag_as_services_hand_it_out():
    found = parse_tags(
        """
        <podcast:license>cc-by-4.0</podcast:license>
        <podcast:location geo="geo:30.2672,97.7431" rel="subject">Austin &amp; me</podcast:location>
        <podcast:txt purpose="verify">S6lpp-7ZCn8-dZfGc-OoyaG</podcast:txt>
        <podcast:txt>two are fine</podcast:txt>
        <podcast:podroll><podcast:remoteItem feedGuid="a"/><podcast:remoteItem feedGuid="b"/>
        </podcast:podroll>
        <podcast:socialInteract protocol="disabled"/>
        <podcast:block id="google">yes</podcast:block>
        """
    )
    assert [tag.name for tag in found] == [
        "license", "location", "txt", "txt", "podroll", "socialInteract", "block",
    ]  # fmt: skip
    assert found[1] == PodcastTag(
        "location", "Austin & me", {"geo": "geo:30.2672,97.7431", "rel": "subject"}
    )
    assert [child.attributes["feedGuid"] for child in found[4].children] == ["a", "b"]


def test_no_tags():
    assert parse_tags(" \n") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n<podcast:license>cc", "^Line 2 is not well-formed: mismatched tag$"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>", "not well-formed"),
        ("<podcast:txt>&lol;</podcast:txt>", "not well-formed"),
        ("</tags><tags>", "not well-formed"),
        ("<podcast:txt>\x00</podcast:txt>", "not well-formed"),
        ("\ncc-by-4.0", "“cc-by-4.0” is outside of a tag"),
        ("<license>cc-by-4.0</license>", "“license” isn't allowed here"),
        ("<podcast:guid>1</podcast:guid>", "“guid” isn't allowed here"),
        ("<podcast:license>My own words</podcast:license>", "an identifier such as"),
        ("<podcast:license>a</podcast:license>" * 2, "podcast:license may occur only once"),
        ("<podcast:txt/>", "podcast:txt is empty"),
        (f"<podcast:txt>{'x' * 4001}</podcast:txt>", "at most 4000 characters, not 4001"),
        ("<podcast:txt role='x'>y</podcast:txt>", "podcast:txt has no attribute role="),
        ("<podcast:funding>Pay</podcast:funding>", "podcast:funding needs url="),
        ("<podcast:podroll/>", "podcast:podroll needs a remoteItem inside"),
        ("<podcast:podroll>words</podcast:podroll>", "“words” is outside"),
        ("<podcast:podroll><podcast:txt>x</podcast:txt></podcast:podroll>", "in podcast:podroll"),
        ("<podcast:txt>x<podcast:txt>y</podcast:txt></podcast:txt>", "allowed: no tags"),
        ("<podcast:socialInteract protocol='activitypub'/>", "needs uri="),
        ("<podcast:block>off</podcast:block>", "yes or no, not “off”"),
    ],
)
def test_what_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        parse_tags(text)


PIECES = ["<", ">", "/", "podcast:", "&", "&#0;", "x", " ", "=", '"', "<!--", "]]>", "\n"]


@given(st.lists(st.sampled_from([*PIECES, *(f"<podcast:{name}>" for name in RULES)])))
def test_any_text_is_taken_or_refused_in_words(pieces):
    try:
        assert all(tag.name in RULES for tag in parse_tags("".join(pieces)))
    except ValueError as error:
        assert str(error)
