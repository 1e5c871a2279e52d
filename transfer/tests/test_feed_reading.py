"""Reading other people's feeds, without a database."""

import tracemalloc
from datetime import UTC, datetime
from io import BytesIO
from mimetypes import guess_type

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfer.importers.feed.encoding import decoded, fix_references
from transfer.importers.feed.split_items import MOST, split
from transfer.importers.feed.validation import found_items, survey
from transfer.importers.feed.values import read_boolean, read_date, read_duration, read_start
from transfer.importers.feed.xml_tree import BadXml, parse
from transfer.importers.report import InvalidInput
from transfer.tests.feeds import NEW_YORK, feed, item, only, read

MIDNIGHT = datetime(2020, 6, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 01 Jun 2020 00:00:00 -0400",
        "Mon, 1 Jun 2020 00:00:00 EDT",
        "1 Jun 2020 04:00:00 GMT",
        "01 June 2020 04:00 +0000",
        "Mon, 01 Jun 20 04:00:00 UT",
        "Montag, 01 Jun 2020 06:00:00 CEST",
        "  Mon,  01  Jun 2020\n04:00:00 Z ",
        "2020-06-01",
        "2020-06-01T04:00:00Z",
        "2020-06-01T00:00:00-04:00",
        "2020-06-01 04:00:00",
        "Mon, 01 Jun 2020 04:00:00",
    ],
)
def test_dates(written: str):
    assert read_date(written, NEW_YORK) == MIDNIGHT


@pytest.mark.parametrize("month", ["Sept", "sept.", "septembre", "Sep"])
def test_months_are_recognized_by_their_first_letters(month: str):
    read = read_date(f"Tue, 01 {month} 2020 04:00:00 GMT", NEW_YORK)
    assert read == datetime(2020, 9, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "Mon, 31 Feb 2020 00:00:00 GMT",
        "06/01/2020",
        "0000-00-00 00:00:00",
        "1 Jun 9999",
    ],
)
def test_no_dates(written: str):
    with pytest.raises(ValueError, match="isn't a date that can be read"):
        read_date(written, NEW_YORK)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1:02:03", 3723), ("01:02:03", 3723), ("62:03", 3723), ("0:62:03", 3723), ("3723", 3723),
        ("3723.4", 3723), ("01:02:03.500", 3723), ("1h 2m 3s", 3723), ("PT1H2M3S", 3723),
        ("1:2:3", 3723), ("62 min", 3720), ("1 hour, 2 minutes", 3720), (":45", 45), ("90 sec", 90),
        ("", None), ("0", None), ("00:00:00", None),
    ],
)  # fmt: skip
def test_durations(written: str, seconds: int | None):
    assert read_duration(written) == seconds


@pytest.mark.parametrize("written", ["long", "1:2:3:4", "99999999", "200:00:00", "-5", "1.02.03"])
def test_no_durations(written: str):
    with pytest.raises(ValueError, match="length|week"):
        read_duration(written)


def test_truths():
    assert [read_boolean(word) for word in ("Yes", " true ", "explicit")] == [True] * 3
    assert [read_boolean(word) for word in ("no", "False", "clean")] == [False] * 3
    assert read_boolean("maybe") is None


@given(st.text(max_size=30))
def test_no_text_is_more_than_a_wrong_value(text: str):
    for reads in (read_duration, read_start, lambda value: read_date(value, NEW_YORK)):
        try:
            reads(text)
        except ValueError:
            continue


def text_of(data: bytes) -> str:
    return "".join(decoded(BytesIO(data)))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-8"),
        ("koi8-r", "utf-8"),
    ],
)
def test_encodings(declared: str, encoding: str):
    words = "Grêlé" if declared != "koi8-r" else "plain"
    document = f'<?xml version="1.0" encoding="{declared}"?><a>{words}</a>'
    assert text_of(document.encode(encoding)) == document


def test_windows_letters_under_the_name_of_latin_1():
    data = b'<?xml version="1.0" encoding="iso-8859-1"?><a>it\x92s</a>'
    assert text_of(data).endswith("<a>it’s</a>")


def test_bytes_that_are_no_utf_8():
    assert text_of("<a>Grêlé</a>".encode() + b"<b>Gr\xeal\xe9</b>") == "<a>Grêlé</a><b>Grêlé</b>"


@pytest.mark.parametrize("declared", ["no-such", "zip", "unicode_escape", "undefined", "utf-7"])
def test_encodings_that_are_none_are_utf_8(declared: str):
    assert "é" in text_of(f'<?xml version="1.0" encoding="{declared}"?><a>é</a>'.encode())


@pytest.mark.parametrize("start", ["\ufeff", "\n\n  ", "\ufeff \r\n", "\x00"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_bom_and_space_before_the_declaration(start: str, encoding: str):
    assert (
        text_of(f"{start}<?xml version='1.0'?><a/>".encode(encoding)) == "<?xml version='1.0'?><a/>"
    )


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a&nbsp;b", "a\xa0b"), ("&eacute;&Eacute;", "éÉ"), ("Q & A", "Q & A"),
        ("?a=1&b=2", "?a=1&b=2"), ("&nosuch;", "&nosuch;"), ("&amp;&lt;&gt;", "&<>"),
        ("&LT;b&GT;", "<b>"), ("&#39;&#x27;", "''"), ("&#146;", "’"), ("&#0;x&#8;", "�x"),
        ("&#60;b", "<b"), ("&#1114112;", "�"), ("&;&", "&;&"), ("&amp;nbsp;", "&nbsp;"),
    ],
)  # fmt: skip
def test_references(written: str, read_as: str):
    root, _ = parse(f'<a b="{fix_references(written)}">{fix_references(written)}</a>')
    assert root.text == read_as.strip()
    assert root.attributes["b"] == read_as


