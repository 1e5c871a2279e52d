"""From a draft to rows and back, on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from episodes.models import Episode, Mention
from episodes.tests.factories import episode, guest, technology
from notes.apply import apply_draft, apply_facts, finish_edit
from notes.grammar.draft import (
    Draft,
    EnclosureFacts,
    Facts,
    GuestDraft,
    LinkDraft,
    SponsorFacts,
    TopicDraft,
)
from notes.models import Revision
from notes.parse import parse
from notes.read_rows import stored_draft, stored_facts
from stack.models import Library, Technology

pytestmark = pytest.mark.django_db

DRAFT = Draft(
    title="A Site Around Diary Entries",
    summary="Phil Gyford on Django and a diary.",
    introduction="In this episode, Phil.\n\nSecond paragraph.",
    guests=(GuestDraft("Phil Gyford", "Developer"), GuestDraft("Ann Lee")),
    topics=(
        TopicDraft(81, "Who is Samuel Pepys"),
        TopicDraft(146, "See https://example.org/ and *more*"),
        TopicDraft(146, "At the same time"),
    ),
    references=(
        LinkDraft("https://www.gutenberg.org/", "Gutenberg", "books"),
        LinkDraft("https://www.gutenberg.org/"),
    ),
    technologies=("Django", "Something New"),
    libraries=(LinkDraft("https://github.com/django/django-contrib-comments"),),
)


def written(draft: Draft = DRAFT) -> Episode:
    row = episode(number=32, seconds=None)
    apply_draft(row, draft)
    finish_edit(row, None, "desk")
    return row


def test_rows_say_what_the_draft_says():
    technology("Django")
    assert stored_draft(written()) == DRAFT


def test_applying_the_same_draft_again_changes_nothing():
    row = written()
    assert apply_draft(row, DRAFT) is False


def test_topics_keep_their_keys_when_time_or_text_is_edited():
    row = written()
    keys = list(row.topics.values_list("pk", flat=True))
    edited = replace(
        DRAFT,
        topics=(
            TopicDraft(60, "A new first topic"),
            TopicDraft(85, "Who is Samuel Pepys"),
            TopicDraft(146, "See https://example.org/ and *less*"),
            TopicDraft(146, "At the same time"),
        ),
    )
    apply_draft(row, edited)
    new, *rest = row.topics.values_list("pk", flat=True)
    assert rest == keys
    assert new not in keys
    assert stored_draft(row) == edited


def test_known_by_any_spelling_and_created_once():
    technology("PostgreSQL", slug="postgres").add_names("psql")
    row = written(replace(DRAFT, technologies=("psql", "postgres", "PostgreSQL", "django")))
    assert stored_draft(row).technologies == ("PostgreSQL", "Django")
    assert Technology.objects.count() == 2


def test_a_new_technology_comes_with_what_the_directory_knows():
    written(replace(DRAFT, technologies=("k8s", "Kubernetes", "Zorblax")))
    assert set(Technology.objects.values_list("name", "category", "slug")) == {
        ("Kubernetes", "operations", "k8s"),
        ("Zorblax", "other", "zorblax"),
    }


def test_a_library_under_another_spelling_of_its_address_is_the_same():
    written()
    other = episode("Another", 33, seconds=None)
    links = (LinkDraft("http://github.com/django/django-contrib-comments/"),)
    apply_draft(other, replace(DRAFT, title="Another", libraries=links))
    assert Library.objects.count() == 1
    assert stored_draft(other).libraries == links


def test_a_library_listed_twice_is_used_once():
    links = (LinkDraft("https://gunicorn.org/"), LinkDraft("https://gunicorn.org"))
    assert stored_draft(written(replace(DRAFT, libraries=links))).libraries == links[:1]


def test_fragments_are_rendered_and_hold_no_script():
    row = written(
        replace(DRAFT, introduction="**Bold** <script>alert(1)</script>\n\n[x](javascript:1)")
    )
    row.refresh_from_db()
    assert "<strong>Bold</strong>" in row.introduction_html
    assert "<script" not in row.introduction_html
    assert 'href="javascript' not in row.introduction_html
    topic = row.topics.get(position=1)
    assert '<a href="https://example.org/"' in topic.html
    assert topic.plain == "See https://example.org/ and more"


def test_each_change_leaves_one_revision_holding_the_whole():
    row = written()
    finish_edit(row, None, "desk")  # nothing changed: no second one
    apply_facts(row, Facts(correction="The cost was per month."))
    finish_edit(row, None, "desk")
    second, first = Revision.objects.filter(episode=row)
    assert parse(first.notes).draft == DRAFT == parse(second.notes).draft
    assert (first.facts["correction"], second.facts["correction"]) == (
        "",
        "The cost was per month.",
    )


def test_facts_stated_are_stored_and_the_rest_stays():
    row = episode(number=32, seconds=None)
    audio = EnclosureFacts("https://audio.example.org/a/32.mp3?x=1", 4000, 300, "audio/mpeg")
    sponsor = SponsorFacts("Acme", "https://acme.example.org/", "They *help*.")
    facts = Facts(guid="https://example.org/podcast/32-old", enclosure=audio, sponsor=sponsor)
    assert apply_facts(row, facts) is True
    finish_edit(row, None, "desk")
    row = Episode.objects.get(pk=row.pk)
    assert stored_facts(row).enclosure == audio
    assert row.enclosure.imported_url == audio.url
    assert row.enclosure.name == "32.mp3"
    assert row.sponsor.text_html == "<p>They <em>help</em>.</p>"
    assert (row.number, row.guid) == (32, facts.guid)
    assert apply_facts(row, facts) is False


def test_two_episodes_whose_audio_has_the_same_file_name():
    for number in (1, 2):
        url = f"https://audio.example.org/{number}/episode.mp3"
        apply_facts(
            episode(f"Number {number}", number, seconds=None), Facts(enclosure=EnclosureFacts(url))
        )
    names = {row.enclosure.name for row in Episode.objects.all()}
    assert len(names) == 2
    assert all(name.endswith("episode.mp3") for name in names)


def test_first_publication_moves_with_its_schedule_and_then_no_more():
    later = timezone.now() + timedelta(days=3)
    row = episode(number=1, published_at=later)
    finish_edit(row, None, "desk")
    assert row.first_published_at == later
    past = datetime(2020, 1, 1, tzinfo=UTC)
    apply_facts(row, Facts(published_at=past))
    finish_edit(row, None, "desk")
    apply_facts(row, Facts(published_at=past + timedelta(days=9)))
    finish_edit(row, None, "desk")
    assert row.first_published_at == past


@pytest.mark.parametrize("first", [1, 2])
def test_links_between_episodes_are_kept_whichever_comes_first(first: int, settings):
    def write(number: int) -> Episode:
        row = episode(f"Number {number}", number, slug=f"{number}-x", seconds=None)
        text = f"Heard in {settings.SITE_URL}/podcast/{3 - number}-x already."
        apply_draft(row, Draft(title=row.title, topics=(TopicDraft(5, text),)))
        finish_edit(row, None, "desk")
        return row

    one, two = write(first), write(3 - first)
    pairs = Mention.objects.values_list("episode", "target")
    assert set(pairs) == {(one.pk, two.pk), (two.pk, one.pk)}


def test_the_database_refuses_what_the_rules_forbid():
    row = written()
    other = episode("Another", 40, seconds=None)
    for fields in (
        {"number": 32},
        {"slug": row.slug},
        {"guid": row.guid},
        {"slug": "40"},
        {"slug": "a.b"},
        {"published_at": None},
        {"status": "gone"},
        {"title": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Episode.objects.filter(pk=other.pk).update(**fields)


def test_a_deleted_episode_leaves_its_number_and_address_free():
    row = written()
    Episode.objects.filter(pk=row.pk).update(deleted_at=timezone.now())
    assert not Episode.objects.exists()
    again = episode("Again", 32, slug=row.slug, seconds=None)
    assert Episode.objects.get() == again


def test_guests_renamed_are_found_by_their_old_name():
    person = guest("Samuel Pepys")
    person.name = "Sam Pepys"
    person.save()
    row = written(replace(DRAFT, guests=(GuestDraft("Samuel Pepys"),)))
    assert stored_draft(row).guests == (GuestDraft("Sam Pepys"),)


def test_what_forms_let_pass_is_tidied_at_the_exit():
    row = written()
    topic = row.topics.first()
    topic.text = "  Two\n lines\u200b and  spaces "
    topic.save()
    finish_edit(row, None, "desk")
    topic.refresh_from_db()
    assert (topic.text, topic.html) == ("Two lines and spaces", "Two lines and spaces")
