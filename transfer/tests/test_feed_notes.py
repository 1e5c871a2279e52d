"""Show notes of other people's feeds: HTML as Markdown, and topics wherever times make a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.grammar.draft import LinkDraft, TopicDraft
from notes.tests.work import calls
from text.markup import plain_block, plain_text, render_block
from transfer.importers.feed.notes import NotesReader
from transfer.importers.html_to_markdown import escaped, to_markdown

BASE = "https://show.example/1"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/><br/>Three", "One  \nTwo  \n\nThree"),
        ("<p>a <b>bold </b>word, <i>it</i></p>", "a **bold** word, *it*"),
        ("<p><strong></strong>x <code>a_b*</code></p>", "x `a_b*`"),
        ('<p><a href="/x">rel</a></p>', "[rel](https://show.example/x)"),
        ('<p><a href="https://a.example/">https://a.example/</a></p>', "<https://a.example/>"),
        ('<p><a href="javascript:alert(1)">x</a></p>', "x"),
        ('<p><a href="https://a.example/b_(c)">x</a></p>', "[x](https://a.example/b_(c))"),
        ("<ul><li><p>One</p></li><li>Two →</li></ul>", "- One\n\n- Two →"),
        ("<h1>Topics</h1><p># no</p>", "## Topics\n\n\\# no"),
        ("<p>2 * 3 _a_ snake_case &lt;b&gt;</p>", "2 \\* 3 \\_a\\_ snake_case \\<b>"),
        ("<script>x()</script><style>p{}</style><p>y</p>", "y"),
        ("<!doctype html><html><head><title>t</title></head><body><p>y</p></body></html>", "y"),
        (
            "See https://a.example/b_(c), (or https://a.example/).",
            "See <https://a.example/b_(c)>, (or <https://a.example/>).",
        ),
        ("<table><tr><td>0:10</td><td>One</td></tr></table>", "0:10 One"),
        ('One <a href="https://a.example/">link</a>\nTwo', "One [link](https://a.example/)  \nTwo"),
        ("Plain\n\ntext * https://a.example/_x_.", "Plain\n\ntext \\* <https://a.example/_x>\\_."),
        ('<p><img src="a.png" alt="A *b*"></p>', "![A \\*b\\*](https://show.example/a.png)"),
    ],
)
def test_html_as_markdown(html: str, markdown: str):
    assert to_markdown(html, BASE) == markdown


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"])))
def test_plain_words_come_out_as_they_went_in(text: str):
    assert plain_text(escaped(text)) == " ".join(text.split())


HTML = st.lists(
    st.sampled_from(
        "<p> </p> <br> <ul> <li> </li> </ul> <a href='/x'> </a> <b> </b> <em> <code> <h2> </h2> "
        "<![if x]> <!-- --> <![CDATA[ <td> <pre> &nbsp; &amp; 1:00 2:00 3:00 Links Topics: - # "
        "``` ** Guest: Title:".split()
    )
    | st.text(max_size=8)
)


@given(HTML)
def test_no_html_is_more_than_text(parts: list[str]):
    markdown = to_markdown(" ".join(parts), BASE)
    parsed = NotesReader("Show", "Host").read("A title", markdown)
    assert not [problem for problem in parsed.problems if problem.severity == "error"]
    assert parsed.draft.title == "A title"
    assert "<script" not in render_block(parsed.draft.introduction)


@pytest.mark.parametrize(
    "part",
    "<b>x|<a href='/x'>|<ul><li>|x |1:00 |[(|<p>1:00 x|http://.|&amp;|- \n".split("|"),
)
def test_a_long_stretch_of_anything_takes_linear_work(part: str):
    def work(size: int) -> int:
        text = part * (size // len(part))
        return calls(lambda: NotesReader().read("T", to_markdown(text)))

    assert work(20_000) < work(5_000) * 4.1


def test_elements_within_each_other_without_end():
    """Cleaning them one by one would take a minute."""
    assert to_markdown("<div>" * 100_000 + "<b>so\xa0deep</b>") == "so deep"


@pytest.mark.parametrize("part", ["<b id={}>", '<b x="<i>{}">', "<b id={}"])
def test_emphasis_left_open_multiplies_nothing(part: str):
    """Parsers of HTML open each element again in each paragraph: 490 in 100."""
    left_open = "".join(map(part.format, range(490)))
    assert calls(lambda: to_markdown(f"<p>{left_open}" + "<p>x" * 100)) < 50_000


def test_cleaned_html_stays_in_proportion():
    left_open = "<b>" * 99 + "<i>" * 99 + "<code>" * 99 + "<a href='https://x.example'>"
    assert len(to_markdown(f"<p>{left_open}" + "<p>x" * 5000)) < 40_000


@pytest.mark.parametrize(
    "part",
    [
        '<div x="</div>">',
        "<div><table></div></table>",
        "<div><!--</div>-->",
        "<div><select></div></select>",
    ],
)
def test_what_only_looks_closed_is_open(part: str):
    """Cleaning them one by one would take a minute, too."""
    assert to_markdown(part * 40_000 + "<b>so\xa0deep</b>").endswith("so deep")


def test_a_comment_without_end_is_read_once():
    assert to_markdown("<p>x</p>" + "<!--" * 100_000) == "x"


def test_a_link_around_times_without_end():
    times = "0:12 " * 5000
    notes = f"<p><a href='https://x.example/'>{times}Words</a></p>"
    assert to_markdown(notes) == f"{times}[Words](https://x.example/)"


def test_siblings_are_not_nested():
    rows = "<p><br><div><b>x</b></div><ul><li>y<p>z</ul>" * 600
    assert to_markdown(rows).count("**x**\n\n- y\n\nz") == 600


def topics(notes: str) -> list[tuple[int, str]]:
    draft = NotesReader().read("T", to_markdown(notes, BASE)).draft
    return [(topic.seconds, topic.text) for topic in draft.topics]


EXPECTED = [(5, "One"), (754, "Two things"), (3723, "Three")]


@pytest.mark.parametrize(
    "notes",
    [
        "0:05 One\n12:34 Two things\n1:02:03 Three",
        "00:05 - One\n12:34 – Two things\n01:02:03 — Three",
        "(00:00:05) One\n(00:12:34) Two things\n(01:02:03) Three",
        "[00:05] One\n[12:34] Two things\n[1:02:03] Three",
        "<p>0:05: One<br>12:34: Two things<br>1:02:03: Three</p>",
        "<ul><li>0:05 | One</li><li>12:34 | Two things</li><li>1:02:03 | Three</li></ul>",
        "<p><strong>0:05</strong> One</p><p><b>12:34</b> Two things</p><p><b>1:02:03</b> Three</p>",
        "<p><b>0:05 One</b></p><p><b>12:34 Two things</b></p><p><b>1:02:03 Three</b></p>",
        '<a href="?t=5">0:05</a> One<br><a href="?t=754">12:34</a> Two things<br>'
        '<a href="#t=3723">1:02:03</a> Three',
        '<a href="?t=5">0:05 - 12:34</a> One<br><a href="?t=754">12:34.5</a> Two things<br>'
        '<a href="?t=3723">[1:02:03]</a> Three',
        "▶ 0:05 One\n▶ 12:34 Two things\n⏱️ 1:02:03 Three",
        "• 0:05 One\n• 12:34 Two things\n• 1:02:03 Three",
        "0:05-12:34 One\n12:34 – 1:02:03: Two things\n1:02:03 Three",
        "00:00:05.000 One\n00:12:34.500 Two things\n01:02:03.000 Three",
        "0h0m5s One\n12m34s Two things\n1h2m3s Three",
        "One 0:05\nTwo things – 12:34\nThree (1:02:03)",
        "Timestamps:\n\n0:05 One\n\n12:34 Two things\n\n1:02:03 Three\n\nFollow us!",
        "<h3>Topics include</h3>0:00 Introduction<br>0:05 One<br>12:34 Two things<br>1:02:03 Three",
        "Intro words.\n\n0:05 One\nMore about one.\n12:34 Two things\n1:02:03 Three\nBye.",
    ],
)
def test_topics_in_any_usual_spelling(notes: str):
    assert topics(notes) == EXPECTED


@pytest.mark.parametrize(
    "notes",
    [
        "We met at 10:30 and left at 11:45.",
        "10:30 is when we met.\n\n11:45 is when we left.",
        "The score was 3:16 at half time.\n9:45 was the end.",
    ],
)
def test_times_in_prose_are_no_topics(notes: str):
    assert topics(notes) == []


@pytest.mark.parametrize("heading", ["<h2>Full transcript:</h2>", "<p><b>Transcript</b></p>"])
def test_a_transcript_within_the_notes_is_no_list_of_topics(heading: str):
    said = "<p>[0:01] Ann: Hello</p><p>[0:05] Bob: Hi</p><p>[0:09] Ann: So</p>"
    assert topics(heading + said) == []
    listed = "<p>0:05 One<br>12:34 Two things<br>1:02:03 Three</p>"
    assert topics(f"{listed}{heading}{said}") == EXPECTED


def test_what_stands_around_the_times_is_the_introduction():
    notes = "<p>Hello.</p><p>0:05 One<br>1:00 Two<br>2:00 Three</p><p>Bye.</p>"
    draft = NotesReader().read("T", to_markdown(notes)).draft
    assert draft.introduction == "Hello.\n\nBye."


def test_topics_keep_their_links_and_words():
    notes = '<ul><li>0:05 – <a href="https://a.example/">One</a> &amp; *two*</li></ul>'
    assert topics(f"<h2>Topics</h2>{notes}") == [(5, "[One](https://a.example/) & \\*two\\*")]


def test_a_section_that_cannot_be_read_stays_with_the_introduction():
    notes = "Hello.\n\nLinks:\nSee my homepage\n\nTopics:\n0:05 One\n1:00 Two"
    parsed = NotesReader().read("T", notes)
    assert "See my homepage" in parsed.draft.introduction
    assert parsed.draft.topics == (TopicDraft(5, "One"), TopicDraft(60, "Two"))
    assert any("Left in the introduction" in problem.message for problem in parsed.problems)


def test_links_and_guests_are_read_by_the_same_rules_as_everywhere():
    notes = (
        "<p>In this episode of A Show, Ann Lee goes over x.</p><h2>References</h2>"
        '<ul><li><a href="https://a.example/">A</a> (note)</li></ul>'
    )
    draft = NotesReader("A Show").read("T", to_markdown(notes)).draft
    assert draft.references == (LinkDraft("https://a.example/", "A", "note"),)
    assert [guest.name for guest in draft.guests] == ["Ann Lee"]


def test_a_first_line_is_never_the_title():
    draft = NotesReader().read("The title", "Welcome!\nIn this episode of X, we talk.").draft
    assert draft.title == "The title"
    assert plain_block(draft.introduction).startswith("Welcome!")
