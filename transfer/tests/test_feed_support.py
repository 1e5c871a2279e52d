"""The show's text for support, of which show notes have the words and the feed the links."""

from pathlib import Path

import pytest

from episodes.tests import factories
from show.models import Show
from transfer.importers.feed.support import SupportTexts
from transfer.tests.checkouts import import_notes
from transfer.tests.feeds import feed, item, run, run_twice

pytestmark = pytest.mark.django_db

NOTES = """A Show
Words about it.
Episodes

Jun 1, 2020 • 60min
Episode of 1
Hello.
Support the Show
This podcast is a labor of love. If
you want to support it, buy a course.
Dive into Docker is a course. Gone is
"it works on my machine!".
"""
BLOCK = """<p>Hello.</p><h2>Support the Show</h2>
<p>This podcast is a labor of love. If
  you want to support it, buy a course.</p>
<ul><li><a href="https://docker.example/?from=me&amp;utm_campaign=/{}-an-episode">Dive into
Docker</a> is a course. Gone is <i>"it works on my machine!"</i>.</li></ul>"""


def described(block: str) -> str:
    return f"<description><![CDATA[{block}]]></description>"


def items(*blocks: str) -> list[str]:
    return [item(n, notes=described(each)) for n, each in enumerate(blocks, start=1)]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.txt"
    file.write_text(NOTES)
    return file


@pytest.fixture(autouse=True)
def a_show() -> None:
    factories.show(support_text="")


def stored() -> str:
    return Show.objects.get().support_text


def test_links_come_to_the_same_words_in_either_order(notes: Path):
    data = feed(*items(BLOCK.format(1), BLOCK.format(2)))
    import_notes(notes)
    assert "labor of love" in stored() and "](" not in stored()
    out = run_twice(data)
    assert "The show’s text for support: changed" in out
    assert "[Dive into Docker](https://docker.example/?from=me)" in stored().replace("\n", " ")
    linked = stored()
    assert " 0 new, 0 changed" in import_notes(notes)
    assert stored() == linked


def test_a_dry_run_says_so_and_writes_nothing(notes: Path):
    import_notes(notes)
    out = run(feed(*items(BLOCK.format(1))), dry_run=True)
    assert "The show’s text for support: changed" in out
    assert "](" not in stored()


def test_other_words_than_the_hosts_stay_out_and_are_named():
    Show.objects.update(support_text="Buy me a coffee.")
    out = run(feed(*items(BLOCK.format(1))))
    assert "Here it is “Buy me a coffee.”, which stays; the source says “This podcast" in out
    assert stored() == "Buy me a coffee."


def test_the_block_that_most_items_have_is_the_shows():
    run(feed(*items("<h2>Support the show</h2><p>Once only.</p>", *[BLOCK.format(9)] * 2)))
    assert "labor of love" in stored()


def test_parameters_that_name_the_episode_go_and_others_stay():
    found = SupportTexts()
    link = "[A course](https://one.example/?utm_campaign=/p/7-a-site&b=2#top)"
    found.add(f"Hello.\n\n## Support the show\n\n{link}\n", "7-a-site")
    assert found.commonest == "[A course](https://one.example/?b=2#top)"
