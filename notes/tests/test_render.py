"""What `render` writes, `parse` reads back: for every valid draft, and for whatever was read."""

from hypothesis import example, given
from hypothesis import strategies as st

from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.grammar.head import is_guest_name
from notes.grammar.items import balance, is_name
from notes.grammar.lines import clean, one_line
from notes.parse import parse, parse_document
from notes.render import render
from notes.validity import normalise, validity_errors
from text.names import normalise_name
from text.problems import has_errors
from text.timecode import MAX_SECONDS

# Lines that look like structure, or that escaping may get wrong.
TRAPS = [
    "## Topics Include", "## Links", "Links", "topics:", "**Topics**", "###### 📄 References",
    "⚙️ Tech Stack", "Stack: Django, Redis", "Tech Stack", "Libraries Used", "Support the Show",
    "# A title", "#", "## What's your background?", "### ", "#hashtag", "# Links",
    "Guest: Mary Ann", "Guests: A and B", "With: love", "Summary: short", "Title: none",
    "Guest: none", "Jun 29, 2020 • 46min", "2020-06-29", "6:40 – text", "- 6:40 -- text",
    "1:19-27 – text", "- <https://example.com/>", "django →", "<br />", "---", "***", "```",
    "```python", "~~~", "````", "``` `x` ```", "    ## Links", "   ## Links", "\t## Links",
    "\\## Links", "\\\\## Links", "\\Guest: x", "   \\Links", "\\", "\\\\", "\\x",
    "[Django]: https://www.djangoproject.com/", "[1]: /podcast/1", "> ## Links", "* Links",
    "In this episode of Running in Production, Austin Lewis goes over replacing",
    "In this episode of X, Ann Lee and Bo Ray talk about it.", "-- Ann Lee, CTO", "1. Links",
    "“Quotes” and 'quotes' – dashes — 日本語 🎙", "a  b", "trailing  ", "Topics\n-----", "",
]  # fmt: skip
TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\#*_-:()[]<>|,;.`~“’é🎙 \n"),
    max_size=30,
)
words = st.one_of(st.sampled_from(TRAPS), TEXT)
lines = words.map(lambda text: one_line(clean(text)))
introductions = st.lists(words, max_size=8).map(lambda parts: clean("\n".join(parts)).strip())
urls = st.sampled_from(
    [
        "https://example.com/", "http://www.orangepi.org/", "mailto:ann@example.com",
        "/podcast/71-x", "https://en.wikipedia.org/wiki/Smoke_testing_(software)",
        "https://example.com/(", "https://example.com/a\\)b", "https://example.com/[x]?q=a,b;c#d",
        "https://example.com/a)b", "https://例え.jp/", "https://example.com/,",
    ]
)  # fmt: skip
link_drafts = st.builds(
    LinkDraft,
    urls,
    lines.map(lambda text: balance(text, "[")),
    lines.map(lambda text: balance(text, "(")),
)
names = st.one_of(
    st.sampled_from(['Mikko "Nicd" Ahlroth', "Alexander Meadows-Jönsson", "Mark", "山田太郎"]),
    lines,
).filter(is_guest_name)
technologies = st.one_of(
    st.sampled_from(
        ["django", "C#", "ASP.NET", "Let's Encrypt", "C++", "Links", "Stack", "S3 (AWS)"]
    ),
    lines,
).filter(is_name)
drafts = st.builds(
    Draft,
    title=lines,
    summary=lines,
    introduction=introductions,
    guests=st.lists(
        st.builds(GuestDraft, names, lines), max_size=3, unique_by=lambda guest: guest.name
    ).map(tuple),
    topics=st.lists(
        st.builds(TopicDraft, st.integers(0, MAX_SECONDS), lines.filter(bool)), max_size=5
    ).map(tuple),
    references=st.lists(link_drafts, max_size=3).map(tuple),
    technologies=st.lists(technologies, max_size=4, unique_by=normalise_name).map(tuple),
    libraries=st.lists(link_drafts, max_size=3).map(tuple),
)


@given(drafts)
@example(Draft())
@example(Draft(title="Links"))
@example(Draft(introduction="In this episode of X, Ann Lee goes over it."))
@example(Draft(introduction="```\n## Links\n```\n\n## Links"))
@example(Draft(introduction="```\nnever closed", technologies=("Django",)))
def test_a_valid_draft_comes_back(draft):
    assert validity_errors(draft) == []
    text = render(draft)
    parsed = parse(text)
    assert parsed.draft == draft
    assert not has_errors(parsed.problems)
    assert parse_document(text).episodes[0].draft == draft