MARKUP = st.sampled_from("<>&;/![]-?iteamCDATAx ")


@given(st.text(MARKUP | st.characters(codec="utf-8"), max_size=200), st.integers(1, 60))
def test_segments_do_not_depend_on_the_blocks(text: str, size: int):
    blocks = [text[at : at + size] for at in range(0, len(text), size)]
    expected = [(p.line, p.is_item, p.text) for p in split([text])]
    assert [(p.line, p.is_item, p.text) for p in split(blocks)] == expected


def test_an_item_within_cdata_or_a_comment_is_none():
    one = item(1, notes="<description><![CDATA[An <item> & </item> in code]]></description>")
    (found,) = read(feed("<!-- <item><title>Old</title></item> & -->", one))
    assert found.notes == "An <item> & </item> in code"


def test_lines_are_the_files():
    data = feed(item(1), "\n\n", item(2, notes="<description>a\nb</description>"), item(3))
    lines = data.decode().split("\n")
    for found in read(data):
        assert f"guid-{found.guid[-1]}" in lines[found.line - 1]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]>',
    ],
)
def test_a_feed_that_declares_entities_is_refused(declared: str):
    data = feed(item(1, notes="<description>&b;&a;</description>"), head=declared)
    with pytest.raises(InvalidInput, match="Declares the entity"):
        survey(BytesIO(data))


def test_a_document_type_alone_is_harmless_and_never_fetched():
    head = '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">'
    assert only(feed(item(1), head=head)).guid == "guid-1"


def test_depth_is_limited():
    with pytest.raises(BadXml, match="more than 60 deep"):
        parse("<a>" * 100_000)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "No XML"),
        (b"<html><body>Not here</body></html>", "A web page"),
        (b"<!doctype html>\n<html><br>Not here</html>", "A web page"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>', "An Atom feed"),
        (b"<rss></rss>", "no channel"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "No XML"),
    ],
)
def test_what_is_no_feed(data: bytes, message: str):
    with pytest.raises(InvalidInput, match=message):
        survey(BytesIO(data))


def test_namespaces_by_any_address_prefix_or_none():
    odd = feed(item(7, duration="<i:Duration>90</i:Duration><undeclared:x/>")).replace(
        b"xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"",
        b"xmlns:i=\"HTTPS://www.itunes.com/DTDs/Podcast-1.0.dtd\"",
    )  # fmt: skip
    assert only(odd).enclosure.seconds == 90


def test_addresses_that_are_relative_begin_at_the_feed():
    found = only(
        feed(
            item(
                1,
                link="<link>/1-an-episode</link>",
                enclosure='<enclosure url="../a/1.mp3" length="5" type="audio/mpeg"/>',
                more='<itunes:image href="cover.png"/>',
            )
        )
    )
    assert found.enclosure.url == "https://show.example/a/1.mp3"
    assert (found.link, found.image) == (
        "https://show.example/1-an-episode",
        "https://show.example/cover.png",
    )


def test_a_space_in_an_address_is_read_as_apps_read_it():
    found = only(feed(item(1, enclosure='<enclosure url=" https://a.example/My File.mp3 "/>')))
    assert found.enclosure.url == "https://a.example/My%20File.mp3"


def test_an_item_without_a_guid_is_identified_by_its_audio_else_its_link():
    assert only(feed(item(1, guid=""))).guid == "https://show.example/audio/1.mp3"
    assert only(feed(item(1, guid="", enclosure=""))).guid == "https://show.example/1-an-episode"
    assert only(feed(item(1, guid="", enclosure="", link=""))).guid == ""


def test_the_audio_among_several_enclosures():
    image = '<enclosure url="https://a.example/x.jpg" type="image/jpeg"/>'
    audio = '<enclosure url="https://a.example/x.m4a" length="" type=""/>'
    found = only(feed(item(1, enclosure=image + audio)))
    assert found.enclosure.url == "https://a.example/x.m4a"
    assert found.enclosure.bytes is None
    assert found.enclosure.type == guess_type("x.m4a")[0]


@pytest.mark.parametrize(
    ("link", "slug"),
    [
        ("https://a.example/podcast/37-a-site", "37-a-site"),
        ("https://a.example/37-a-site.html?utm=1#x", "37-a-site"),
        ("https://a.example/37-a-site/", "37-a-site"),
        ("https://a.example/37", None),
        ("https://a.example/", None),
        ("https://a.example/index.php?p=1", None),
    ],
)
def test_slugs_from_links(link: str, slug: str | None):
    assert only(feed(item(1, link=f"<link>{link}</link>"))).slug == slug


def large(items: int, notes: str) -> BytesIO:
    file = BytesIO()
    outside = feed("@")
    before, _, after = outside.partition(b"@")
    file.write(before)
    for number in range(items):
        file.write(item(number, notes=notes).encode())
    file.write(after)
    return file


@pytest.mark.slow
def test_a_feed_of_fifty_megabytes_takes_little_memory():
    notes = f"<description><![CDATA[{'<p>Words & more.</p>' * 1250}]]></description>"
    file = large(2000, notes)
    assert len(file.getvalue()) > 50_000_000
    tracemalloc.start()
    surveyed = survey(file)
    assert sum(1 for found in found_items(file, surveyed.prefixes) if found.node) == 2000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_an_item_larger_than_any_is_left_out_and_the_next_is_read():
    data = feed(item(1, notes=f"<description>{'x' * (MOST + 1)}</description>"), item(2))
    file = BytesIO(data)
    found = list(found_items(file, survey(file).prefixes))
    assert "Larger than any item" in found[0].problem
    assert found[1].node.value("guid") == "guid-2"
