"""Notes as people write them: real episodes, other spellings, mistakes, and hostile texts."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.drafts import LinkDraft, TopicDraft
from notes.introduced import guests_in
from notes.lines import clean
from notes.marks import LIBRARIES, REFERENCES, SUPPORT, TECHNOLOGIES, TOPICS, heading_in
from notes.parse import parse, parse_document
from notes.render import render
from text.problems import has_errors

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
SHOW_NOTES = Path(__file__).parents[2] / "fixtures" / "show-notes.txt"
SHOW, HOST = "Running in Production", "Nick Janetakis"


@pytest.fixture(scope="module")
def document():
    return parse_document(SHOW_NOTES.read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case):
    """A file holds a text, what it reads as (canonically), and the problems named."""
    text, _, expected = case.read_text("utf-8").partition("%%% reads as\n")
    reads_as, _, problems = expected.partition("%%% problems\n")
    parsed = parse(text, SHOW, HOST)
    assert render(parsed.draft) == reads_as
    assert "".join(f"{problem}\n" for problem in parsed.problems) == problems


# The show's own file


def test_the_file_of_ten_episodes(document):
    drafts = [parsed.draft for parsed in document.episodes]
    assert [guest.name for draft in drafts for guest in draft.guests] == [
        "Austin Lewis", "Brendan Wood", "Ben Sassoon", "Sean Parsons", "Stuart Kelly",
        "Phil Gyford", "Dylan Jhaveri", "Amit Jain", "Saad Malik", "Todd Gardner",
    ]  # fmt: skip
    totals = [
        sum(len(getattr(draft, field)) for draft in drafts)
        for field in ("topics", "references", "technologies", "libraries")
    ]
    assert totals == [347, 56, 134, 46]
    assert drafts[0].title == "A Real Estate Order and Appraisal System for a Small Business"
    assert drafts[0].topics[0] == TopicDraft(
        400, "Motivation for using Django and Python and taking advantage of Django’s admin"
    )
    assert drafts[3].references[2] == LinkDraft(
        "https://www.youtube.com/watch?v=8hY6DSSVvYw", note="Etsy talk on deployment"
    )
    assert drafts[0].technologies[6] == "lets-encrypt"
    first, last = document.episodes[0], document.episodes[-1]
    assert (first.dated, first.minutes, first.first_line) == (date(2020, 6, 29), 46, 9)
    assert (last.dated, last.minutes, last.first_line) == (date(2020, 4, 27), 79, 752)


def test_the_file_s_repairs_are_named_by_its_lines(document):
    assert document.problems == []
    found = [problem for parsed in document.episodes for problem in parsed.problems]
    assert not has_errors(found)
    assert [(problem.line, problem.value, problem.repair) for problem in found] == [
        (89, "1:19-27", f"1:19:27 – {document.episodes[1].draft.topics[15].text}"),
        (310, "1:04-22", "1:04:22 – Various alarms and alerts get sent through DataDog"),
        (638, "python", ""),
    ]


def test_the_show_s_part_of_the_file(document):
    show = document.show
    assert (show.title, show.author, show.author_title) == (SHOW, HOST, "Full stack developer")
    assert show.description.startswith("Hear about how folks") and "\n" not in show.description
    paragraphs = show.support.split("\n\n")
    assert [paragraph[:16] for paragraph in paragraphs] == [
        "This episode doe", "Dive into Docker", "Build a SAAS App",
    ]  # fmt: skip


def test_nothing_of_the_file_is_lost(document):
    kept = [document.show.title, document.show.description, document.show.support]
    kept += [f"{document.show.author} - {document.show.author_title}"]
    named = {problem.line for problem in document.problems}
    for parsed in document.episodes:
        kept.append(render(parsed.draft).replace(" -- ", " – ").replace("<", "").replace(">", ""))
        named |= {problem.line for problem in parsed.problems}
    everything = "\n".join(kept)
    structure = {"Episodes", "Mentioned books"}
    for number, line in enumerate(SHOW_NOTES.read_text("utf-8").split("\n"), start=1):
        is_structure = line in structure or heading_in(line) or " • " in line
        if line and number not in named and not is_structure:
            assert line.removesuffix(" →") in everything, (number, line)


def test_lost_paragraphs_of_a_copied_page_are_found(document):
    assert document.episodes[0].draft.introduction.split("\n\n")[1].startswith("It has processed")
    assert len(document.episodes[9].draft.introduction.split("\n\n")) == 2


@pytest.mark.parametrize("end", [5_000, 20_000, 30_001, 45_000])
def test_a_file_cut_off_anywhere_is_read_up_to_there(document, end):
    text = SHOW_NOTES.read_text("utf-8")[:end]
    cut = parse_document(text)
    whole = document.episodes[: len(cut.episodes) - 1]
    assert [parsed.draft for parsed in cut.episodes[:-1]] == [parsed.draft for parsed in whole]
    assert cut.problems == []


# Files of several episodes

EPISODE = "Title {n}\nIn this episode of X, Ann Lee goes over it.\nTopics Include\n0:1{n} – one\n"


def test_a_file_of_one_episode_without_header_or_date():
    document = parse_document("\n\n" + EPISODE.format(n=1))
    assert document.show is None
    (only,) = document.episodes
    assert only.draft.title == "Title 1"
    assert only.draft.topics == (TopicDraft(11, "one"),)


def test_episodes_are_parted_by_dates_in_every_spelling():
    dates = ["Jun 29, 2020 • 46min", "29 June 2020", "2020-06-29 · 1 h 2 min", "September 1, 2020"]
    text = "\n\n".join(f"{day}\n{EPISODE.format(n=n)}" for n, day in enumerate(dates))
    episodes = parse_document(text).episodes
    assert [parsed.draft.title for parsed in episodes] == [f"Title {n}" for n in range(4)]
    assert [parsed.minutes for parsed in episodes] == [46, None, 62, None]
    assert [parsed.dated for parsed in episodes] == [*[date(2020, 6, 29)] * 3, date(2020, 9, 1)]
    assert [parsed.first_line for parsed in episodes] == [1, 8, 15, 22]


def test_a_date_that_is_none_is_named():
    parsed = parse("Feb 31, 2020 • 46min\nTitle\n\nText.")
    assert parsed.dated is None
    assert parsed.draft.title == "Title"
    assert [(problem.line, problem.field) for problem in parsed.problems] == [(1, "date")]


def test_episodes_above_the_first_date_are_no_header():
    text = EPISODE.format(n=1) + "\n2020-06-29\n" + EPISODE.format(n=2)
    document = parse_document(text)
    assert document.show is None
    assert [parsed.draft.title for parsed in document.episodes] == ["Title 1", "Title 2"]


def test_what_a_later_support_block_says_differently_is_named():
    support = "Support the Show\nBuy my course.\nTell a friend.\n"
    other = "Support the Show\nBuy my book.\nTell a friend.\n"
    cut = "Support the Show\nBuy my"
    blocks = [f"2020-06-0{n}\n{EPISODE.format(n=n)}{b}\n" for n, b in ((1, support), (2, other))]
    document = parse_document("".join(blocks) + f"2020-06-03\n{EPISODE.format(n=3)}{cut}")
    assert document.show.support == "Buy my course.\nTell a friend."
    assert [(problem.line, problem.value) for problem in document.problems] == [
        (16, "Buy my book.")
    ]
    assert all(parsed.problems == [] for parsed in document.episodes)


def test_books_are_named_as_not_kept():
    text = f"My Show\nMentioned books\nDune\n\n2020-06-01\n{EPISODE.format(n=1)}"
    document = parse_document(text)
    assert document.show.title == "My Show"
    assert [(problem.line, problem.value) for problem in document.problems] == [(3, "Dune")]


# Headings and fields


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Topics Include", TOPICS),
        ("## Topics Include", TOPICS),
        ("##Topics", TOPICS),
        ("###### TOPICS INCLUDE ######", TOPICS),
        ("**Topics**", TOPICS),
        ("**Topics:**", TOPICS),
        ("__Timestamps__", TOPICS),
        ("chapters:", TOPICS),
        ("Links", REFERENCES),
        ("📄 References", REFERENCES),
        ("Show notes links:", REFERENCES),
        ("⚙️ Tech Stack", TECHNOLOGIES),
        ("###### ⚙️ Tech Stack", TECHNOLOGIES),
        ("stack:", TECHNOLOGIES),
        ("Stack: Django, Redis", TECHNOLOGIES),
        ("🛠 Libraries Used", LIBRARIES),
        ("   Libraries", LIBRARIES),
        ("Support the Show", SUPPORT),
    ],
)
def test_headings(line, kind):
    assert heading_in(line).kind == kind


@pytest.mark.parametrize(
    "line",
    [
        "libraries",
        "libraries.",
        "stack",
        "- Links",
        "* Stack",
        "    ## Links",
        "## What does the rest of your tech stack look like?",
        "## Stack: how we chose it",
        "Stack: we use Django and a couple of servers for everything.",
        "Links: see below",
        "Topics: many",
        "\\## Links",
        "# 📄",
        "",
    ],
)
def test_no_headings(line):
    assert heading_in(line) is None


def test_sections_in_any_order_and_more_than_once():
    text = "# T\n\nStack: Django\n\nTopics\n0:10 a\n\nTech stack:\nRedis\n\nTopics\n0:20 b"
    draft = parse(text).draft
    assert draft.technologies == ("Django", "Redis")
    assert draft.topics == (TopicDraft(10, "a"), TopicDraft(20, "b"))


def test_an_interview_keeps_its_questions():
    text = "# T\n\n## Which links?\n\nMany.\n\n### Topics we like\n\n- 0:10 is no topic\n"
    draft = parse(text).draft
    assert (
        draft.introduction == "## Which links?\n\nMany.\n\n### Topics we like\n\n- 0:10 is no topic"
    )
    assert draft.topics == ()


def test_code_is_left_alone():
    code = "```\n## Topics Include\n0:10 a\n<br />\nGuest: x\n```"
    parsed = parse(f"# T\n\n{code}\n\n## Topics\n\n0:20 b")
    assert parsed.draft.introduction == code
    assert parsed.draft.topics == (TopicDraft(20, "b"),)
    assert parsed.problems == []


def test_a_fence_nobody_closes_hides_nothing():
    draft = parse("# T\n\n```\nText\n\n## Topics\n\n0:20 b").draft
    assert draft.introduction == "```\nText"
    assert draft.topics == (TopicDraft(20, "b"),)


@pytest.mark.parametrize(
    ("lines", "guests"),
    [
        ("Guest: Ann Lee", [("Ann Lee", "")]),
        ("guest : Ann Lee -- CTO of Foo, Bar and Baz", [("Ann Lee", "CTO of Foo, Bar and Baz")]),
        ("Guest: Ann Lee – CTO", [("Ann Lee", "CTO")]),
        ("Guest: Ann Lee, CTO", [("Ann Lee", "CTO")]),
        ("**Guest:** Ann Lee (CTO)", [("Ann Lee", "CTO")]),
        ("Guest: Mikko (Nicd) Ahlroth", [("Mikko (Nicd) Ahlroth", "")]),
        ("Guest: Ann Lee and Bo Ray", [("Ann Lee", ""), ("Bo Ray", "")]),
        ("Guests: Ann Lee (CTO), Bo Ray & Cy", [("Ann Lee", "CTO"), ("Bo Ray", ""), ("Cy", "")]),
        ("With: Ann Lee", [("Ann Lee", "")]),
        ("Guest: Ann Lee\nGuest: Bo Ray", [("Ann Lee", ""), ("Bo Ray", "")]),
        ("Guest: Alexander Meadows-Jönsson", [("Alexander Meadows-Jönsson", "")]),
        ("Guest: none", []),
    ],
)
def test_guest_lines_win_over_the_introduction(lines, guests):
    parsed = parse(f"# T\n{lines}\n\nIn this episode of X, Di Roe goes over it.")
    assert [(guest.name, guest.title) for guest in parsed.draft.guests] == guests
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Austin Lewis goes over replacing", ["Austin Lewis"]),
        ("Stuart Kelly lets us know what", ["Stuart Kelly"]),
        ("Daniele Procida walks us through", ["Daniele Procida"]),
        ("Clemens Wolff and Shaun Bathgate go over", ["Clemens Wolff", "Shaun Bathgate"]),
        ("Ann Lee, Bo Ray, and Cy Orr talk about", ["Ann Lee", "Bo Ray", "Cy Orr"]),
        ('Mikko "Nicd" Ahlroth talks about', ['Mikko "Nicd" Ahlroth']),
        ("Alexander Meadows-Jönsson goes over", ["Alexander Meadows-Jönsson"]),
        ("Guido van Rossum talks about", ["Guido van Rossum"]),
        ("J. R. O’Neil shares", ["J. R. O’Neil"]),
        ("Élodie d'Arc briefly talks about", ["Élodie d'Arc"]),
        ("[Ann Lee](https://example.com) goes over", ["Ann Lee"]),
        ("Mark goes over", ["Mark"]),
        ("Nick briefly talks about", []),
        ("Nick talks about", []),
        ("Nick Janetakis and Ann Lee talk about", ["Ann Lee"]),
        ("we talk about", []),
        ("I talk to Ann Lee about", []),
        ("Django is the topic", []),
        ("Ann Lee, who runs Foo, talks about", []),
        ("Ann Lee", []),
    ],
)
def test_whom_the_introduction_introduces(sentence, names):
    introduction = f"In this episode of {SHOW}, {sentence} an app.\n\nMore."
    assert list(guests_in(introduction, SHOW, HOST)) == names


def test_a_show_title_with_a_comma():
    text = "In this episode of Ship It, Ann Lee, Bo Ray goes over it."
    assert guests_in(text, "Ship It, Ann Lee") == ("Bo Ray",)


# Topics


@pytest.mark.parametrize(
    ("line", "seconds", "text"),
    [
        ("0:41 text", 41, "text"),
        ("6:40 – text", 400, "text"),
        ("- 6:40 -- text", 400, "text"),
        ("- 6:40 -- -- text", 400, "-- text"),
        ("* 5:10 — text", 310, "text"),
        ("• 5:10 text", 310, "text"),
        ("3. 5:10 text", 310, "text"),
        ("(1:02:03) text", 3723, "text"),
        ("[12:34] - text", 754, "text"),
        ("12:34: text", 754, "text"),
        ("12:34 | text", 754, "text"),
        ("75:30 text", 4530, "text"),
        ("1h2m3s text", 3723, "text"),
        ("1h 2m 3s - text", 3723, "text"),
        ("2m30s text", 150, "text"),
        ("45s - text", 45, "text"),
        ("6:40\u00a0–\u00a0text", 400, "text"),
        ("\u200b6:40\t–\ttext  ", 400, "text"),
        ("4:33 – with 8-10k auctions", 273, "with 8-10k auctions"),
        ("5:10 50 people", 310, "50 people"),
        ("- 5:10 -- 22 -- x", 310, "22 -- x"),
        ("0:41 - 1:13 text", 41, "1:13 text"),
    ],
)
def test_times(line, seconds, text):
    parsed = parse(f"# T\n\nTopics\n{line}")
    assert parsed.draft.topics == (TopicDraft(seconds, text),)
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("line", "seconds", "repair"),
    [
        ("1:04-22 – text", 3862, "1:04:22 – text"),
        ("- 1:19-27 -- text", 4767, "- 1:19:27 -- text"),
        ("1:19.27 text", 4767, "1:19:27 text"),
        ("1:19;27 text", 4767, "1:19:27 text"),
        ("1:19 27 – text", 4767, "1:19:27 – text"),
        ("1.04.22 – text", 3862, "1:04:22 – text"),
        ("[1-04-22] text", 3862, "[1:04:22] text"),
        ("6.40 – text", 400, "6:40 – text"),
    ],
)
def test_mistyped_times_are_mended_and_named(line, seconds, repair):
    parsed = parse(f"# T\n\nTopics\n{line}")
    assert parsed.draft.topics == (TopicDraft(seconds, "text"),)
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.repair) == ("warning", 4, repair)
    assert parse(f"# T\n\nTopics\n{repair}").problems == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("12:75 text", "12:75"),
        ("1:75:00 text", "1:75:00"),
        ("6:4 text", "6:4"),
        ("1:04-99 text", "1:04-99"),
        ("169:00:00 text", "169:00:00"),
        ("5m users signed up", "5m users signed up"),
        ("6:40text", "6:40text"),
        ("1:2:3:4 text", "1:2:3:4 text"),
        ("Just words", "Just words"),
        ("6:40", "6:40"),
        ("(6:40 text", "(6:40 text"),
    ],
)
def test_what_is_no_topic_is_an_error(line, value):
    parsed = parse(f"# T\n\nTopics\n{line}")
    assert parsed.draft.topics == ()
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.value) == ("error", 4, value)


def test_wrapped_topics():
    text = (
        "## Topics Include\n\n- 1:00 -- You can find Andrew on [Exam Pro](https://example.com),\n"
        "    [LinkedIn](https://example.org/)\n             12:30 and more  \n- 2:00 -- next\n"
    )
    parsed = parse(text)
    assert parsed.draft.topics == (
        TopicDraft(
            60,
            "You can find Andrew on [Exam Pro](https://example.com), "
            "[LinkedIn](https://example.org/) 12:30 and more",
        ),
        TopicDraft(120, "next"),
    )
    assert parsed.problems == []


def test_a_time_alone_takes_the_next_line():
    parsed = parse("Topics:\n0:41\nWho Ann is\n1:13\nWhat it does")
    assert parsed.draft.topics == (TopicDraft(41, "Who Ann is"), TopicDraft(73, "What it does"))
    assert parsed.problems == []


def test_times_that_go_backwards_are_kept_and_named():
    parsed = parse("Topics:\n5:00 a\n5:00 b\n4:59 c\n6:00 d")
    assert [topic.seconds for topic in parsed.draft.topics] == [300, 300, 299, 360]
    assert [(problem.severity, problem.line) for problem in parsed.problems] == [("warning", 4)]


def test_topics_without_their_heading_stay_and_are_named():
    parsed = parse("# T\n\n0:41 a\n1:13 b")
    assert parsed.draft.introduction == "0:41 a\n1:13 b"
    assert [(problem.severity, problem.line) for problem in parsed.problems] == [("warning", 3)]


# Links and technologies


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("https://example.com/", LinkDraft("https://example.com/")),
        ("- <https://example.com/> (CNN)", LinkDraft("https://example.com/", note="CNN")),
        ("https://example.com/_(LRU) (CNN)", LinkDraft("https://example.com/_(LRU)", note="CNN")),
        ("- [a [b] c](https://example.com/)", LinkDraft("https://example.com/", "a [b] c")),
        ("[`x`](</podcast/1> ) (y)", None),
        ("- [x](/podcast/71-y)", LinkDraft("/podcast/71-y", "x")),
        ("[Ann](mailto:ann@example.com)", LinkDraft("mailto:ann@example.com", "Ann")),
        ("Etsy talk: https://example.com/", LinkDraft("https://example.com/", "Etsy talk")),
        ("https://example.com/ - a note", LinkDraft("https://example.com/", note="a note")),
        ('[x](https://example.com/ "y")', LinkDraft("https://example.com/", "x", "y")),
        ("https://example.com/,", LinkDraft("https://example.com/")),
    ],
)
def test_links(item, link):
    parsed = parse(f"# T\n\n## References\n{item}\n\n## Libraries\n{item}")
    expected = (link,) if link else ()
    assert parsed.draft.references == parsed.draft.libraries == expected
    assert has_errors(parsed.problems) == (link is None)


def test_links_without_sub_headings_are_references():
    draft = parse("## Links\n\n- [a](https://example.com/)\n- <https://example.org/>").draft
    assert [link.url for link in draft.references] == [
        "https://example.com/",
        "https://example.org/",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hhttps://example.com/", "https://example.com/"),
        ("https:/example.com/", "https://example.com/"),
        ("http//example.com/", "http://example.com/"),
        ("www.example.io", "https://www.example.io"),
        ("example.com/foo", "https://example.com/foo"),
        ("example.com", "https://example.com"),
    ],
)
def test_addresses_without_a_scheme_are_mended(written, meant):
    parsed = parse(f"References:\n- {written} (a note)")
    assert parsed.draft.references == (LinkDraft(meant, note="a note"),)
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.value) == ("warning", 2, written)
    assert problem.repair == f"- {meant} (a note)"


@pytest.mark.parametrize(
    "written", ["Node.js", "ASP.NET", "some words", "ftp://example.com/x", "https://", "http://a"]
)
def test_what_is_no_address_is_an_error(written):
    parsed = parse(f"References:\nhttps://example.com/\n{written}")
    assert len(parsed.draft.references) == 1
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.value) == ("error", 3, written)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Stack: Django, Redis", ("Django", "Redis")),
        ("Tech stack:\nDjango, Redis and nginx", ("Django", "Redis", "nginx")),
        ("Tech Stack\ndjango →\nlets-encrypt →", ("django", "lets-encrypt")),
        ("## Stack\n- Ruby on\n  Rails\n- S3 (a, b)", ("Ruby on Rails", "S3 (a, b)")),
        ("## Stack\n* C#\n* C\n* C++", ("C#", "C", "C++")),
    ],
)  # fmt: skip
def test_technologies(text, names):
    parsed = parse(text)
    assert parsed.draft.technologies == names
    assert parsed.problems == []


def test_a_technology_listed_twice_is_kept_once():
    parsed = parse("Stack:\nPostgres\nNext.js\npostgres\nnext js, Redis")
    assert parsed.draft.technologies == ("Postgres", "Next.js", "Redis")
    assert [(problem.severity, problem.line, problem.value) for problem in parsed.problems] == [
        ("warning", 4, "postgres"),
        ("warning", 5, "next js"),
    ]


# Any text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x0b"])
def test_line_ends_and_marks_without_width(end):
    lines = ["\ufeff# T", "", "Text\u200b.", "", "Topics", "6:40 – a", "x", "7:00\u00a0b"]
    parsed = parse(end.join(lines))
    assert parsed.draft.introduction == "Text."
    assert parsed.draft.topics == (TopicDraft(400, "a"), TopicDraft(420, "b"))
    assert [problem.line for problem in parsed.problems] == [7]


def test_texts_are_composed_and_storable():
    draft = parse("# e\u0301\x00\ud800\n\nGrüße").draft
    assert draft.title == "é\ufffd"
    assert "\x00" not in draft.title


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    parsed = parse(text)
    document = parse_document(text)
    count = clean(text).count("\n") + 1
    assert all(1 <= problem.line <= count for problem in [*parsed.problems, *document.problems])


# Reading looks at each line a bounded number of times, so these take moments; work that grew
# with the square of the text would take hours.
HOSTILE = {
    "blank lines": "\n" * 100_000,
    "fences": "```x\n" * 50_000 + "~~~\n",
    "dates": "2020-06-29\n\n" * 20_000,
    "fields": "Guest: Ann\nSummary: x\n" * 2_000,
    "headings": "## Topics\n\n## x\n" * 20_000,
    "continuations": "Topics\n0:10 a\n" + "  b\n" * 50_000,
    "links": "References\n" + "[a](https://example.com/\n" * 20_000,
    "definitions": "Links\n" + "[a]: https://example.com/\n" * 20_000,
    "technologies": "Stack\n" + "a, b and c\n" * 20_000,
}
HOSTILE_LINES = [
    "(", "[", "[a](", "1:", "1:2", ",", "`", "~", " ", "- ", "-", "*", "_", "h", "http", "a.", "<",
    "\\", "#", "and ", "x", "1", "\t", "**", "…–", "(,", "[[](",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_long_texts(text):
    parsed = parse(text)
    parse_document(text)
    assert parse(render(parsed.draft)).draft == parsed.draft


@pytest.mark.parametrize("piece", HOSTILE_LINES)
def test_long_lines(piece):
    line = piece * (100_000 // len(piece))
    text = (
        f"# T\n\n{line}x\n\nTopics\n0:10 {line}\n{line}x\n\nStack\n{line}x\n\nReferences\n{line}x"
    )
    parsed = parse(text)
    assert parsed.draft.title == "T"
    parse_document(text)
    parse(line)
    guests_in(f"In this episode of X, {line}")
