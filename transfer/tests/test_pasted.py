"""What hosts paste: posts with front matter, HTML, rich text of documents; plain notes stay."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.grammar.draft import Draft, EnclosureFacts, GuestDraft, LinkDraft, TopicDraft
from notes.grammar.lines import clean
from notes.parse import parse
from notes.render import render
from notes.tests.test_render import drafts
from notes.tests.work import calls
from text.urls import direct_url
from transfer.importers.jekyll.front_matter import read_file
from transfer.importers.jekyll.images import UnavailableImages
from transfer.importers.jekyll.posts import Post, read_post
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.pasted.html import looks_like_html, read_html
from transfer.importers.pasted.post import (
    has_front_matter,
    read_pasted_post,
    without_front_matter,
)
from transfer.importers.report import InvalidInput

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "pasted"
POSTS = Path(__file__).parent / "jekyll/_posts"
BERLIN = ZoneInfo("Europe/Berlin")
YAKS = LinkDraft("https://example.org/a_(b)", "The site", "theirs")
PLAIN = [*ROOT.glob("notes/tests/cases/*.txt"), *ROOT.glob("fixtures/**/*.txt")]


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


def post(text: str) -> Post:
    assert has_front_matter(text)
    return read_pasted_post(text, BERLIN)


def said(found: Post) -> list[tuple[int | None, str, str, str]]:
    return [(each.line, each.field, each.value, each.message) for each in found.problems]


def test_aliases_are_refused_where_they_stand():
    """Each of a few bytes stood for as many values as the text says."""
    with pytest.raises(InvalidInput) as raised:
        post("---\ntitle: Yaks\na: &a [x]\ntags: [*a]\n---\nWords.\n")
    assert (raised.value.problem.line, "aliases" in raised.value.problem.message) == (4, True)


def test_many_keys_that_are_not_taken_take_linear_work():
    def work(size: int) -> int:
        keys = "".join(f"key{number}: x\n" for number in range(size))
        text = f"---\ntitle: Yaks\n{keys}---\nWords.\n"
        assert post(text).problems[-1].line == size + 2
        return calls(lambda: post(text))

    assert work(400) < work(100) * 4.5


def test_a_post_of_jekyll():
    found = post(sample("jekyll.md"))
    assert found.draft == Draft(
        title="Selling Diaries: Day by Day",
        summary="Diaries, sold day by day.",
        introduction="In this episode of Running in Production, Phil Gyford goes over it.",
        guests=(GuestDraft("Phil Gyford", "maker of it"),),
        topics=(
            TopicDraft(400, "Motivation for using [Django](https://www.djangoproject.com/)"),
            TopicDraft(1526, "Best tips?"),
        ),
        references=(LinkDraft("https://en.wiktionary.org/wiki/yak_shaving"),),
        technologies=("django", "postgres", "nginx"),
        libraries=(LinkDraft("https://gunicorn.org/", "", "workers"),),
    )
    assert found.facts.published_at == datetime(2020, 6, 29, tzinfo=BERLIN)
    assert found.facts.enclosure == EnclosureFacts("https://audio.example/37.mp3", 44222208, 2763)
    message = "“guest_twitter” isn’t taken from a pasted post."
    assert said(found) == [(10, "guest_twitter", "@philgyford", message)]


@pytest.mark.parametrize("path", [*POSTS.glob("podcast/*.md")], ids=lambda path: path.stem[:16])
def test_a_post_is_read_as_the_importer_reads_it(path: Path):
    config = SiteConfig({}, "https://show.example", "")
    imported = read_post(read_file(path, path.name), config, BERLIN, UnavailableImages(POSTS))
    if imported.facts.notice is not None:
        return
    pasted = post(path.read_text())
    assert pasted.draft == imported.draft
    named = {problem.field for problem in pasted.problems}
    assert named >= {"mp3_bytes", "mp3_duration"}  # it states no address
    assert named >= {key for key in imported.file.values if key.startswith("guest_twitter")}


def test_a_post_of_hugo():
    found = post(sample("hugo.md"))
    assert found.draft == Draft(
        title="A Site about Yaks",
        introduction="We talk about *yaks*.\n\n{{ < youtube w7Ft2ymGmfc > }}",
        guests=(GuestDraft("Ann Lee"), GuestDraft("Bo Ray", "CTO of Yak")),
        topics=(TopicDraft(12, "Hello"), TopicDraft(90, "Yaks")),
        references=(LinkDraft("https://yak.example/"), YAKS),
        technologies=("Django", "Redis"),
    )
    assert found.facts.published_at == datetime(2021, 3, 1, 9, tzinfo=UTC)
    assert found.facts.enclosure == EnclosureFacts("https://audio.example/12.mp3", 1234567, 3723)
    assert [(line, field, value) for line, field, value, _ in said(found)] == [
        (23, "liquid", "< youtube w7Ft2ymGmfc >"),
        (5, "episode", "12"),
        (19, "images", "['cover.jpg']"),
    ]


def test_a_post_with_html_below_its_front_matter():
    found = post("---\ntitle: Yaks\n---\n" + sample("wordpress.html"))
    assert [topic.seconds for topic in found.draft.topics] == [12, 90, 725]
    assert found.draft.references == (YAKS,)
    assert {problem.line for problem in found.problems} == {4}


@pytest.mark.parametrize(
    ("lines", "line", "field", "value"),
    [
        ("date: 2020-02-31", 3, "date", "2020-02-31"),
        ("date: {year: 2020}", 3, "date", "{'year': '2020'}"),
        ("audio: 12.mp3", 3, "audio", "12.mp3"),
        ("mp3_bytes: 12", 3, "mp3_bytes", "12"),
        ("audio: https://a.example/1.mp3\nduration: soon", 4, "duration", "soon"),
        ("tags: [django, {a: b}]", 3, "tags", "{'a': 'b'}"),
        ("guest: [{twitter: ann}]", 3, "guest", "{'twitter': 'ann'}"),
        ("chapters: [{title: Hello}]", 3, "chapters", "{'title': 'Hello'}"),
        ("topics: [soon -- Hello]", 3, "topic", "- soon -- Hello"),
        ("links: [yaks]", 3, "reference", "yaks"),
        ("description: [a]", 3, "description", "['a']"),
        ("description: a\nsummary: b", 4, "summary", "b"),
        ("category: interviews", 3, "category", "interviews"),
    ],
)
def test_what_a_post_loses_is_named(lines: str, line: int, field: str, value: str):
    """By line, field and value."""
    found = post(f"---\ntitle: Yaks\n{lines}\n---\n\nWords\n")
    assert [each[:3] for each in said(found)] == [(line, field, value)]


def test_broken_front_matter_is_named_by_line():
    with pytest.raises(InvalidInput) as raised:
        post("---\nlayout: a\ntitle: Yaks: again\n---\n\nWords\n")
    assert raised.value.problem.line == 3


def test_repairs_are_offered_only_for_lines_of_the_notes():
    typed = "## Topics\n\n- 1:19-27 -- Hello\n"
    [problem] = post(f"---\ntitle: Yaks\n---\n{typed}").problems
    assert (problem.line, problem.repair) == (6, "- 1:19:27 -- Hello")
    [problem] = post("---\ntitle: Yaks\ntopics: [1:19-27 Hello]\n---\n").problems
    assert (problem.line, problem.repair) == (3, None)


def test_the_lists_of_the_notes_count():
    text = "---\ntitle: Yaks\ntopics: [1:00 Hello]\n---\n\n## Topics\n\n- 2:00 -- Bye\n"
    found = post(text)
    assert found.draft.topics == (TopicDraft(120, "Bye"),)
    assert said(found)[0][:3] == (3, "topics", "['1:00 Hello']")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("google_docs", "Selling Diaries [live]"),
        ("word", "Selling Diaries"),
        ("notion", "Selling Diaries"),
    ],
)
def test_documents_keep_links_and_topics(name: str, title: str):
    text = read_html(sample(f"{name}.html")).text
    found = parse(text)
    assert found.problems == []
    assert found.draft.title == title
    assert [topic.seconds for topic in found.draft.topics] == [40, 1526]
    assert "mso" not in text
    assert "**" not in text.replace("**Topics Include**", "")


def test_a_paragraph_in_words_title_style_is_the_title():
    source = (
        "<p class=MsoTitle><span lang=EN-US>Selling Diaries</span></p><p class=MsoNormal>In it.</p>"
    )
    assert read_html(source).text == "# Selling Diaries\n\nIn it.\n"


def test_emphasis_of_google_docs_is_a_style():
    source = (
        '<h2><span style="font-weight:700;">Yaks</span></h2>'
        '<p><span style="font-weight:400;">We </span>'
        '<span style="font-size:11pt;font-weight:700">love</span><span> all </span>'
        '<span style="font-weight:bold;font-style: italic">yaks</span><span>.</span></p>'
        '<p><a href="https://a.example/"><span style="font-weight:600">A</span></a></p>'
    )
    assert read_html(source).text == (
        "# Yaks\n\nWe **love** all ***yaks***.\n\n[**A**](https://a.example/)\n"
    )


def test_a_table_is_named():
    source = "<p>Yaks</p><table><tr><td>Cell A</td><td>Cell B</td></tr></table><table></table>"
    found = read_html(source)
    assert "Cell A Cell B" in found.text
    assert [each.message for each in found.problems] == [
        "A table becomes a line for each row, in what was pasted on line 1."
    ]


def test_links_of_documents_lead_where_they_mean():
    google, word = (read_html(sample(f"{name}.html")).text for name in ("google_docs", "word"))
    assert "[diary](https://diary.example/?a=1&b=2)." in google
    assert "- 25:26 – [Yaks](https://yak.example/)" in google
    assert "- 25:26 – [Yaks](https://yak.example/)" in word


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://www.google.com/url?q=https://a.example/&sa=D", "https://a.example/"),
        ("https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fa.example%2F%3Fb", "https://a.example/?b"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F&h=x", "https://a.example/"),
        *((same, same) for same in (
            "https://www.google.com/url?q=javascript:alert(1)",
            "https://www.google.com/search?q=https://a.example/",
            "https://www.google.com.evil.example/url?q=https://a.example/",
            "https://a.example/url?q=https://b.example/", "/url?q=https://a.example/", "http://[",
        )),
    ],
)  # fmt: skip
def test_redirects_of_documents(address: str, target: str):
    assert direct_url(address) == target


def test_html_of_wordpress():
    source = sample("wordpress.html")
    assert looks_like_html(source)
    found = read_html(source)
    draft = parse(f"# Yaks\n\n{found.text}").draft
    introduction = "In this episode we talk to [Ann Lee](https://ann.example/) about **yaks**."
    wool = "Yaks & [their wool](https://yak.example/?a=1&b=2)"
    assert draft == Draft(
        title="Yaks",
        introduction=introduction,
        topics=(TopicDraft(12, "Hello"), TopicDraft(90, wool), TopicDraft(725, "Best tips")),
        references=(YAKS,),
    )
    assert [(each.field, each.value) for each in found.problems] == [
        ("audio", "https://audio.example/12.mp3"),
        ("iframe", "https://player.example/12"),
        ("boilerplate", "Acast"),
    ]
    assert "on line 6" in found.problems[0].message


def test_html_of_the_classic_editor_begins_with_words():
    source = (
        'We talk to <a href="https://ann.example/">Ann</a>.\n\n'
        "<ul>\n<li>(00:12) A</li>\n<li>(01:12) B</li>\n<li>1:30 C</li>\n</ul>"
    )
    assert looks_like_html(source)
    text = read_html(source).text
    assert [topic.seconds for topic in parse(text).draft.topics] == [12, 72, 90]
    assert "We talk to [Ann](https://ann.example/)." in text


@pytest.mark.parametrize(
    "text",
    [
        "---\nIn this episode\n---\n\n# Title\n",
        "---\nTitle: Yaks\nGuest: Ann Lee\n---\nIn this episode\n",
        "---\nIn this episode\ntitle: of it\n---\n",
        "# Yaks\n\n---\ntitle: x\n---\n",
        "---\ntitle: Yaks\n",
        "# Generics\n\nIn `List<String>` a < b and <p>, <li> or </p>\n",
        "# Yaks\n\n<p>One</p>\n<p>Two</p>\n",
        "Topics:\n- 1:00 -- <p>One</p> and <li>Two</li>\n",
        "a < b > c <https://a.example/> <b>bold</b>",
        "<p>",
        "",
    ],
)
def test_plain_notes_are_left_alone(text: str):
    assert not has_front_matter(text)
    assert without_front_matter(text) == text
    assert not looks_like_html(text)


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.name)
def test_notes_known_today_are_left_alone(path: Path):
    for text in (path.read_text(), path.read_text().partition("\n\n")[2]):
        assert not has_front_matter(text)
        assert not looks_like_html(text)


@given(drafts)
def test_valid_notes_are_left_alone(draft: Draft):
    text = render(draft)
    assert not has_front_matter(text)
    if draft.title:
        assert not looks_like_html(text)


@given(
    st.lists(
        st.sampled_from(
            "--- title: title:_x tags: [ { - # guests: <p> </p> <li> </li> <ul> 1:00 x & {{ {% %} "
            "date: 2020-01-01 audio: https://a.example/1.mp3 topics: !!python/object: &a *a".split()
        )
        | st.text(max_size=5)
        | st.just("\n"),
        max_size=40,
    )
)
def test_nothing_makes_the_reader_fail(pieces: list[str]):
    text = "---\ntitle: x\n" + " ".join(pieces)
    looks_like_html(text)
    read_html(text)
    if has_front_matter(text):
        assert without_front_matter(text).count("\n") == clean(text).count("\n")
        try:
            read_pasted_post(text, BERLIN)
        except InvalidInput as invalid:
            assert invalid.problem.line
