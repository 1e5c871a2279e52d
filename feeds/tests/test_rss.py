"""Any text of any row gives well-formed XML."""

import xml.etree.ElementTree as ElementTree
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from feeds.rss import as_text, document, element
from text.markup import ILLEGAL_XML

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def parsed(*channel, items=()):
    written = "".join(document(channel, items))
    found = ElementTree.fromstring(written.encode()).find("channel")
    assert found is not None
    return found


@given(ANY_TEXT, ANY_TEXT)
@example("a\x00b\x1b", 'x"<&>\x0b')
@example("]]>", "\ufffe")
def test_any_text_gives_well_formed_xml_and_keeps_its_legal_characters(words, attribute):
    title = element("title", words, href=attribute)
    channel = parsed(element("anchor", "x"), items=[[title, element("link", "x")]])
    found = channel.find("item/title")
    legal = ILLEGAL_XML.sub("", words).strip().replace("\r\n", "\n").replace("\r", "\n")
    if found is None:
        assert not legal and not ILLEGAL_XML.sub("", attribute).strip()
    else:
        assert (found.text or "") == legal
        assert found.get("href", "") == as_text(attribute)


def test_blank_elements_attributes_and_children_are_not_written():
    channel = parsed(
        element("language", ""),
        element("copyright", None),
        element("image", "", element("url", "")),
        element("person", "Ann", href="", role="guest"),
    )
    assert [(child.tag, child.attrib) for child in channel] == [("person", {"role": "guest"})]


def test_zero_and_false_are_no_blanks():
    assert element("episode", 0).text == "0"
    assert element("explicit", False).text == "false"
    assert element("enclosure", length=0).attributes == {"length": "0"}


def test_dates_are_those_of_rfc_2822_with_the_zones_offset_on_that_day():
    new_york = ZoneInfo("America/New_York")
    assert as_text(datetime(2020, 6, 29, tzinfo=new_york)) == "Mon, 29 Jun 2020 00:00:00 -0400"
    assert as_text(datetime(2021, 12, 20, tzinfo=new_york)) == "Mon, 20 Dec 2021 00:00:00 -0500"