@given(st.lists(words, max_size=25).map("\n".join))
@example("Topics:\n0:41 a\n\nLibraries:\nfoo [bar: https://example.com (a) b) c")
@example("Guest: A, (B) & C -- D - E\nGuests: (x, y), None, A and B (CEO), -- z")
@example("Stack: -, -- x, →, [a](b), A and B, and, C -> ->")
def test_whatever_is_read_is_valid_and_comes_back(text):
    draft = parse(text).draft
    assert validity_errors(draft) == []
    assert parse(render(draft)).draft == draft


@given(drafts)
def test_rendering_is_a_fixed_point(draft):
    text = render(draft)
    assert render(parse(text).draft) == text


def test_the_canonical_form():
    draft = Draft(
        title="A Real Estate Order and Appraisal System",
        summary="An Excel sheet becomes a Django app.",
        introduction="In this episode of X, Austin Lewis goes over it.\n\nMore.",
        guests=(GuestDraft("Austin Lewis"), GuestDraft("Mary Ann", "CTO of Foo")),
        topics=(TopicDraft(400, "Motivation"), TopicDraft(3832, "Best tips?")),
        references=(
            LinkDraft("https://en.wiktionary.org/wiki/yak_shaving", note="a detour"),
            LinkDraft("https://en.wikipedia.org/wiki/Smoke_testing_(software)", "Smoke tests"),
        ),
        technologies=("Django", "Let's Encrypt"),
        libraries=(LinkDraft("https://gunicorn.org/"),),
    )
    assert render(draft) == (
        "# A Real Estate Order and Appraisal System\n"
        "Guest: Austin Lewis\n"
        "Guest: Mary Ann -- CTO of Foo\n"
        "Summary: An Excel sheet becomes a Django app.\n"
        "\n"
        "In this episode of X, Austin Lewis goes over it.\n"
        "\n"
        "More.\n"
        "\n"
        "## Topics Include\n"
        "\n"
        "- 6:40 -- Motivation\n"
        "- 1:03:52 -- Best tips?\n"
        "\n"
        "## Links\n"
        "\n"
        "### References\n"
        "\n"
        "- <https://en.wiktionary.org/wiki/yak_shaving> (a detour)\n"
        "- [Smoke tests](https://en.wikipedia.org/wiki/Smoke_testing_(software))\n"
        "\n"
        "### Tech Stack\n"
        "\n"
        "- Django\n"
        "- Let's Encrypt\n"
        "\n"
        "### Libraries Used\n"
        "\n"
        "- <https://gunicorn.org/>\n"
    )


def test_nobody_is_written_where_the_sentence_would_name_somebody():
    draft = Draft(introduction="In this episode of X, Ann Lee goes over it.")
    assert "Guest: none\n" in render(draft)
    assert "Guest" not in render(Draft(introduction="Ann Lee goes over it."))


def test_only_lines_that_would_be_misread_are_escaped():
    introduction = "## Which links?\n\n## Links\n\nGuest: me\n\nLinks to follow\n\n# Stack"
    assert render(Draft(title="T", introduction=introduction)) == (
        "# T\n\n## Which links?\n\n\\## Links\n\n\\Guest: me\n\nLinks to follow\n\n\\# Stack\n"
    )


def test_fenced_code_is_left_alone():
    code = "```\n## Links\nGuest: me\n\\## Links\n```"
    assert render(Draft(title="T", introduction=code)) == f"# T\n\n{code}\n"


def test_faults_name_field_and_value():
    draft = Draft(
        title="two\nlines",
        guests=(GuestDraft("Ann, Bo"), GuestDraft("Cy"), GuestDraft("Cy")),
        topics=(TopicDraft(-1, "x"), TopicDraft(MAX_SECONDS + 1, "x"), TopicDraft(7, "")),
        references=(LinkDraft("ftp://example.com", note="("),),
        technologies=("Django", "django", "a, b"),
    )
    assert {(fault.field, fault.value) for fault in validity_errors(draft)} == {
        ("title", "two\nlines"),
        ("guest", "Ann, Bo"),
        ("guest", "Cy"),
        ("topic", "-1"),
        ("topic", str(MAX_SECONDS + 1)),
        ("topic", "7"),
        ("reference", "ftp://example.com"),
        ("reference", "("),
        ("technology", "django"),
        ("technology", "a, b"),
    }


@given(TEXT, TEXT)
def test_normalising_tidies_every_text(title, introduction):
    untidy = Draft(title=title, introduction=introduction, technologies=("  Let’s\u00a0Encrypt\n",))
    draft = normalise(untidy)
    assert validity_errors(draft) == []
    assert draft.technologies == ("Let’s Encrypt",)
    assert draft.title.split() == clean(title).split()
