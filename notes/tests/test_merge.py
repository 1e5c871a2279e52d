"""Three-way merges: pure, no database."""

from dataclasses import replace

import pytest

from notes.grammar.draft import Draft, EnclosureFacts, Facts, GuestDraft, LinkDraft, TopicDraft
from notes.merge import Decisions, MergeConflict, merge, merge_facts

STORED = Draft(
    title="Preview of What's to Come",
    introduction="It uses [Django](https://www.djangoproject.com/).",
    guests=(GuestDraft("Phil Gyford", "Developer"),),
    topics=(TopicDraft(41, "He's on [GitHub](https://github.com/philgyford)"),),
    references=(LinkDraft("https://example.org/a/", "A", ""),),
    technologies=("Django",),
)


def merged(base: Draft | None, stored: Draft, incoming: Draft, markup: bool = False) -> Draft:
    """The merge, in which nothing may be in conflict."""
    decisions = Decisions(markup=markup)
    result = merge(base, stored, incoming, decisions)
    assert decisions.conflicts == []
    return result


def test_plain_notes_keep_the_links_that_stand_behind_the_same_words():
    plain = Draft(
        title="Preview of What’s to Come",
        introduction="It uses\nDjango.",
        topics=(TopicDraft(41, "He’s on GitHub"),),
        references=(LinkDraft("https://example.org/a"),),
    )
    assert merged(None, STORED, plain) == STORED


def test_other_words_stay_without_a_base_and_both_are_named():
    plain = Draft(topics=(TopicDraft(41, "He’s on Mastodon"),))
    decisions = Decisions()
    assert merge(None, STORED, plain, decisions) == STORED
    words = "0:41 – He's on [GitHub](https://github.com/philgyford)"
    assert decisions.conflicts == [MergeConflict("topic", words, "0:41 – He’s on Mastodon")]


def test_markdown_wins_over_plain():
    plain = replace(STORED, topics=(TopicDraft(41, "He’s on GitHub"),))
    assert merged(None, plain, STORED, markup=True) == STORED
    assert merged(None, plain, STORED) == plain


def test_what_an_import_does_not_state_stays():
    assert merged(None, STORED, Draft(title=STORED.title)) == STORED


def test_what_a_source_no_longer_says_is_gone():
    emptied = replace(STORED, references=(), guests=())
    assert merged(STORED, STORED, emptied) == emptied


def test_a_title_at_the_time_is_kept_by_sources_that_name_none():
    incoming = replace(STORED, guests=(GuestDraft("Phil Gyford"), GuestDraft("Ann Lee")))
    base = replace(STORED, guests=(GuestDraft("Phil Gyford"),))
    assert merged(base, STORED, incoming).guests == (
        GuestDraft("Phil Gyford", "Developer"),
        GuestDraft("Ann Lee"),
    )
    untitled = replace(STORED, guests=(GuestDraft("Phil Gyford"),))
    assert merged(None, untitled, STORED) == STORED


BASE = replace(
    STORED,
    topics=tuple(TopicDraft(60 * n, f"Number {n} about {n}{n}") for n in range(1, 6)),
    technologies=("Django", "Flask", "Redis"),
)


def with_topics(*topics: TopicDraft, draft: Draft = BASE) -> Draft:
    return replace(draft, topics=topics)


def test_rows_are_merged_one_by_one():
    one, two, three, four, five = BASE.topics
    mine, added_here = replace(two, text="Two, as I put it"), TopicDraft(400, "Mine")
    theirs, added_there = replace(four, seconds=250), TopicDraft(90, "Theirs")
    stored = with_topics(one, mine, four, five, added_here)  # three deleted
    incoming = with_topics(added_there, two, three, theirs, five)  # one deleted
    assert merged(BASE, stored, incoming).topics == (added_there, mine, theirs, five, added_here)


def test_topics_of_one_second_keep_their_order():
    new, known = TopicDraft(60, "New here"), TopicDraft(60, "Known to both")
    stored = with_topics(new, known)
    incoming = with_topics(known, TopicDraft(90, "Later"))
    assert merged(with_topics(known), stored, incoming).topics[:2] == (new, known)


def test_a_topic_that_both_added_at_one_second_is_one_topic():
    stored, incoming = (with_topics(TopicDraft(60, text)) for text in ("It’s *new*", "It's new"))
    assert merged(with_topics(), stored, incoming) == stored


def test_the_order_is_the_sources_unless_the_host_changed_it():
    reordered = replace(BASE, technologies=("Redis", "Django", "Go", "Flask"))
    stored = replace(BASE, technologies=("Django", "Flask", "Rust", "Redis"))
    assert merged(BASE, stored, reordered).technologies == (
        "Redis", "Django", "Go", "Flask", "Rust",
    )  # fmt: skip
    stored = replace(BASE, technologies=("Flask", "Django", "Redis"))
    assert merged(BASE, stored, reordered).technologies == ("Flask", "Django", "Go", "Redis")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Mine", "Theirs"),
        ("Mine", None),
        (None, "Theirs"),
    ],
)
def test_what_both_changed_stays_and_is_named_again_until_one_side_changes(
    mine: str | None, theirs: str | None
):
    def draft(text: str | None) -> Draft:
        return with_topics(*BASE.topics[1:]) if text is None else with_topics(
            TopicDraft(60, text), *BASE.topics[1:]
        )  # fmt: skip

    stored, incoming = draft(mine), draft(theirs)
    first = Decisions()
    assert merge(BASE, stored, incoming, first) == stored
    shown = (f"1:00 – {text}" if text else "" for text in (mine, theirs))
    assert first.conflicts == [MergeConflict("topic", *shown)]
    unsettled = [each.digest for each in first.conflicts]
    again = Decisions(unsettled=unsettled)
    assert merge(incoming, stored, incoming, again) == stored
    assert again.conflicts == first.conflicts
    assert merge(incoming, stored, incoming, Decisions(True, unsettled)) == incoming
    edited = draft("Mine, edited")
    decided = Decisions(unsettled=unsettled)
    assert merge(incoming, edited, incoming, decided) == edited
    assert decided.conflicts == []


def test_facts_are_merged_one_by_one():
    audio = EnclosureFacts("https://a.example/1.mp3", 100, None, "audio/mpeg")
    base = Facts(number=0, season=1, explicit=False, enclosure=audio)
    stored = replace(base, season=2, enclosure=replace(audio, seconds=60))
    incoming = Facts(number=3, season=1, language="de", enclosure=replace(audio, bytes=200))
    decisions = Decisions()
    assert merge_facts(base, stored, incoming, decisions) == Facts(
        number=3, language="de", enclosure=replace(audio, bytes=200, seconds=60)
    )
    assert decisions.conflicts == []


def test_a_fact_that_both_changed_stays():
    decisions = Decisions()
    taken = merge_facts(Facts(season=1), Facts(season=2), Facts(season=3), decisions)
    assert taken == Facts()
    assert decisions.conflicts == [MergeConflict("season", "2", "3")]
