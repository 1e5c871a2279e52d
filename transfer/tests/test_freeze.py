"""What `freeze` writes, and when it refuses."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from episodes.models import SocialCard
from episodes.tests.factories import episode, show
from pages.tests.factories import transcript
from transfer.freeze import site_copy
from transfer.freeze.addresses import SiteLink, file_of, links_in
from transfer.freeze.rewrite import rewritten

ORIGIN = "https://show.example"


@pytest.fixture
def static(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("collectstatic", interactive=False, verbosity=0)


def freeze(folder: Path) -> str:
    out = StringIO()
    call_command("freeze", str(folder), stdout=out)
    return out.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.django_db
def test_twice_writes_the_same(tmp_path: Path, static: None):
    show()
    episode("One", 1, topics=[(60, "Queues")], technologies=["Flask"])
    assert "pages and files" in freeze(tmp_path / "copy")
    first = files(tmp_path / "copy")
    assert b"Queues" in first["site/podcast/1-one/index.html"]
    assert first["site/podcast/feed.xml"].startswith(b"<?xml")
    freeze(tmp_path / "copy")
    assert {n: b for n, b in files(tmp_path / "copy").items() if first.get(n) != b} == {}


@pytest.mark.django_db
def test_only_icons_in_use_are_copied(tmp_path: Path, static: None):
    show()
    episode("One", 1, technologies=["Flask", "AWS"])
    for name in ("flask", "ruby"):
        (tmp_path / "static" / "icons" / f"{name}.svg.gz").touch()
    freeze(tmp_path / "copy")
    icons = {path.name for path in (tmp_path / "copy/site/static/icons").iterdir()}
    own = {
        "django.svg",
        "nginx.svg",
        "postgresql.svg",
        "prometheus.svg",
        "python.svg",
        "sentry.svg",
    }
    assert icons - own == {"flask.svg", "flask.svg.gz"}


@pytest.mark.django_db(transaction=True)
def test_cards_are_drawn_where_none_is_stored(tmp_path: Path, static: None):
    """Outside of a test's transaction, as an operator runs it: the snapshot may only read."""
    show()
    episode("One", 1, technologies=["Flask"], topics=[(60, "Queues")])
    freeze(tmp_path / "copy")
    cards = sorted(tmp_path.glob("copy/site/cards/*.png"))
    owners = Counter(path.stem[32] for path in cards)
    assert owners == {"e": 1, "c": 1, "p": 7}, (
        "the cards of the episode, the technology, lists and home page"
    )
    assert not any("-" in path.stem for path in cards), "none of the moment"
    assert SocialCard.objects.count() == 9
    stored = sorted(path.read_bytes() for path in Path(settings.MEDIA_ROOT).glob("cards/*.png"))
    assert sorted(path.read_bytes() for path in cards) == stored


@pytest.mark.django_db(transaction=True)
def test_a_card_that_becomes_due_meanwhile_is_drawn_and_not_stored(
    tmp_path: Path, static: None, monkeypatch: pytest.MonkeyPatch
):
    show()
    episode("One", 1)
    monkeypatch.setattr(site_copy, "draw_missing", lambda progress: 0)
    freeze(tmp_path / "copy")
    cards = tmp_path.glob("copy/site/cards/*.png")
    assert len([path for path in cards if path.stem[32] == "e"]) == 1
    assert not SocialCard.objects.exists()


@pytest.mark.django_db
def test_it_shows_how_far_it_is(tmp_path: Path, static: None):
    show()
    episode("One", 1)
    said: list[str] = []
    site_copy.freeze(tmp_path / "copy", "80", said.append)
    assert said[0] == "1 of 8 social cards drawn"
    assert said[-1].endswith(" pages and files, 0 waiting")


@pytest.mark.django_db
def test_transcripts_are_copied_as_page_and_files(tmp_path: Path, static: None):
    show()
    transcript(episode("One", 1))
    freeze(tmp_path / "copy")
    below = tmp_path / "copy" / "site" / "podcast" / "1-one"
    for name in ("transcript/index.html", "transcript.vtt", "transcript.json"):
        assert "Sentence 2." in (below / name).read_text()


