"""Which source wins: pure, no database."""

from dataclasses import replace

from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.merge import DESK, JEKYLL, SHOW_NOTES, merge

STORED = Draft(
    title="Preview of What's to Come",
    introduction="It uses [Django](https://www.djangoproject.com/).",
    guests=(GuestDraft("Phil Gyford", "Developer"),),
    topics=(TopicDraft(41, "He's on [GitHub](https://github.com/philgyford)"),),
    references=(LinkDraft("https://example.org/a/", "A", ""),),
    technologies=("Django",),
)


def test_plain_notes_keep_the_links_that_stand_behind_the_same_words():
    plain = Draft(
        title="Preview of What’s to Come",
        introduction="It uses\nDjango.",
        topics=(TopicDraft(41, "He’s on GitHub"),),
        references=(LinkDraft("https://example.org/a"),),
    )
    assert merge(STORED, plain, SHOW_NOTES) == STORED


def test_other_words_win_whatever_their_source():
    plain = Draft(topics=(TopicDraft(41, "He’s on Mastodon"),))
    assert merge(STORED, plain, SHOW_NOTES).topics == plain.topics


def test_markdown_wins_over_plain():
    plain = replace(STORED, topics=(TopicDraft(41, "He’s on GitHub"),))
    assert merge(plain, STORED, JEKYLL) == STORED


def test_what_an_import_does_not_state_stays():
    assert merge(STORED, Draft(title=STORED.title), JEKYLL) == STORED


def test_what_the_desk_empties_is_gone():
    emptied = replace(STORED, references=(), guests=())
    assert merge(STORED, emptied, DESK) == emptied


def test_a_title_at_the_time_is_kept_by_sources_that_name_none():
    incoming = replace(STORED, guests=(GuestDraft("Phil Gyford"), GuestDraft("Ann Lee")))
    assert merge(STORED, incoming, JEKYLL).guests == (
        GuestDraft("Phil Gyford", "Developer"),
        GuestDraft("Ann Lee"),
    )
