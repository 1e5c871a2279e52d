"""Texts to send out after publication, filled in from the host's templates."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from desk.models import Outlet, TextTemplate
from desk.placeholders import PLACEHOLDERS, fill, unknown_placeholders
from desk.tests.forms import errors, form_data
from desk.texts.values import Material, chapter_lines, join_names, placeholder_values
from episodes.models import Episode
from episodes.tests import factories
from show.models import Show
from topics.chapters import Chapter

ADD = "/admin/desk/texttemplate/add/"


@pytest.fixture
def episode(db, settings) -> Episode:
    settings.SITE_URL = "https://show.example"
    factories.show()
    factories.guest("Phil Gyford", twitter="philgyford")
    return factories.episode(
        "Ships & </textarea><script>alert(1)</script>",
        9,
        slug="9-ships",
        summary="How it\nruns.",
        topics=[(61, "One & only"), (3723, "Two {title}")],
        technologies=["Django", "Redis", "Docker"],
        guests=["Phil Gyford", "Ann Other"],
        seconds=4000,
    )


def test_placeholder_values(episode: Episode):
    values = placeholder_values(Material(episode, Show.objects.current()), Outlet.X)
    assert set(values) == set(PLACEHOLDERS)
    assert values["number"] == "9"
    assert values["summary"] == "How it runs."
    assert values["url"] == "https://show.example/podcast/9-ships"
    assert values["length"] == "1 h 7 min"
    assert values["guest"] == "Phil Gyford and Ann Other"
    assert values["first_name"] == "Phil and Ann"
    assert values["handle"] == "@philgyford and Ann Other"
    assert values["technologies"] == "Django, Redis and Docker"
    assert values["host"] == "Nick Janetakis"
    assert values["chapters"] == "00:00 Introduction\n01:01 One & only\n1:02:03 Two {title}"


def test_chapters_start_at_0():
    found = [Chapter(61, "One"), Chapter(600, "Two")]
    assert chapter_lines(found) == "00:00 Introduction\n01:01 One\n10:00 Two"
    assert chapter_lines([Chapter(0, "Hello")]) == "00:00 Hello"
    assert chapter_lines([]) == ""


def test_names_are_joined():
    assert [join_names("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_a_draft_without_anything_fills_every_text(db):
    values = placeholder_values(
        Material(Episode.objects.create(title="Bare", slug="bare"), Show()), Outlet.OTHER
    )
    assert fill("With {guest}.\n\n{title}: {url}", values) == f"Bare: {values['url']}"


def test_braces_in_a_title_are_not_placeholders():
    values = {"title": "{url} {0.__class__}", "url": "https://x.example"}
    assert fill("{title} {url.__class__}", values) == "{url} {0.__class__} {url.__class__}"


def test_lines_with_empty_placeholders_are_left_out():
    assert fill("{title}\n\n{summary}\n\nBy {host} {guest}", {
        "title": "A", "summary": "", "host": "Nick", "guest": ""}) == "A\n\nBy Nick"  # fmt: skip


@given(st.text(), st.dictionaries(st.sampled_from([*PLACEHOLDERS]), st.text()))
def test_any_text_can_be_filled(text: str, values: dict[str, str]):
    assert isinstance(fill(text, values), str)
    for name in re.findall(r"\{([^{}\n]*)\}", text):
        assert (name in PLACEHOLDERS) or any(
            name[:40] in each for each in unknown_placeholders(text)
        )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("{titel}", "There is no placeholder {titel}. Did you mean {title}?"),
        ("{Title}", "Did you mean {title}?"),
        ("{title.__class__}", "There is no placeholder"),
        ("{}", "There is no placeholder {}. Available: {title}, {number}"),
        ("{0!r:>9}", "There is no placeholder"),
    ],
)
def test_an_unknown_placeholder_is_refused_with_a_hint(host: Client, db, typed: str, message: str):
    data = form_data(host.get(ADD)) | {"name": "Mine", "text": f"Hello {typed}"}
    assert message in errors(host.post(ADD, data)).replace("&gt;", ">")
    assert not TextTemplate.objects.filter(name="Mine").exists()


def test_the_form_names_every_placeholder(host: Client, db):
    page = host.get(ADD).content.decode()
    for name, meaning in PLACEHOLDERS.items():
        assert f"<code>{{{name}}}</code> {meaning}" in page


def test_the_first_texts_have_no_unknown_placeholders(db):
    texts = TextTemplate.objects.all()
    assert len(texts) == 8
    assert [error for row in texts for error in unknown_placeholders(row.text)] == []


def test_texts_are_ready_to_copy(host: Client, episode: Episode, django_assert_num_queries):
    url = f"/admin/episodes/episode/{episode.pk}/texts"
    with django_assert_num_queries(9):
        page = host.get(url).content.decode()
    fields = text_fields(page)
    assert len(fields) == 9  # the newsletter has two
    assert "<script>alert" not in page
    assert "With @philgyford and Ann Other." in page
    assert "00:00 Introduction" in page
    assert "isn’t public yet" not in page


def text_fields(page: str) -> list[Any]:
    return re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)


def test_texts_of_a_draft_say_that_it_is_not_public(host: Client, episode: Episode):
    Episode.objects.update(status="draft")
    page = host.get(f"/admin/episodes/episode/{episode.pk}/texts").content.decode()
    assert "isn’t public yet" in page


def test_a_scheduled_episode_has_its_texts_prepared(host: Client, episode: Episode):
    draft = {"status": "draft", "published_at": None, "first_published_at": None}
    Episode.objects.filter(pk=episode.pk).update(**draft)
    data = {"do": "then", "when_0": "2040-05-04", "when_1": "08:00", "seen": episode.edit_number}
    address = f"/admin/episodes/episode/{episode.pk}"
    page = host.post(f"{address}/publish", data, follow=True).content.decode()
    assert f'<a href="{address}/texts">Prepare its texts to send out</a>' in page
    assert f'<a href="{address}/texts" aria-label="Texts' in host.get("/admin/").content.decode()
    page = host.get(f"{address}/texts").content.decode()
    assert "will work from Friday, 4 May 2040, 08:00" in page
    assert "https://show.example/podcast/9-ships" in page
