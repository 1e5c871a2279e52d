"""Markdown becomes HTML that is safe whoever wrote it, and plain words for machines."""

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.markup import links_in, plain_block, plain_text, render_block, render_inline

MARKUP = [
    "**", "*", "_", "`", "[", "](", ")", "<", ">", "!", "#", "\n", "&", "&lt;", "~~", '"', "\\",
    "https://example.com/", "javascript:", "data:text/html,", "<script>", "<b onclick=x>",
]  # fmt: skip
markdown = st.lists(st.sampled_from(MARKUP) | st.text(max_size=5), max_size=12).map("".join)


@given(markdown)
def test_no_script_gets_through(text):
    for html in (render_block(text), render_inline(text)):
        assert "<script" not in html
        for tag in re.findall(r"<[^>]*>", html):
            assert not re.search(r"\son\w+=|(?:href|src)=\"\s*(?:javascript|data|vbscript):", tag)


@given(markdown)
def test_plain_text_is_one_line(text):
    for words in (plain_text(text), plain_block(text)):
        assert words == " ".join(words.split())


@given(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=40))
def test_words_without_markup_stay(text):
    assert plain_text(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("plain", "plain"),
        ("*PRODUCTION*", "<em>PRODUCTION</em>"),
        ("`code` -> more", "<code>code</code> -&gt; more"),
        ("&amp; &", "&amp; &amp;"),
        ("a\nb", "a b"),
        ("[a](/b)", '<a href="/b" rel="noopener">a</a>'),
        ("https://a.com/", '<a href="https://a.com/" rel="noopener">https://a.com/</a>'),
        ("<https://a.com/>", '<a href="https://a.com/" rel="noopener">https://a.com/</a>'),
        ("[a](mailto:a@b.com)", '<a href="mailto:a@b.com" rel="noopener">a</a>'),
        ("<b>raw</b>", "&lt;b&gt;raw&lt;/b&gt;"),
    ],
)
def test_inline(source, html):
    assert render_inline(source) == html


def test_a_text_s_headings_stand_below_the_page_s():
    assert render_block("# A\n\n## B") == "<h2>A</h2>\n<h2>B</h2>"


def test_no_link_leads_to_a_script():
    assert "href" not in render_inline("[a](javascript:alert(1))")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('[Ann](https://a.com "1 > 2") & <i>', "Ann & <i>"),
        ("You can find **Ann** on `dev.to`", "You can find Ann on dev.to"),
        ("2 < 3 > 1", "2 < 3 > 1"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_plain_text(source, words):
    assert plain_text(source) == words


def test_plain_block_parts_paragraphs():
    assert plain_block("One.\n\nTwo\n\n- three\n- four") == "One. Two three four"


def test_links_in_order_without_repeats():
    text = "[b](https://b.com/?x=1&y=2) https://a.com/ [b](https://b.com/?x=1&y=2)"
    assert links_in(text) == ["https://b.com/?x=1&y=2", "https://a.com/"]


@pytest.mark.parametrize("unit", ["http://a.", "://", "x://", "*a**b", "[x][", "![a](<b", "_a_b"])
def test_a_paragraph_of_absurd_length_is_plain_text(unit):
    """Its emphasis and links would take time quadratic in its length."""
    text = unit * (100_000 // len(unit))
    assert render_block(f"# Before\n\n{text}\n\n*after*") == (
        f"<h2>Before</h2>\n<p>{escape(text, quote=False)}</p>\n<p><em>after</em></p>"
    )
    assert render_inline(text) == escape(text, quote=False)


def test_each_paragraph_of_a_long_text_has_its_links():
    text = "See http://a.example and *this*. " * 100
    html = render_block("\n\n".join([text] * 20))
    assert html.count('<a href="http://a.example"') == html.count("<em>") == 2000


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.example/_x_", ["https://a.example/_x_"]),
        ("HTTP://a.example", ["HTTP://a.example"]),
        ("ftp://a.example", []),  # not one of the schemes that stay
        ("xhttp://a.example", []),
        ("(https://a.example/b_c_d)", ["https://a.example/b_c_d"]),
        ("See www.a.example/b, or (WWW.b.dev).", ["http://www.a.example/b", "http://WWW.b.dev"]),
        ("mailto:a@b.example", ["mailto:a@b.example"]),
    ],
)
def test_addresses_become_links(text, links):
    assert links_in(text) == links


@pytest.mark.parametrize(
    "name",
    ["ASP.NET", "web3.py", "VB.Net", "Authorize.Net", "Node.js", "dev.to", "example.com/a",
     "a@b.example", "//example.com", "@ann@mastodon.social", "www.", "www.a"],
)  # fmt: skip
def test_bare_words_are_no_links(name):
    assert links_in(f"We use {name}, and **{name}** too.") == []
    assert plain_text(f"We use {name}.") == f"We use {name}."
