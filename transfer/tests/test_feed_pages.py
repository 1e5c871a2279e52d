"""Feeds on several pages (RFC 5005), imported and compared."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from episodes.models import Episode
from episodes.tests import factories
from feeds import documents
from net.tests.servers import send, server
from transfer.feed_comparison import compare
from transfer.importers.feed import pages as pages_module
from transfer.importers.feed.fetch import opened as opened_address
from transfer.importers.feed.importer import import_feed
from transfer.importers.report import Report
from transfer.tests.checkouts import run as run_command
from transfer.tests.feeds import CHANNEL, feed, item, write

pytestmark = pytest.mark.django_db
Pages = dict[str, bytes]


def page(following: str, *numbers: int) -> bytes:
    """A page with these items; its next page is at this address, if any."""
    link = f'<atom:link rel="next" href="{following}"/>' if following else ""
    return feed(*map(item, numbers), channel=CHANNEL + link)


def serve(pages: Pages, work: Callable[[str], str]) -> tuple[str, list[str]]:
    """What the work with the first page's address gives, and the addresses that were asked."""
    asked = []

    def answering(handler) -> None:
        asked.append(handler.path)
        body = pages.get(handler.path)
        send(handler, body or b"", status=200 if body else 404)

    with server(answering) as origin:
        return work(f"{origin}/feed.xml").replace(origin, ""), asked


def import_address(url: str) -> str:
    out = StringIO()
    with opened_address(url) as found:
        report = Report(out)
        import_feed(found, report)
    report.finish()
    return out.getvalue()


def guids() -> set[str]:
    return set(Episode.objects.values_list("guid", flat=True))


@pytest.mark.parametrize("following", ["?page=2", "/feed.xml?page=2", "feed.xml?page=2"])
def test_an_import_follows_relative_links_to_the_last_page(following: str):
    pages = {
        "/feed.xml": page(following, 8, 7, 6),
        "/feed.xml?page=2": page("?page=3", 5, 4),
        "/feed.xml?page=3": page("", 3, 2, 1),
    }
    out, asked = serve(pages, import_address)
    assert "The feed has 3 pages." in out
    assert "9 items: 9 new" in out and "0 errors, 0 warnings" in out
    assert guids() == {f"guid-{number}" for number in range(1, 9)}
    assert asked == ["/feed.xml", "/feed.xml?page=2", "/feed.xml?page=3"]


def test_archives_are_further_pages():
    link = '<atom:link rel="prev-archive" href="/2019.xml"/>'
    pages = {"/feed.xml": feed(item(2), channel=CHANNEL + link), "/2019.xml": page("", 1)}
    serve(pages, import_address)
    assert guids() == {"guid-1", "guid-2"}


def test_pages_that_lead_in_a_circle_are_read_once():
    pages = {"/feed.xml": page("?page=2", 2), "/feed.xml?page=2": page("/feed.xml", 1)}
    out, asked = serve(pages, import_address)
    assert asked == ["/feed.xml", "/feed.xml?page=2"]
    assert "warning: Leads back to a page before. [next page: /feed.xml]" in out
    assert guids() == {"guid-1", "guid-2"}


def test_a_server_that_always_sends_the_same_page_is_asked_twice():
    pages = {f"/feed.xml{n}": page(f"?n={i}", 1) for i, n in ((1, ""), (2, "?n=1"), (3, "?n=2"))}
    out, asked = serve(pages, import_address)
    assert asked == ["/feed.xml", "/feed.xml?n=1"]
    assert "warning: Has no other items than those before." in out


def test_pages_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages_module, "MOST_PAGES", 3)
    pages = {"/feed.xml": page("?n=2", 1)}
    pages |= {f"/feed.xml?n={n}": page(f"?n={n + 1}", n) for n in range(2, 9)}
    out, asked = serve(pages, import_address)
    assert len(asked) == 3
    assert "error: More than 3 pages. [next page: /feed.xml?n=4]" in out


def test_all_pages_together_have_a_limit(monkeypatch: pytest.MonkeyPatch):
    pages = {"/feed.xml": page("?n=2", 1), "/feed.xml?n=2": page("?n=3", 2),
             "/feed.xml?n=3": page("", 3)}  # fmt: skip
    monkeypatch.setattr(pages_module, "ALL_PAGES", len(pages["/feed.xml?n=2"]) + 10)
    out, _ = serve(pages, import_address)
    assert "error: The next page, with older items, can't be read" in out
    assert guids() == {"guid-1", "guid-2"}


