"""Files of several episodes: the show's own, and others."""

from datetime import date
from pathlib import Path

import pytest

from notes.grammar.draft import LinkDraft, TopicDraft
from notes.grammar.headings import heading_in
from notes.parse import parse, parse_document
from notes.render import render
from text.problems import has_errors

SHOW_NOTES = Path(__file__).parents[2] / "fixtures" / "show-notes.txt"
SHOW, HOST = "Running in Production", "Nick Janetakis"


@pytest.fixture(scope="module")
def document():
    return parse_document(SHOW_NOTES.read_text("utf-8"))


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
    texts = [document.show.title, document.show.description, document.show.support]
    texts += [f"{document.show.author} - {document.show.author_title}"]
    named = {problem.line for problem in document.problems}
    for parsed in document.episodes:
        texts.append(render(parsed.draft).replace(" -- ", " – ").replace("<", "").replace(">", ""))
        named |= {problem.line for problem in parsed.problems}
    everything = "\n".join(texts)
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
