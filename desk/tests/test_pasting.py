"""Posts, HTML and rich text pasted at the desk, without JavaScript; plain notes as ever."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given, settings

from desk.tests.forms import form_data
from desk.tests.test_writing import NOTES, PASTE, address, apply, catalogue, post
from desk.writing.clipboard import read_clipboard
from desk.writing.reading import read_text
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import apply_facts, by_catalogue_names, finish_edit
from notes.grammar.draft import Draft, EnclosureFacts, Facts
from notes.parse import parse
from notes.read_rows import stored_draft
from notes.render import render
from notes.tests.test_render import drafts
from transfer.export.posts import post_files, posts
from transfer.importers.pasted.html import LONGEST_HTML, TOO_LONG

__all__ = ["catalogue"]  # a fixture
CONVERT = "/admin/paste/convert"
ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "transfer/tests/pasted"


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


def shown_problems(page: Any) -> list[tuple[int | None, str, str]]:
    found = page.context_data["analysis"].problems
    return [(each.line, each.field, each.value) for each in found]


def convert(host: Client, **fields: str) -> Any:
    return host.post(CONVERT, fields)


def test_a_post_is_understood_and_becomes_a_draft(host: Client):
    factories.technology("nginx")
    factories.show(timezone="Europe/Berlin")
    page = post(host, PASTE, sample("jekyll.md"))
    for words in ("Selling Diaries: Day by Day", "Phil Gyford, maker of it", "29 Jun 2020, 00:00"):
        assert words in page.text
    assert "https://audio.example/37.mp3" in page.text
    assert shown_problems(page) == [(10, "guest_twitter", "@philgyford")]
    episode = Episode.objects.get()
    assert (episode.title, episode.draft_text) == (
        "Selling Diaries: Day by Day",
        sample("jekyll.md"),
    )
    assert (episode.published_at, hasattr(episode, "enclosure")) == (None, False)

    response = host.post(address(episode), form_data(page) | {"do": "apply"})
    assert response["Location"].endswith("/checklist")
    episode = Episode.objects.get()
    assert episode.status == Episode.Status.DRAFT
    assert episode.published_at == datetime(2020, 6, 28, 22, tzinfo=UTC)
    assert (episode.enclosure.url, episode.enclosure.seconds) == (
        "https://audio.example/37.mp3",
        2763,
    )
    names = episode.uses.values_list("technology__name", flat=True)
    assert list(names) == ["Django", "PostgreSQL", "nginx"]
    assert [topic.seconds for topic in episode.topics.all()] == [400, 1526]
    assert episode.draft_text == ""


def test_a_post_on_an_existing_episode_changes_its_notes_alone(host: Client):
    factories.technology("nginx")
    episode = factories.episode(title="Before", topics=[(40, "Motivation")])
    finish_edit(episode, None, "desk")
    before = (episode.published_at, episode.slug, episode.number)
    page = post(host, address(episode), sample("jekyll.md"))
    audio = "https://audio.example/37.mp3"
    assert (7, "audio", audio) in shown_problems(page)
    assert "The date stays" in page.text
    assert "Selling Diaries" in page.text
    apply(host, episode, sample("jekyll.md"))
    episode.refresh_from_db()
    assert episode.title == "Selling Diaries: Day by Day"
    assert (episode.published_at, episode.slug, episode.number) == before
    assert getattr(episode, "enclosure", None) is None or episode.enclosure.url != audio


def test_a_post_of_our_own_export_comes_back(host: Client):
    page = post(host, PASTE, NOTES)
    created = Episode.objects.get()
    host.post(address(created), form_data(page) | {"do": "apply"})
    audio = EnclosureFacts("https://audio.example/1.mp3", 12, 1600, "audio/mpeg")
    created = Episode.objects.get()
    apply_facts(created, Facts(published_at=datetime(2020, 6, 29, 10, tzinfo=UTC), enclosure=audio))
    [(_, text)] = post_files(posts().get(), ZoneInfo("Europe/Berlin"), set())
    found = read_text(text)
    assert by_catalogue_names(found.draft) == stored_draft(created)
    assert found.facts.published_at == created.published_at
    assert found.facts.enclosure == replace(audio, type=None)


def test_broken_front_matter_is_an_error_with_its_line(host: Client):
    page = post(host, PASTE, "---\nlayout: a\ntitle: Yaks: again\n---\n\nWords\n", do="apply")
    assert page.status_code == 200
    assert shown_problems(page)[0][0] in (None, 3)
    assert (3, "", "") in shown_problems(page)
    assert Episode.objects.get().edit_number == 0


def test_front_matter_in_toml_is_named(host: Client):
    page = post(host, PASTE, '+++\ntitle = "Yaks"\n+++\n\nWords\n')
    assert (1, "front matter", "+++") in shown_problems(page)


def test_html_becomes_notes_before_anything_is_applied(host: Client):
    """Even if the host asks to create the draft at once."""
    page = post(host, PASTE, "<h1>Yaks</h1>\n" + sample("wordpress.html"), do="apply")
    assert page.status_code == 200
    text = page.context_data["text"]
    assert text.startswith("# Yaks\n\nIn this episode we talk to [Ann Lee](https://ann.example/)")
    assert "- 1:30 -- Yaks & [their wool](https://yak.example/?a=1&b=2)" in text
    assert "HTML read as show notes" in page.text
    for lost in ("https://audio.example/12.mp3", "https://player.example/12", "Acast"):
        assert lost in page.text
    episode = Episode.objects.get()
    assert (episode.edit_number, episode.draft_text) == (0, text)
    assert host.post(address(episode), form_data(page) | {"do": "apply"}).status_code == 302
    assert [topic.seconds for topic in episode.topics.all()] == [12, 90, 725]


def test_html_that_is_being_typed_is_only_offered_to_be_read(host: Client):
    source = sample("wordpress.html")
    page = host.post(PASTE, {"text": source}, headers={"X-Part": "panel"})
    assert "Read it as show notes" in page.text
    assert Episode.objects.get().draft_text == source.replace("\r\n", "\n")


def test_html_on_an_existing_episode(host: Client):
    episode = factories.episode(title="Before", topics=[(40, "Motivation")])
    finish_edit(episode, None, "desk")
    page = post(host, address(episode), "<h1>Yaks</h1>\n" + sample("wordpress.html"), do="apply")
    assert "HTML read as show notes" in page.text
    assert "Motivation" in page.text  # among the changes
    episode.refresh_from_db()
    assert (episode.title, episode.draft_text) == ("Before", page.context_data["text"])


@pytest.mark.parametrize("name", ["google_docs", "word"])
def test_rich_text_keeps_its_links(host: Client, name: str):
    plain = sample("google_docs.txt")
    answer = convert(host, text=plain, html=sample(f"{name}.html"), whole="1")
    text = answer.json()["text"]
    assert "[Yaks](https://yak.example/)" in text
    assert parse(text).draft.title.startswith("Selling Diaries")
    assert "Undo" in answer.json()["notice"]


def test_markdown_that_was_typed_into_a_document_stays_markdown(host: Client):
    html = (
        "<p># Yaks</p><p>See [wool](<a href='https://wool.example/'>https://wool.example/</a>) and"
        " <a href='https://yak.example/'>yaks</a></p>"
    )
    plain = "# Yaks\nSee [wool](https://wool.example/) and yaks"
    text = convert(host, text=plain, html=html, whole="1").json()["text"]
    assert text == "# Yaks\n\nSee [wool](https://wool.example/) and [yaks](https://yak.example/)\n"


def test_a_part_of_notes_stays_a_part(host: Client):
    html = '<h2>Wool</h2><ul><li>1:00 <a href="https://a.example/">A</a></li><li>2:00 B</li></ul>'
    text = convert(host, text="Wool\n1:00 A\n2:00 B", html=html).json()["text"]
    assert text == "## Wool\n\n- 1:00 [A](https://a.example/)\n- 2:00 B"


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        (sample("notion.txt"), sample("notion.html")),
        (sample("jekyll.md"), "<ul><li><a href='https://a.example/'>x</a></li></ul>"),
        (NOTES, "<div><span style='color:red'># Selling Diaries</span></div>"),
        ("See https://a.example/", '<a href="https://a.example/">https://a.example/</a>'),
        ("Words", "<p>Words</p>"),
        ("Words", ""),
        ("", ""),
    ],
)
def test_plain_text_that_says_as_much_stays(host: Client, plain: str, html: str):
    assert convert(host, text=plain, html=html, whole="1").status_code == 204


def test_html_copied_from_an_editor_is_read_and_not_its_colours():
    coloured = "<a href='#1'>1</a><span>&lt;p&gt;</span>"
    found = read_clipboard(sample("wordpress.html"), coloured, whole=True)
    assert found is not None
    assert "- 12:05 -- Best tips" in found.text


def test_hostile_rich_text_is_harmless(host: Client):
    html = "<li>a<li><a href='javascript:alert(1)'>x</a><script>y()</script>"
    html += "<iframe src='\"><script>z()'>"
    answer = convert(host, text="a", html=html, whole="1").json()
    assert "javascript" not in answer["text"]
    assert "y()" not in answer["text"]
    assert "<script" not in answer["notice"]
    assert convert(host, text="\0", html="<b>" * 5000 + "<a href='http://['>\0").status_code in (
        200,
        204,
    )


@pytest.mark.slow
def test_html_that_is_too_long_stays_as_it_is(host: Client):
    html = "<p>word</p>\n" * (LONGEST_HTML // 11)
    assert convert(host, text="word", html=html).status_code == 413
    page = post(host, PASTE, html)
    assert TOO_LONG in page.text
    assert Episode.objects.get().draft_text.strip() == html.strip()


def test_who_may_not_write_may_not_convert(client: Client):
    assert convert(client, text="a", html="<li>b").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    assert convert(strict, text="a", html="<li>b").status_code in (302, 403)


def test_the_pages_name_the_formats(host: Client):
    for page in (host.get(PASTE), host.get("/admin/")):
        assert f'data-convert="{CONVERT}"' in page.text
        assert 'id="conversion"' in page.text
    assert "front matter (Jekyll, Hugo)" in host.get(PASTE).text


@settings(max_examples=50)
@given(drafts)
def test_show_notes_are_read_as_ever(draft: Draft):
    text = render(draft)
    found = read_text(text, "Running in Production", "Nick")
    parsed = parse(text, "Running in Production", "Nick")
    assert (found.draft, found.problems, found.facts) == (parsed.draft, parsed.problems, Facts())
    assert found.notes == text


@pytest.mark.parametrize(
    "path", [*ROOT.glob("notes/tests/cases/*.txt")], ids=lambda path: path.name
)
def test_known_notes_are_read_as_ever(path: Path):
    text = path.read_text()
    assert read_text(text).draft == parse(text).draft
