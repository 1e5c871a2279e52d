"""Episodes that a source had at its last import and has no more."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from episodes.bin import empty_bin
from episodes.models import Episode
from episodes.tests import factories
from show.models import Redirect
from transfer.tests import feeds
from transfer.tests.checkouts import checkout, import_site, post
from transfer.tests.feeds import feed, item

pytestmark = pytest.mark.django_db

GONE = "warning: Gone from the source, and still public here: withdraw it at the desk."
SECOND = "_posts/podcast/2020-01-02-2-a-site.md"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    factories.show()
    root = checkout(tmp_path, post(), post(title="Another Site"))
    assert "Gone" not in import_site(root)
    return root


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_post_that_is_gone_is_named_for_as_long_as_it_is_public(site: Path, dry_run: bool):
    (site / SECOND).unlink()
    for _ in range(2):
        out = import_site(site, dry_run=dry_run)
        assert f"_posts: {GONE} [episode: 2: Another Site]" in out
        assert out.count("Gone") == 1
    assert Episode.objects.count() == 2
    Episode.objects.filter(number=2).update(status="withdrawn")
    assert "Gone" not in import_site(site, dry_run=dry_run)


def test_a_post_that_is_renamed_or_cannot_be_read_is_not_gone(site: Path):
    file = site / SECOND
    file = file.rename(file.with_name("2020-01-02-2-another-name.md"))
    assert "Gone" not in import_site(site)
    file.write_text("---\ntitle: 'Odd\n---\n")
    assert "Gone" not in import_site(site)


def test_an_item_that_is_gone_is_named_unless_it_is_older_than_the_feed():
    factories.show()
    feeds.run(feed(item(3), item(2), item(1)))
    out = feeds.run(feed(item(3), item(1)))
    assert f"{GONE} [episode: Episode of 2]" in out
    out = feeds.run(feed(item(3), item(2)))
    assert "Gone" not in out
    assert "Older than all that the source has now, and still here: 1\n" in out


def test_an_episode_that_was_removed_here_for_good_stays_away(site: Path):
    feeds.run(feed(item(3)))
    long_ago = timezone.now() - timedelta(days=40)
    Episode.objects.update(first_published_at=long_ago - timedelta(days=1))
    Episode.objects.filter(number=2).update(deleted_at=long_ago)
    Episode.objects.filter(guid="guid-3").update(deleted_at=long_ago)
    assert "Removed 2 episodes" in empty_bin()
    for dry_run in (True, False):
        outs = (import_site(site, dry_run=dry_run), feeds.run(feed(item(3)), dry_run=dry_run))
        for out in outs:
            assert "Gone for good here: left out." in out
            assert " 0 new, 0 changed" in out
    assert Episode.with_deleted.count() == 1
    Redirect.objects.get(old_path="/podcast/2-a-site").delete()
    assert "2: Another Site: new" in import_site(site)


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_episode_with_a_new_guid_is_not_gone(dry_run: bool):
    factories.show()
    feeds.run(feed(item(3), item(2), item(1)))
    others = [item(n, guid=f"<guid>new-{n}</guid>") for n in (3, 2, 1)]
    out = feeds.run(feed(*others), dry_run=dry_run)
    assert "guid: “guid-3” → “new-3”" in out
    assert "Gone" not in out and "still here" not in out
