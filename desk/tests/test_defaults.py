"""Number and GUID of a new episode, and when they are fixed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk.publishing.defaults import next_number
from episodes.models import Episode
from episodes.tests.factories import FIRST_PUBLISHED, episode
from notes.write_rows import free_episode_slug

pytestmark = pytest.mark.django_db


def test_the_first_of_its_kind_is_1_and_then_they_count():
    assert next_number("podcast") == 1
    episode("Preview", 0, seconds=None)
    assert next_number("podcast") == 1
    episode("One draft", 41, status="draft", seconds=None)
    assert (next_number("podcast"), next_number("interview")) == (42, 1)


def test_a_deleted_number_is_free_unless_listeners_know_it():
    row = episode("Gone", 7, deleted_at=timezone.now(), seconds=None)
    assert next_number("podcast") == 1
    Episode.with_deleted.filter(pk=row.pk).update(first_published_at=FIRST_PUBLISHED)
    assert next_number("podcast") == 8


def test_a_number_nobody_gave_yet_counts_for_none():
    episode("No number", None, seconds=None)
    assert next_number("podcast") == 1


def test_a_draft_has_number_address_and_guid(django_assert_num_queries):
    episode("A Site", 1, slug="2-c-plus-plus", seconds=None)
    with django_assert_num_queries(2):
        number = next_number("podcast")
        slug = free_episode_slug("podcast", number, "C++!")
    draft = Episode(number=number, slug=slug, title="C++!")
    assert (draft.number, draft.slug) == (2, "2-c-plus-plus-2")
    assert draft.guid.startswith("urn:uuid:")
    draft.save()
    assert draft.status == "draft"


@pytest.mark.parametrize(("days", "fixed"), [(-1, True), (1, False)])
def test_known_from_the_minute_of_its_first_publication(days: int, fixed: bool):
    assert Episode(first_published_at=timezone.now() + timedelta(days)).was_ever_public is fixed
    assert not Episode().was_ever_public
