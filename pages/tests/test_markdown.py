"""An episode as Markdown."""

import pytest
from django.test import Client
from markdown_it import MarkdownIt

from episodes.models import Episode, Reference
from episodes.tests.factories import guest, show, technology
from pages.tests.factories import full_episode, in_the_future, interview
from show.models import Redirect

pytestmark = pytest.mark.django_db

SITE = "https://show.example.org"
EXPECTED = f"""\
# 37: A \\*star\\* is born

- Published: 2021-02-14
- Length: 50 min
- Guest: [Guest 37]({SITE}/guests/guest-37)
- Host: Nick Janetakis
- Show: [Running in Production]({SITE}/)
- Page: <{SITE}/podcast/37-a-star>
- Audio: <{SITE}/audio/podcast-37.mp3>

Summary 37.

See [Redis]({SITE}/stack/redis) and [then]({SITE}/podcast/37-a-star?t=60).

## Topics

- [1:40]({SITE}/podcast/37-a-star?t=100) Why *Django*
- [25:26]({SITE}/podcast/37-a-star?t=1526) [AWS](https://aws.amazon.com/)

## References

- <https://example.org/read>

## Tech stack

- [Django]({SITE}/stack/django)

## Libraries

- <https://github.com/celery/celery>
"""


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE
    show()


def star() -> Episode:
    return full_episode(
        37,
        title="A *star* is born",
        slug="37-a-star",
        introduction="See [Redis](/stack/redis) and [then](?t=60).",
        topics=[(100, "Why *Django*"), (1526, "[AWS](https://aws.amazon.com/)")],
        technologies=["Django"],
        guests=["Guest 37"],
    )


def test_the_document(client: Client) -> None:
    star()
    response = client.get("/podcast/37-a-star.md")
    assert response.content.decode() == EXPECTED
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Link"] == f'<{SITE}/podcast/37-a-star>; rel="canonical"'
    assert response.headers["ETag"]
    page = client.get("/podcast/37-a-star").content.decode()
    assert '<link rel="alternate" type="text/markdown" href="/podcast/37-a-star.md">' in page


def test_markdown_reads_it_back(client: Client) -> None:
    star()
    html = MarkdownIt().render(client.get("/podcast/37-a-star.md").content.decode())
    assert "<h1>37: A *star* is born</h1>" in html
    assert f'<a href="{SITE}/podcast/37-a-star?t=1526">25:26</a>' in html
    assert html.count("<h2>") == 4


def test_interviews_too(client: Client) -> None:
    row = interview(1)
    text = client.get(f"{row.get_absolute_url()}.md").content.decode()
    assert text.startswith("# 1: Interview 1\n")
    assert "## What do you run?\n\nPhoenix." in text
    assert "Audio" not in text
    assert f"{row.slug}.md" in client.get(row.get_absolute_url()).content.decode()


def test_only_published_episodes_have_markdown(client: Client) -> None:
    rows = [
        full_episode(1, status=Episode.Status.DRAFT),
        full_episode(2, status=Episode.Status.WITHDRAWN),
        full_episode(3, published_at=in_the_future()),
    ]
    for row in rows:
        assert client.get(f"/podcast/{row.slug}.md").status_code == 404
    assert client.get("/podcast/nothing.md").status_code == 404


def test_it_moves_with_its_page(client: Client) -> None:
    star()
    Redirect.objects.move("/podcast/37-old", "/podcast/37-a-star")
    assert client.get("/podcast/37-old.md").headers["Location"] == "/podcast/37-a-star.md"
    assert client.get("/podcast/37-a-star.html").headers["Location"] == "/podcast/37-a-star"
    assert client.get("/podcast/37-a-star.md/").headers["Location"] == "/podcast/37-a-star.md"


def test_odd_names_stay_text(client: Client) -> None:
    guest("[Bob](https://x.example) <b>", slug="bob")
    technology("C_#*", slug="c")
    row = full_episode(1, guests=["[Bob](https://x.example) <b>"], technologies=["C_#*"])
    html = MarkdownIt().render(client.get(f"/podcast/{row.slug}.md").content.decode())
    assert f'<a href="{SITE}/guests/bob">[Bob](https://x.example) &lt;b&gt;</a>' in html
    assert f'<a href="{SITE}/stack/c">C_#*</a>' in html


def test_no_address_ends_its_link(client: Client) -> None:
    row = star()
    Reference.objects.create(episode=row, position=9, url="https://example.org/?q=<b> c", label="Q")
    text = client.get("/podcast/37-a-star.md").content.decode()
    assert "[Q](<https://example.org/?q=%3Cb%3E%20c>)" in text
