import pytest

from feeds.shownotes import absolute_links

PAGE = "https://show.example/podcast/37-diary"


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("/podcast/12-other", "https://show.example/podcast/12-other"),
        ("?t=60", "https://show.example/podcast/37-diary?t=60"),
        ("#25:26", "https://show.example/podcast/37-diary#25:26"),
        ("12-other", "https://show.example/podcast/12-other"),
        ("//cdn.example/a.png", "https://cdn.example/a.png"),
        ("https://other.example/?a=1&amp;b=2", "https://other.example/?a=1&amp;b=2"),
        ("mailto:ann@example.org", "mailto:ann@example.org"),
    ],
)
def test_links_become_absolute(address, whole):
    assert absolute_links(f'<a href="{address}" rel="noopener">x</a>', PAGE) == (
        f'<a href="{whole}" rel="noopener">x</a>'
    )


def test_image_urls_become_absolute_and_text_stays():
    html = '<img src="/media/a.png" alt=""><code> href="/x"</code>'
    assert absolute_links(html, PAGE) == (
        '<img src="https://show.example/media/a.png" alt=""><code> href="/x"</code>'
    )


def test_an_invalid_url_breaks_nothing():
    html = '<a href="//[">x</a>'
    assert absolute_links(html, PAGE) == '<a href="https://[">x</a>'
