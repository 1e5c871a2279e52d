"""Feeds in the manner of hosting companies: on two pages, with what each of them adds."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers

from episodes.models import Episode
from media.tests.test_uploads import picture
from net.tests.servers import send, server
from transfer.importers.feed.fetch import opened
from transfer.importers.feed.importer import import_feed
from transfer.importers.feed.values import letters
from transfer.importers.feed.xml_tree import Node, parse
from transfer.importers.report import Report

pytestmark = pytest.mark.django_db

HOSTS = sorted(Path(__file__).with_name("hosts").glob("*.xml"))
NEXT_PAGE = "<!-- next page -->\n"
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [
        {"startTime": 0, "title": "Bonjour"},
        {"startTime": 90, "title": "BGP", "url": "https://bgp.example/", "img": "bgp.jpg"},
        {"startTime": 95, "img": "x.jpg", "toc": False},
    ],
}
FILES = {
    "/2.json": json.dumps(CHAPTERS).encode(),
    "/2.vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\n<v Val Xi>Bonjour.\n",
    "/2.srt": b"1\n00:00:00,000 --> 00:00:02,000\nGood night.\n",
    "/dee.png": picture("PNG"),
}
# Values that are stored in another form; other tests say in which.
OTHERWISE = {
    "pubdate", "itunes:duration", "itunes:explicit", "itunes:type", "itunes:episodetype",
    "itunes:block", "itunes:complete", "podcast:locked", "itunes:category@text", "atom:link@rel",
    "itunes:new-feed-url", "podcast:medium", "managingeditor", "guid@ispermalink",
    "atom:link@type", "atom:link@title", "podcast:chapters@type", "podcast:transcript@type",
    "psc:chapters@version", "psc:chapter@start", "podcast:person@role", "podcast:person@group",
    "podcast:transcript@url", "podcast:chapters@url", "enclosure@length", "language",
    "content:encoded", "description", "itunes:summary", "title", "podcast:person@img",
}  # fmt: skip


def import_pages(path: Path, dry_run: bool = False) -> str:
    """Import the pages as a server sends them; what is printed."""
    pages = path.read_text("utf-8").split(NEXT_PAGE)
    out = StringIO()

    def answering(handler) -> None:
        origin = f"http://{handler.headers['Host']}"
        name, _, query = handler.path.partition("?")
        if name == "/feed.xml":
            page = pages[int(query.partition("=")[2] or 1) - 1]
            send(handler, page.replace("{origin}", origin).encode())
        elif name in FILES:
            send(handler, FILES[name])
        else:
            send(handler, status=404)

    with server(answering) as origin, opened(f"{origin}/feed.xml") as feed:
        report = Report(out, dry_run)
        import_feed(feed, report)
        report.finish()
    return out.getvalue().replace(origin, "{origin}")


def host(name: str) -> Path:
    return Path(__file__).with_name("hosts") / f"{name}.xml"


def stored() -> str:
    """All rows as text."""
    labels = ("show", "episodes", "guests", "topics")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    rows = [row for model in models for row in model._base_manager.all()]
    return serializers.serialize("json", rows, ensure_ascii=False)


def values(node: Node, within: str = "") -> Iterator[tuple[str, str, str]]:
    """The label, kind and value of each text and attribute below a node."""
    for child in node.children:
        label = within + child.label
        for name, value in child.attributes.items():
            if value and not name.startswith("xmlns"):
                yield label, f"{child.name}@{name}", value
        if child.text:
            yield label, child.name, child.text
        yield from values(child, "" if child.name in ("channel", "item") else f"{label}/")


@pytest.mark.parametrize("path", HOSTS, ids=lambda path: path.stem)
def test_every_element_is_taken_or_in_the_report(path: Path):
    out = import_pages(path)
    assert "0 errors" in out, out
    assert Episode.objects.count() == 2
    taken = f"{stored()} {out}".replace("\\n", " ")
    plain = letters(taken)
    lost = [
        (label, kind, value)
        for page in path.read_text("utf-8").split(NEXT_PAGE)
        for label, kind, value in values(parse(page)[0])
        if kind not in OTHERWISE and "feed.xml" not in value
        and value not in taken and letters(value) not in plain
        and not is_reported(label, kind, out)
    ]  # fmt: skip
    assert lost == [], out


def is_reported(label: str, kind: str, out: str) -> bool:
    """Whether the report names the element, one around it, or the attribute."""
    names = label.split("/")
    named = ["/".join(names[: end + 1]) for end in range(len(names))]
    named += [f"{label}@{kind.partition('@')[2]}"] if "@" in kind else []
    lines = (f"  {name}{after}" for name in named for after in (": ", " rel="))
    return any(line in out for line in lines) or f" {names[-1]} (" in out


@pytest.mark.parametrize("path", HOSTS, ids=lambda path: path.stem)
def test_a_second_import_changes_nothing(path: Path):
    import_pages(path)
    assert " 0 new, 0 changed, 3 unchanged" in import_pages(path)
