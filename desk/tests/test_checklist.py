"""Checks before publication. Contexts are typed by hand: the checks are pure."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desk.publishing.checklist.channel import check_channel
from desk.publishing.checklist.context import (
    CheckContext,
    FeedAudio,
    ImageInfo,
    PlacedLink,
    read_context,
    read_image,
)
from desk.publishing.checklist.house_style import Habit, check_habits, part_habits, question_habits
from desk.publishing.checklist.notes import check_links, check_topics
from desk.publishing.checklist.podcast_apps import check_image, check_podcast_apps
from desk.publishing.checklist.snippets import check_snippets, cut, snippets
from desk.publishing.page import fetch_episode_or_404
from episodes.models import Enclosure, Episode
from episodes.tests import factories
from guests.models import Guest
from linkcheck.models import Link
from search.index import refresh
from search.models import Question
from show.models import Show
from topics.chapters import Chapter
from topics.models import CueCorrection, Transcript

ADDRESS = "https://show.example/audio/show-9.mp3"
AUDIO = FeedAudio(ADDRESS, "audio/mpeg", 1000, 3000)
SHOW = Show(
    title="Running in Production",
    description="x",
    artwork_url="https://show.example/a.png",
    categories=[["Technology"]],
    owner_email="nick@example.org",
)


def context(**fields: Any) -> CheckContext:
    """The context of an episode without items."""
    topics = tuple(Chapter(60 * n, f"Topic {n}") for n in range(3))
    good: dict[str, Any] = {
        "title": "A site",
        "description": "It runs.",
        "summary": "It runs.",
        "number": 9,
    }
    return CheckContext(**(good | {"audio": AUDIO, "topics": topics} | fields))


def listed(items: Any) -> list[tuple[str, str, str]]:
    return [(each.severity, each.place, each.message) for each in items]


def test_a_good_episode_has_no_items():
    assert listed(check_podcast_apps(context(), SHOW)) == listed(check_topics(context())) == []
    assert listed(check_snippets(snippets(context()))) == []


@pytest.mark.parametrize(
    ("fields", "severity", "place", "words"),
    [
        ({"audio": None}, "error", "audio#id_file", "The episode has no audio"),
        ({"audio": FeedAudio(ADDRESS, "audio/mpeg", 1, 1, is_missing=True)}, "error",
         "audio#id_file", "Upload its file"),
        ({"audio": FeedAudio("https://x.example/a.ogg", "audio/ogg", 1, 1)}, "error",
         "#id_enclosure-0-name", "This is “a.ogg”"),
        ({"audio": FeedAudio(ADDRESS, "audio/mp4", 1, 1)}, "error", "#id_enclosure-0-type",
         "ending in .mp3 is audio/mpeg, not audio/mp4"),
        ({"audio": FeedAudio("https://x.example/ö.mp3", "audio/mpeg", 1, 1)}, "error",
         "#id_enclosure-0-name", "ASCII"),
        ({"audio": FeedAudio(ADDRESS, "audio/mpeg", None, 1)}, "warning", "#id_enclosure-0-bytes",
         "size"),
        ({"audio": FeedAudio(ADDRESS, "audio/mpeg", 1, None)}, "warning", "#id_enclosure-0-seconds",
         "length"),
        ({"description": ""}, "warning", "#id_summary", "neither summary nor introduction"),
        ({"description": "ö" * 2001}, "warning", "#id_summary", "4000 bytes"),
        ({"title": "Episode 12: A site"}, "warning", "#id_title", "begins with a number"),
        ({"title": "#12 – A site"}, "warning", "#id_title", "begins with a number"),
        ({"title": "A site running in production"}, "warning", "#id_title", "contains"),
        ({"language": "English"}, "error", "#id_language", "“English” isn’t a language code"),
        ({"topics": (Chapter(5, "One"),)}, "warning", "#topics-group", "3 topics or more"),
    ],
)  # fmt: skip
def test_what_apps_reject_or_cut(fields: Any, severity: str, place: str, words: str):
    found = listed(check_podcast_apps(context(**fields), SHOW))
    assert [(each[0], each[1]) for each in found] == [(severity, place)]
    assert words in found[0][2]


@pytest.mark.parametrize("title", ["12 factor apps", "1Password"])
def test_numbers_that_belong_to_a_title(title: str):
    assert listed(check_podcast_apps(context(title=title), SHOW)) == []


def test_an_interview_needs_no_audio():
    assert listed(check_podcast_apps(context(audio=None, topics=(), is_interview=True), SHOW)) == []


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (ImageInfo(1399, 1399, "RGB", "PNG"), "1400 to 3000 pixels"),
        (ImageInfo(3001, 3001, "RGB", "PNG"), "1400 to 3000 pixels"),
        (ImageInfo(1400, 1500, "RGB", "PNG"), "square"),
        (ImageInfo(1400, 1400, "RGBA", "PNG"), "without transparency"),
        (ImageInfo(1400, 1400, "RGB", "GIF"), "JPEG and PNG, not GIF"),
        ("unreadable", "can’t be read"),
    ],
)
def test_artwork_that_apple_refuses(image: ImageInfo | str, words: str):
    (found,) = check_image(image, "#id_image")
    assert words in found.message


def test_images_are_read_from_their_files():
    file = BytesIO()
    Image.new("RGBA", (3, 2)).save(file, "PNG")
    assert read_image(ContentFile(file.getvalue())) == ImageInfo(3, 2, "RGBA", "PNG")
    assert read_image(ContentFile(b"<svg>")) == "unreadable"


def test_what_directories_require_of_the_show(settings):
    settings.SITE_URL = "https://show.example"
    assert listed(check_channel(SHOW, None)) == []
    settings.SITE_URL = "http://127.0.0.1:8000"
    places = [place.partition("#")[2] for _, place, _ in listed(check_channel(Show(), None))]
    assert places == ["id_description", "id_artwork", "id_categories", "id_owner_email", ""]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"categories": [["Tech"]]}, "“Tech”"),
        ({"categories": [["Technology", "Podcasting"]]}, "“Technology > Podcasting”"),
        ({"categories": [["News", "Tech News"], ["technology"]]}, "“technology”"),
        ({"language": "en_US"}, "“en_US” isn’t a language code"),
        ({"language": ""}, "isn’t a language code"),
    ],
)
def test_categories_and_languages_that_apple_does_not_have(
    settings, fields: dict[str, Any], words: str
):
    settings.SITE_URL = "https://show.example"
    good = {field: getattr(SHOW, field) for field in
            ("description", "artwork_url", "categories", "owner_email")}  # fmt: skip
    ((severity, _, message),) = listed(check_channel(Show(**(good | fields)), None))
    assert severity == "error"
    assert words in message


@pytest.mark.parametrize("code", ["en", "de-AT", "zh-Hans", "es-419", "yue"])
def test_valid_language_codes(code: str):
    assert listed(check_podcast_apps(context(language=code), SHOW)) == []


def test_a_serial_is_ordered_by_its_numbers():
    serial = Show(title="Other", type=Show.Type.SERIAL)
    assert [each[:2] for each in listed(check_podcast_apps(context(number=0), serial))] == [
        ("error", "#id_number")
    ]
    assert listed(check_podcast_apps(context(), serial)) == []


def test_topics_too_close_and_past_the_end():
    times = (Chapter(0, "A"), Chapter(9, "B"), Chapter(19, "C"), Chapter(19, "D"),
             Chapter(3000, "E"))  # fmt: skip
    assert listed(check_topics(context(topics=times))) == [
        ("warning", "#topics-1", "“A” and “B” are 9 s apart, at 0:00."),
        ("warning", "#topics-3", "“C” and “D” are at the same time, at 0:19."),
        ("error", "#topics-4", "“E” at 50:00 is past the end (50:00)."),
    ]
    assert listed(check_topics(context(topics=times[4:], audio=None))) == []


def test_a_wrong_recording_is_one_item():
    topics = tuple(Chapter(600 * row, f"Topic {row}") for row in range(17))
    short = FeedAudio(ADDRESS, "audio/mpeg", 1000, 60)
    said = "16 of 17 topics are past the end (1:00). Is this the right recording?"
    assert listed(check_topics(context(topics=topics, audio=short))) == [("error", "audio", said)]


def test_what_is_to_fix_is_scheduled_only_anyway(host: Client, catalogue: Episode):
    address = f"/admin/episodes/episode/{catalogue.pk}/checklist"
    assert "Schedule anyway</button>" in host.get(address).content.decode()


def test_links_that_are_http_or_dead():
    links = [
        PlacedLink("http://a.example/#x", "#references-0"),
        PlacedLink("https://b.example", "#id_y"),
        PlacedLink("mailto:a@b.example", "#id_z"),
        PlacedLink("/stack/", "#id_z"),
    ]
    assert [each[:2] for each in listed(check_links(links, {}))] == [("warning", "#references-0")]
    answers = {
        "http://a.example/": Link(url="http://a.example/", https_works=True),
        "https://b.example": Link(url="https://b.example", status=404, gone=2),
    }
    messages = [each[2] for each in listed(check_links(links, answers))]
    assert messages == [
        "http://a.example/#x is http, not https. https:// works, too.",
        "https://b.example is dead (404).",
    ]


@pytest.mark.parametrize(
    ("text", "most", "shown", "rest"),
    [
        ("One two three", 13, "One two three", ""),
        ("One two three", 12, "One two", "three"),
        ("One  two\nthree", 12, "One two", "three"),
        ("Donaudampfschiff", 6, "Donau", "dampfschiff"),
        ("", 5, "", ""),
    ],
)
def test_texts_are_cut_between_words(text: str, most: int, shown: str, rest: str):
    assert cut(text, most) == (shown, rest)


@given(st.text(), st.integers(1, 60))
def test_nothing_is_lost_by_cutting(text: str, most: int):
    shown, rest = cut(text, most)
    assert len(shown) <= most
    assert (shown + rest).replace(" ", "") == "".join(text.split())


def test_what_is_cut_where():
    long = "A word " * 30
    found = listed(check_snippets(snippets(context(title=long, summary=long))))
    assert [place for _, place, _ in found] == ["#id_title", "#id_summary"] + ["#id_title"] * 2
    assert found[0][2].startswith("Search results cut the title after “A word A word")


@pytest.mark.parametrize(
    ("count", "total", "here", "unusual"),
    [
        (104, 107, False, True),
        (104, 107, True, False),
        (80, 107, False, False),
        (4, 4, False, False),
    ],
)
def test_a_habit_is_what_nearly_all_episodes_have(
    count: int, total: int, here: bool, unusual: bool
):
    habit = Habit("a topic for “Best tips”", "#topics-group", count, total, here)
    messages = [each.message for each in check_habits([habit])]
    expected = f"{count} of {total} episodes have a topic for “Best tips”; this one doesn’t."
    assert messages == ([expected] if unusual else [])


@pytest.fixture
def catalogue(db, settings) -> Episode:
    """Six similar episodes and an empty draft."""
    settings.SITE_URL = "https://show.example"
    factories.show()
    for number in range(1, 7):
        factories.episode(
            f"Usual {number}",
            number,
            topics=[(60, "Best tips? Ship")],
            technologies=["Django"],
            references=["https://example.org/"],
            guests=["Phil Gyford"],
        )
    refresh(list(Episode.objects.values_list("pk", flat=True)))
    Question.objects.all().delete()
    Question.objects.create(title="Best tips", slug="best-tips", query='"best tips"')
    Question.objects.create(title="Nobody", slug="nobody", query='"nobody says"')
    return factories.episode("Draft </script><b>", 7, status="draft", slug="7-draft", seconds=None)


def test_house_style_of_a_catalogue(catalogue: Episode):
    habits = [*part_habits(catalogue), *question_habits(catalogue, Show.objects.current())]
    lacking = [item.message for item in check_habits(habits)]
    assert lacking == [
        f"6 of 6 episodes have {what}; this one doesn’t."
        for what in ("guests", "audio", "topics", "a main technology", "references",
                     "a topic for “Best tips”")
    ]  # fmt: skip


def test_a_published_episode_is_compared_with_the_others(catalogue: Episode):
    usual = Episode.objects.get(number=1)
    found = question_habits(usual, Show.objects.current())
    best = next(habit for habit in found if "Best tips" in habit.what)
    assert (best.count, best.total, best.here) == (5, 5, True)


def test_a_context_has_links_and_where_to_fix_them(catalogue: Episode):
    row = factories.episode(
        "Linked",
        8,
        introduction="[a](https://a.example/?x=1&y=2)",
        topics=[(1, "[b](http://b.example)")],
        references=["https://c.example"],
        libraries=["https://github.com/celery/celery"],
    )
    links = read_context(fetch_episode_or_404(row.pk), Show.objects.current()).links
    assert [(link.url, link.place) for link in links] == [
        ("https://a.example/?x=1&y=2", "#id_introduction"),
        ("http://b.example", "#topics-0"),
        ("https://c.example", "#references-0"),
        ("https://github.com/celery/celery", "#library_uses-0"),
    ]


@pytest.mark.parametrize("topics", [1, 40])
def test_the_page_needs_as_many_queries_for_few_topics_as_for_many(
    host: Client, catalogue: Episode, django_assert_num_queries, topics: int
):
    for place in range(topics):
        link = f'<a href="http://x.example/{place}">x</a>'
        catalogue.topics.create(position=place, seconds=place, text="x", html=link, plain="x")
    with django_assert_num_queries(15):
        assert host.get(f"/admin/episodes/episode/{catalogue.pk}/checklist").status_code == 200


def test_the_page_shows_items_and_where_to_mend_them(host: Client, catalogue: Episode):
    url = f"/admin/episodes/episode/{catalogue.pk}"
    page = host.get(f"{url}/checklist").content.decode()
    assert "Draft &lt;/script&gt;&lt;b&gt;" in page
    assert "<b>" not in page
    assert "6 of 6 episodes have references; this one doesn’t." in page
    assert "1 to fix" in page
    assert re.search(f'href="{url}/audio\\?next=[^"]*checklist%23check-[0-9a-f]+#id_file"', page)
    form = host.get(f"{url}/change/").content.decode()
    assert f'href="{url}/checklist"' in form
    assert 'id="enclosure-group"' in form


def test_go_there_leads_to_a_field_that_exists(host: Client, catalogue: Episode, settings):
    """On every tab, for each kind of item."""
    settings.SITE_URL = "http://example.org"
    factories.episode("More", 9, guests=["Ann Lee"], libraries=["https://gunicorn.org/"])
    for row in Episode.objects.exclude(pk=catalogue.pk):
        Transcript.objects.create(episode=row)
        row.summary = row.introduction = "Text"
        row.save()
    row = factories.episode(
        "12: A site running in production " + "on and on " * 12, 12, guests=["Bob Ray"],
        topics=[(0, "[a](http://a.example)"), (5, "B"), (4000, "C")], seconds=50,
        libraries=["http://github.com/a/b"], references=["http://c.example/"],
        introduction="[x](http://x.example/)", language="English", status="draft",
    )  # fmt: skip
    known = Guest.objects.exclude(name="Bob Ray")
    known.update(website="https://a.example", twitter="a", avatar="guests/1/a.png")
    Enclosure.objects.filter(episode=row).update(bytes=None, type="audio/mp4", seconds=None)
    Show.objects.update(categories=[["Nonsense"]], description="", owner_email="")
    found = set()
    for episode in (catalogue, row):
        page: Any = host.get(f"/admin/episodes/episode/{episode.pk}/checklist")
        for _, items in page.context_data["groups"]:
            for item, anchor, address in items:
                path, _, fragment = address.partition("#")
                there = host.get(path)
                assert there.status_code == 200, item
                assert not fragment or f'id="{fragment}"' in there.text, item
                assert f'id="{anchor}"' in page.text
                found.add(re.sub(r"-?\d+", "", fragment))
    assert found >= {
        "id_file", "add-guest", "id_guest-avatar", "id_guest-website", "id_guest-twitter",
        "id_title", "id_summary", "id_introduction", "id_language", "topics", "topics-group",
        "references", "library_uses", "uses-group", "id_enclosure-type", "id_enclosure-bytes",
        "id_enclosure-seconds", "id_categories", "id_description", "id_owner_email",
    }  # fmt: skip


def test_the_page_says_when_a_scheduled_episode_appears(host: Client, catalogue: Episode):
    when = timezone.now().replace(year=2999, month=1, day=15, hour=17, minute=5)
    Episode.objects.filter(pk=catalogue.pk).update(status="published", published_at=when)
    page = host.get(f"/admin/episodes/episode/{catalogue.pk}/checklist").content.decode()
    assert "it appears on Tuesday, 15 Jan 2999, 12:05 EST" in page


def test_the_checklist_needs_permission(client: Client, catalogue, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.get(f"/admin/episodes/episode/{catalogue.pk}/checklist").status_code == 403
    assert client.get(f"/admin/episodes/episode/{catalogue.pk}/texts").status_code == 403


def test_corrections_that_no_save_made_public_are_seen_before_publishing(
    host: Client, catalogue: Episode
):
    address = f"/admin/episodes/episode/{catalogue.pk}/checklist"
    said = "2 corrected lines of the transcript wait to be saved."
    assert said not in host.get(address).content.decode()
    transcript, _ = Transcript.objects.get_or_create(episode=catalogue)
    for position, (was, text) in enumerate((("pie thon", "Python"), ("a", "b"), ("c", "c"))):
        CueCorrection.objects.create(
            transcript=transcript, position=position, was_text=was, text=text
        )
    page = host.get(address).content.decode()
    assert said in page
    assert f"/admin/episodes/episode/{catalogue.pk}/transcript?next=" in page


def test_a_text_that_waits_is_told_before_what_it_may_mend(host: Client, catalogue: Episode):
    address = f"/admin/episodes/episode/{catalogue.pk}"
    said = "The text isn’t applied yet, so this checklist doesn’t know what it says."
    assert said not in host.get(f"{address}/checklist").text
    Episode.objects.filter(pk=catalogue.pk).update(draft_text="Title: A\n\nGuest: Ann Lee")
    page: Any = host.get(f"{address}/checklist")
    first = next(items for _, items in page.context_data["groups"] if items)
    item, _, there = first[0]
    assert item.message == said
    assert there.startswith(f"{address}/text?")
