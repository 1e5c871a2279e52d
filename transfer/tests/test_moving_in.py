"""A show moves: its old site, notes and feed come in, and no app sees a difference."""

from io import BytesIO

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.test import Client

from episodes.models import Episode
from episodes.tests import factories
from show.models import Show
from topics.models import Topic
from transfer.feed_comparison import compare
from transfer.importers.feed.fetch import OpenedFeed
from transfer.tests.checkouts import import_notes, import_site
from transfer.tests.checkouts import run as run_command
from transfer.tests.feeds import opened, run

pytestmark = pytest.mark.django_db

FIXTURES = project.BASE_DIR / "fixtures"
HERE = project.BASE_DIR / "transfer" / "tests"
OLD_FEED = (HERE / "old-feed.xml").read_bytes()
ADDRESS = "https://runninginproduction.com/podcast/feed.xml"
WITHDRAWN = (
    "https://runninginproduction.com/podcast/72-this-episode-was-removed-because-it-is-under-review"
)


Notes = set[tuple[int | None, int, str]]


def notes() -> Notes:
    return set(Topic.objects.values_list("episode__number", "seconds", "text"))


@pytest.fixture
def moved(settings) -> Notes:
    """Everything in, in the order that docs/moving.md gives; the topics before the feed came."""
    settings.SITE_URL = "https://runninginproduction.com"
    settings.ALLOWED_HOSTS = ["runninginproduction.com", "testserver"]
    call_command("loaddata", "fixtures/show.json", "fixtures/technologies.json", verbosity=0)
    import_site(HERE / "jekyll")
    import_notes(FIXTURES / "show-notes.txt", facts=FIXTURES / "audio.tsv")
    before = notes()
    out = run(OLD_FEED, address=ADDRESS)
    assert "0 errors" in out, out
    return before


def our_feed(client: Client) -> OpenedFeed:
    response = client.get("/podcast/feed.xml")
    return OpenedFeed(BytesIO(response.getvalue()), "new feed", ADDRESS)


def test_no_app_sees_a_difference_and_nothing_changes_again(client: Client, moved: Notes):
    # The feed left the notes alone: Markdown has what its HTML lost, such as emphasis.
    assert notes() == moved
    result = compare(opened(OLD_FEED, "old-feed.xml", ADDRESS), our_feed(client))
    assert [each.what for each in result.differences] == [f"removed: {WITHDRAWN}"]
    assert (result.old, result.new) == (16, 15)
    assert Episode.objects.get(number=72).status == "withdrawn"
    file = str(HERE / "old-feed.xml")
    out = run_command("compare_feed", file)
    assert out.endswith("Differences: 1, grave: 1. Not readable: 0.\nexit 1")
    assert "exit" not in run_command("compare_feed", file, withdrawn=[WITHDRAWN])
    again = (
        import_site(HERE / "jekyll"),
        import_notes(FIXTURES / "show-notes.txt", facts=FIXTURES / "audio.tsv"),
        run(OLD_FEED, address=ADDRESS),
    )
    for out in again:
        assert " 0 new, 0 changed, " in out


def test_times_in_another_zone_are_put_right_by_the_feed(moved: Notes):
    before = dict(Episode.objects.podcast().values_list("guid", "published_at"))
    Episode.objects.all().delete()
    Show.objects.update(timezone="UTC")
    import_site(HERE / "jekyll")
    assert before != dict(Episode.objects.podcast().values_list("guid", "published_at"))
    run(OLD_FEED, address=ADDRESS)
    assert before == dict(Episode.objects.podcast().values_list("guid", "published_at"))
    # Days are all that Jekyll's files know, and they are right.
    assert " 0 new, 0 changed, " in import_site(HERE / "jekyll")


def comparable(episode: Episode) -> tuple[object, ...]:
    audio = episode.enclosure
    return (
        episode.guid, episode.title, episode.slug, episode.published_at, episode.number,
        (audio.imported_url, audio.bytes, audio.seconds, audio.type),
        list(episode.topics.values_list("seconds", "plain")),
        list(episode.guests.values_list("name", flat=True)),
        list(episode.technologies.order_by("uses__position").values_list("slug", flat=True)),
    )  # fmt: skip


def test_our_own_feed_gives_the_episodes_back(client: Client, moved: Notes):
    before = [comparable(row) for row in Episode.objects.published().podcast()]
    show = Show.objects.get()
    feed = our_feed(client).file.read()
    Episode.objects.all().delete()
    Show.objects.all().delete()
    factories.show(title="Our podcast", podcast_guid=show.podcast_guid)
    assert "0 errors" in run(feed, address=ADDRESS)
    assert [comparable(row) for row in Episode.objects.published().podcast()] == before
    assert " 0 new, 0 changed, " in run(feed, address=ADDRESS)
