"""An import, and its dry run, names what it changes, so that a host can decide."""

from pathlib import Path

import pytest

from episodes.tests import factories
from show.models import FollowLink
from transfer.tests import feeds
from transfer.tests.checkouts import CONFIG, checkout, import_site, post
from transfer.tests.feeds import feed, item

pytestmark = pytest.mark.django_db

APPS = 'links:\n  subscribe:\n    overcast: "https://overcast.fm/{}"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    factories.show(website="https://runninginproduction.com")
    checkout(tmp_path, post("- 1:00 -- Why Flask\n- 2:00 -- Where it runs\n"))
    import_site(tmp_path)
    return tmp_path


def both_runs(root: Path) -> str:
    """What the dry run prints; the real run prints the same."""
    out = import_site(root, dry_run=True)
    assert import_site(root) == out.replace(" (dry run: nothing was written)", "")
    return out


def test_what_an_episode_loses_and_what_is_replaced_is_named(root: Path):
    checkout(root, post("- 2:00 -- Where it all runs\n", description='description: "New"\n'))
    out = both_runs(root)
    assert "1: A Site Built with Flask: topic deleted: “1:00 – Why Flask”\n" in out
    assert "Flask: topic: “2:00 – Where it runs” → “2:00 – Where it all runs”\n" in out
    assert "Flask: summary: “Ann Lee goes over building a site.” → “New”\n" in out
    assert "1: A Site Built with Flask: changed\n" in out


def test_what_is_only_added_is_counted_by_field(root: Path):
    more = "- 1:00 -- Why Flask\n- 2:00 -- Where it runs\n- 3:00 -- C\n- 4:00 -- D\n"
    checkout(root, post(more))
    assert "1: A Site Built with Flask: added: topic (2)\n" in both_runs(root)


def test_of_many_changes_the_first_ones_are_named(root: Path):
    checkout(root, post("".join(f"- {n}:00 -- Words {n}\n" for n in range(1, 31))))
    import_site(root)
    checkout(root, post("- 1:00 -- Words 1\n"))
    out = both_runs(root)
    assert out.count("topic deleted: ") == 10
    assert "1: A Site Built with Flask: 19 more changes\n" in out


def test_settings_name_the_link_and_both_addresses(root: Path):
    for address in ("one", "two"):  # new, then changed
        checkout(root, config=CONFIG.replace("links:\n", APPS.format(address), 1))
        out = both_runs(root)
        assert ("Follow link from links.subscribe.overcast: Overcast" in out) == (address == "one")
    assert FollowLink.objects.get().url == "https://overcast.fm/two"
    assert "Overcast: url: “https://overcast.fm/one” → “https://overcast.fm/two”\n" in out
    assert "Settings: changed\n" in out


def test_what_a_feed_changes_about_the_show_is_named():
    factories.show()
    for words in ("First words.", "Other words."):
        channel = f"<title>A Show</title><copyright>{words}</copyright>"
        out = feeds.run(feed(item(1), channel=channel))
    assert "Running in Production: copyright: “First words.” → “Other words.”\n" in out


def test_what_the_first_import_fills_is_named_by_column():
    factories.show()
    out = feeds.run(feed(item(1), channel="<title>A Show</title><copyright>Me</copyright>"))
    assert "Running in Production: added: copyright\n" in out