@pytest.mark.django_db
def test_a_broken_link_stops_it(tmp_path: Path, static: None):
    show()
    episode("One", 1, introduction_html='<p><a href="/podcast/no-such">x</a></p>')
    with pytest.raises(CommandError, match="/podcast/no-such: 404, named by /podcast/1-one"):
        freeze(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert not list(tmp_path.glob(".copy-*"))


@pytest.mark.django_db
def test_audio_that_is_not_stored_is_said(tmp_path: Path, static: None, settings):
    show()
    row = episode("One", 1)
    row.enclosure.url = row.enclosure.imported_url = f"{settings.SITE_URL}/audio/podcast-1.mp3"
    row.enclosure.save()
    assert "1 audio addresses have no file here; the first: /audio/podcast-1" in freeze(
        tmp_path / "copy"
    )


@pytest.mark.django_db
def test_another_folder_is_never_touched(tmp_path: Path, static: None):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("precious")
    with pytest.raises(CommandError, match="not empty"):
        freeze(tmp_path / "mine")
    assert files(tmp_path / "mine") == {"index.html": b"precious"}


@pytest.mark.django_db
def test_without_static_files_it_says_what_to_do(tmp_path: Path, settings):
    settings.STATIC_ROOT = tmp_path / "none"
    with pytest.raises(CommandError, match="collectstatic"):
        freeze(tmp_path / "copy")


@pytest.mark.parametrize(
    ("address", "type_", "name"),
    [
        ("/", "text/html", "index.html"),
        ("/podcast/", "text/html", "podcast/index.html"),
        ("/podcast/?page=2", "text/html", "podcast/page=2/index.html"),
        ("/podcast/37-a", "text/html", "podcast/37-a/index.html"),
        ("/old.html", "text/html", "old.html"),
        ("/podcast/feed.xml", "application/rss+xml", "podcast/feed.xml"),
        ("/podcast/feed.xml?stack=a", "application/rss+xml", "podcast/stack=a/feed.xml"),
        ("/follow?feed=/a/feed.xml", "text/html", "follow/feed=/a/feed.xml/index.html"),
        (
            "/oembed?format=json&url=https%3A%2F%2Fshow.example%2Fpodcast%2F37-a",
            "application/json",
            "format=json&url=/podcast/37-a/oembed.json",
        ),
        ("/media/a%20b.png", "image/png", "media/a b.png"),
        ("/podcast/?q=a/../b", "text/html", None),
        ("/%2e%2e/x", "text/html", None),
        ("/x%00", "text/html", None),
        ("/" + "x" * 300, "text/html", None),
    ],
)
def test_files_of_addresses(address: str, type_: str, name: str | None):
    assert file_of(address, type_) == name


def test_links_of_a_page():
    page = (
        '<a href="a?t=5">x</a><a href="/b?page=2#c" rel="nofollow">x</a><a href="mailto:x@y">x</a>'
        '<a href="https://other.example/">x</a><img src="/i.png" srcset="/j.png 2x">'
        f'<meta property="og:image" content="{ORIGIN}/cards/1.png"><form action="/search"></form>'
    )
    assert list(links_in("text/html", page, "/podcast/x", ORIGIN)) == [
        SiteLink("/podcast/a"),
        SiteLink("/b?page=2", nofollow=True),
        SiteLink("/i.png"),
        SiteLink("/j.png"),
        SiteLink("/cards/1.png"),
        SiteLink("/search"),
    ]


MOVED = {
    "/podcast/?page=2": "/podcast/page=2/",
    "/?a=1&b=2": "/a=1&b=2/",
    "/37": "/podcast/37-a",
    "/audio/1.mp3": "https://cdn.example/1.mp3?a=1&b=2",
}


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        ("text/html", '<a href="?page=2#x">', '<a href="/podcast/page=2/#x">'),
        ("text/html", '<a href="/?a=1&amp;b=2">', '<a href="/a=1&amp;b=2/">'),
        ("text/html", '<a href="37-a">', '<a href="/podcast/37-a">'),
        ("text/html", '<a href="/37?t=60">', '<a href="/podcast/37-a?t=60">'),
        (
            "text/html",
            '<a data-audio="/audio/1.mp3">',
            '<a data-audio="https://cdn.example/1.mp3?a=1&amp;b=2">',
        ),
        (
            "text/html",
            f'<script type="application/ld+json">{{"url": "{ORIGIN}/?a=1\\u0026b=2"}}</script>',
            f'<script type="application/ld+json">{{"url": "{ORIGIN}/a=1\\u0026b=2/"}}</script>',
        ),
        ("text/html", '<form action="/podcast/">', '<form action="/search">'),
        ("text/html", '<form action="https://x.example/">', '<form action="https://x.example/">'),
        ("text/html", '<a href="?t=60">?page=2 /37</a>', '<a href="?t=60">?page=2 /37</a>'),
        (
            "text/html",
            '<a href="mailto:a@b.c"><a href="#x">',
            '<a href="mailto:a@b.c"><a href="#x">',
        ),
        (
            "application/rss+xml",
            f"<link>{ORIGIN}/?a=1&amp;b=2</link>",
            f"<link>{ORIGIN}/a=1&amp;b=2/</link>",
        ),
        (
            "application/rss+xml",
            f"<d>&lt;a href=&quot;{ORIGIN}/?a=1&amp;amp;b=2&quot;&gt;x</d>",
            f"<d>&lt;a href=&quot;{ORIGIN}/a=1&amp;amp;b=2/&quot;&gt;x</d>",
        ),
        (
            "application/rss+xml",
            f'<enclosure url="{ORIGIN}/audio/1.mp3"/>',
            '<enclosure url="https://cdn.example/1.mp3?a=1&amp;b=2"/>',
        ),
        ("text/markdown", f"[x]({ORIGIN}/podcast/?page=2)", f"[x]({ORIGIN}/podcast/page=2/)"),
    ],
)
def test_links_lead_to_files(type_: str, before: str, after: str):
    assert rewritten(type_, before, "/podcast/", ORIGIN, MOVED.get) == after


def test_links_of_a_feed_and_of_data():
    feed = f'<a>{ORIGIN}/one.</a>&lt;a href="{ORIGIN}/two?a=1&amp;amp;b=2"&gt;<c url="{ORIGIN}/3"/>'
    found = [link.address for link in links_in("application/rss+xml", feed, "/feed.xml", ORIGIN)]
    assert found == ["/one", "/two?a=1&b=2", "/3"]
    data = f'{{"url": "{ORIGIN}\\/x", "search": "{ORIGIN}/search?q={{words}}"}}'
    found = [link.address for link in links_in("application/json", data, "/x.json", ORIGIN)]
    assert found[0] == "/x"