@pytest.mark.parametrize("body", [None, b"<html><body>Not here</body></html>"])
def test_a_page_that_cannot_be_read_is_an_error_and_the_others_are_imported(body: bytes | None):
    pages = {"/feed.xml": page("?page=2", 2)} | ({"/feed.xml?page=2": body} if body else {})
    out, _ = serve(pages, import_address)
    assert "/feed.xml: error: The next page, with older items, can't be read: " in out
    assert "[next page: /feed.xml?page=2]" in out
    assert guids() == {"guid-2"}


def test_an_item_that_moved_to_the_next_page_meanwhile_is_taken_once():
    pages = {"/feed.xml": page("?page=2", 3, 2), "/feed.xml?page=2": page("", 2, 1)}
    out, _ = serve(pages, import_address)
    assert "Items that several pages have, taken once: 1" in out
    assert "0 errors" in out
    assert len(guids()) == 3


def test_another_episode_with_the_same_guid_on_the_next_page_is_named():
    other = item(9, title="<title>Another</title>", guid="<guid>guid-3</guid>")
    renamed = item(2, title="<title>Renamed meanwhile</title>")
    pages = {
        "/feed.xml": page("?page=2", 3, 2),
        "/feed.xml?page=2": feed(other, renamed, item(1)),
    }
    out, _ = serve(pages, import_address)
    assert "Has the GUID of line 2, “Episode of 3”, which counts; left out. [guid: guid-3]" in out
    assert "Another: failed" in out
    assert "Items that several pages have, taken once: 1" in out


def test_a_next_page_in_a_private_network_is_never_asked():
    """The first page's own origin is allowed, because someone named it; no other one is."""
    asked = []
    with server(lambda handler: asked.append(handler.path)) as inner:
        out, _ = serve({"/feed.xml": page(f"{inner}/feed.xml", 1)}, import_address)
    assert "is in a private network" in out
    assert asked == []


def test_lines_of_messages_are_those_of_the_page():
    broken = feed(item(1, date="<pubDate>soon</pubDate>"))
    pages = {"/feed.xml": page("?page=2", 3, 2), "/feed.xml?page=2": broken}
    out, _ = serve(pages, import_address)
    assert "/feed.xml?page=2:2: warning: “soon” isn't a date" in out


def test_a_file_with_a_next_page_warns(tmp_path: Path):
    name = write(tmp_path / "old.xml", page("https://show.example/feed.xml?page=2", 2))
    out = run_command("import_feed", name)
    assert "old.xml: warning: This is one page of a feed; the older items are on the next" in out
    assert "[next page: https://show.example/feed.xml?page=2]" in out
    assert guids() == {"guid-2"}


def test_seasons_are_known_from_all_pages():
    def numbered(season: int, number: int) -> str:
        numbers = f"<itunes:season>{season}</itunes:season><itunes:episode>1</itunes:episode>"
        return item(number, more=numbers)

    link = '<atom:link rel="next" href="?page=2"/>'
    pages = {
        "/feed.xml": feed(numbered(2, 2), channel=CHANNEL + link),
        "/feed.xml?page=2": feed(numbered(1, 1)),
    }
    out, _ = serve(pages, import_address)
    assert "Season 2 counts anew" in out
    assert list(Episode.objects.order_by("guid").values_list("number", "season")) == [
        (1, 1), (None, 2),
    ]  # fmt: skip
    assert " 0 new, 0 changed, " in serve(pages, import_address)[0]


def test_a_comparison_reads_all_pages():
    old = {"/feed.xml": page("?page=2", 3, 2), "/feed.xml?page=2": page("", 1)}
    new = {"/feed.xml": page("?page=2", 3), "/feed.xml?page=2": page("", 2)}

    def compare_addresses(first: str) -> str:
        def with_new(second: str) -> str:
            with opened_address(first) as before, opened_address(second) as after:
                result = compare(before, after)
            return f"{result.old} {result.new} {[str(each) for each in result.differences]}"

        return serve(new, with_new)[0]

    out, _ = serve(old, compare_addresses)
    assert out == "3 2 ['Episode of 1: removed: guid-1 (!)']"


def test_a_comparison_of_one_page_only_is_no_success(tmp_path: Path):
    old = write(tmp_path / "old.xml", page("https://show.example/feed.xml?page=2", 2))
    new = write(tmp_path / "new.xml", page("", 2))
    out = run_command("compare_feed", old, new)
    assert "old.xml: warning: This is one page of a feed" in out
    assert out.endswith("Not readable: 1.\nexit 1")


def test_our_own_feeds_further_pages_come_without_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(documents, "PER_PAGE", 2)
    factories.show()
    for number in range(1, 6):
        factories.episode(f"Episode of {number}", number)
    old = write(tmp_path / "old.xml", feed(item(1)))
    out = run_command("compare_feed", old)
    assert "1 items before, 5 now." in out
