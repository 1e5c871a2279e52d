"""Which links are paid for, and how they are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.affiliates import has_affiliates, is_affiliate, mark_affiliates, mark_sponsored, rel_of
from text.markup import render_block


@pytest.mark.parametrize(
    "url",
    [
        "https://amzn.to/353peDI",
        "https://www.amazon.com/dp/1680507826?tag=show-20",
        "https://www.amazon.co.uk/dp/1680507826/?psc=1&tag=show-21",
        "https://m.do.co/c/1a2b3c",
        "https://www.digitalocean.com/?refcode=1a2b3c&utm_source=x",
        "https://www.namesilo.com/?rid=1a2b3c",
        "https://usefathom.com/ref/UK5SO2",
        "https://acme.pxf.io/c/123/456",
        "https://shop.example.com/?aff_id=9",
    ],
)
def test_affiliate(url: str) -> None:
    assert is_affiliate(url)
    assert rel_of(url) == "sponsored noopener"
    assert has_affiliates([], [url])


@pytest.mark.parametrize(
    "url",
    [
        "https://aws.amazon.com/s3/",
        "https://www.amazon.com/dp/1680507826",
        "https://docs.djangoproject.com/en/3.0/ref/contrib/postgres/search/",
        "https://example.com/posts?tag=django",
        "https://github.com/a/b?ref=main",
        "https://diveintodocker.com/?utm_source=nj&utm_medium=rip",
        "https://notamzn.to/x",
        "/stack/django",
        "?t=1526",
        "mailto:a@b.example",
        "http://[",
        "",
    ],
)
def test_no_affiliate(url: str) -> None:
    assert not is_affiliate(url)
    assert rel_of(url) == "noopener"


def test_html_is_marked_when_read() -> None:
    html = render_block(
        '[a](https://amzn.to/1 "Book"), [b](https://www.amazon.de/x?a=1&tag=s-21) [c](/d)'
    )
    marked = mark_affiliates(html)
    assert 'title="Book" rel="sponsored noopener">a</a>' in marked
    assert 'tag=s-21" rel="sponsored noopener">b</a>' in marked
    assert '<a href="/d" rel="noopener">c</a>' in marked
    assert mark_affiliates(marked) == marked
    assert mark_sponsored(html).count('rel="sponsored noopener"') == 2
    other = '<a href="https://x.example">x</a>'
    assert mark_sponsored(other) == '<a href="https://x.example" rel="sponsored">x</a>'
    assert mark_affiliates(other) == other
    assert has_affiliates([html])
    assert not has_affiliates(["<p>amzn.to</p>", '<a href="/x">x</a>'])


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    is_affiliate(text)
    html = render_block(text)
    assert mark_affiliates(html).count("<a ") == html.count("<a ")
