"""Text and form agree, whichever of them an episode is edited with."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.tests.forms import errors, form_data
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import by_catalogue_names
from notes.grammar.draft import Draft
from notes.parse import parse
from notes.read_rows import stored_draft
from notes.render import render
from notes.tests.test_render import drafts, urls, words
from notes.validity import normalise
from stack.models import Technology

NAMES = ("Django", "Redis", "Elixir", "nginx")
GUESTS = ("Phil Gyford", "Mary Ann Lee")
TOPICS = [(40, "Motivation"), (1526, "Recap of AWS services"), (1526, "Two at once")]

LISTED_TWICE = "This topic is listed twice."

places = st.integers(0, 5)
rows = st.sampled_from(["topics", "uses", "references", "library_uses"])
values = st.fixed_dictionaries(
    {},
    optional={
        "seconds": st.integers(0, 4000).map(str) | st.sampled_from(["1:02:03", "59", "x", ""]),
        "text": words,
        "url": urls | st.sampled_from(["", "javascript:alert(1)", "mailto:x", "https://a b"]),
        "label": words,
        "note": words,
        "title": words,
        "technology": st.sampled_from(NAMES),
        "DELETE": st.just("on"),
        "place": places.map(str),
    },
)
form_edits = st.tuples(
    st.just("form"),
    st.dictionaries(st.sampled_from(["title", "summary", "introduction"]), words, max_size=1),
    st.dictionaries(st.tuples(rows, places), values, max_size=3),
)
guest_edits = st.tuples(
    st.just("guests"),
    st.dictionaries(
        places,
        st.fixed_dictionaries(
            {}, optional={"title": words, "place": places.map(str), "remove": st.just("on")}
        ),
        max_size=2,
    ),
    st.sampled_from(["", *GUESTS, "Jo Newton"]),
)
text_edits = st.tuples(
    st.just("text"),
    drafts,
    st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
    st.sets(places, max_size=2),
)


def address(episode: Episode, page: str) -> str:
    return f"/admin/episodes/episode/{episode.pk}/{page}"


def keys(episode: Episode) -> dict[int, tuple[int, str]]:
    found = episode.topics.values_list("pk", "seconds", "text")
    return {pk: (seconds, text) for pk, seconds, text in found}


def edit_text(
    host: Client, episode: Episode, draft: Draft, names: tuple[str, ...], gone: set[int]
) -> None:
    """Apply a text with most of the topics; the rows then match it."""
    stored, before = stored_draft(episode), keys(episode)
    remaining = [topic for place, topic in enumerate(stored.topics) if place not in gone]
    title = draft.title[:150] or "A title"
    wanted = replace(draft, title=title, topics=(*remaining, *draft.topics), technologies=names)
    url = address(episode, "text")
    page = host.post(url, form_data(host.get(url)) | {"text": render(wanted)})
    response: Any = host.post(url, form_data(page) | {"do": "apply"})
    episode.refresh_from_db()
    if response.status_code != 302:  # what no episode can hold is refused as a whole
        assert not response.context_data["analysis"].can_be_applied
        host.post(url, form_data(response) | {"do": "discard"})
        assert (stored_draft(episode), keys(episode)) == (stored, before)
        return
    assert stored_draft(episode) == by_catalogue_names(normalise(wanted))
    # As many of the same topics have their former key as the text still has.
    after = keys(episode)
    for topic in {(topic.seconds, topic.text) for topic in remaining}:
        old = {key for key, found in before.items() if found == topic}
        still = {key for key in old if after.get(key) == topic}
        assert len(still) >= min(len(old), sum(found == topic for found in after.values()))


def edit_form(
    host: Client,
    episode: Episode,
    fields: dict[str, str],
    changes: dict[tuple[str, int], dict[str, str]],
) -> None:
    """Change some fields and rows, fill in blank ones; everything else stays."""
    stored, before = stored_draft(episode), keys(episode)
    url = address(episode, "change/")
    data = form_data(host.get(url)) | fields
    touched = set()
    for (prefix, place), given_values in changes.items():
        last = int(data[f"{prefix}-TOTAL_FORMS"]) - 1
        at = min(place, last)  # the last is the blank one
        for name, value in given_values.items():
            field = f"{prefix}-{at}-{name}"
            if name == "technology":
                value = str(Technology.objects.get(name=value).pk)
            if field in data or (name == "DELETE" and at < last):
                data[field] = value
        if prefix == "topics":
            touched.add(data[f"topics-{at}-id"])
    response = host.post(url, data)
    episode.refresh_from_db()
    if response.status_code != 302:
        assert errors(response)
        assert (stored_draft(episode), keys(episode)) == (stored, before)
        return
    after = keys(episode)
    for key, topic in before.items():
        assert str(key) in touched or after[key] == topic


def edit_guests(
    host: Client, episode: Episode, changes: dict[int, dict[str, str]], added: str
) -> None:
    """Change the cards of some guests, and add one by name."""
    stored, url = stored_draft(episode), address(episode, "guests")
    shown = list(episode.appearances.values_list("guest_id", flat=True))
    data = form_data(host.get(url)) | {"guest": [str(pk) for pk in shown], "new-name": added}
    for place, given_values in changes.items():
        if place < len(shown):
            data |= {f"in-{shown[place]}-{name}": value for name, value in given_values.items()}
    response = host.post(url, data)
    episode.refresh_from_db()
    if response.status_code != 302:
        assert stored_draft(episode) == stored
        return
    names = {row.guest.name for row in episode.appearances.select_related("guest")}
    assert not added or added in names


EDITS: dict[str, Any] = {"text": edit_text, "form": edit_form, "guests": edit_guests}


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=20)
@given(st.lists(st.one_of(text_edits, form_edits, guest_edits), min_size=1, max_size=4))
def test_any_edits_in_any_order(host: Client, edits: list[Any]):
    factories.show()
    for name in NAMES:
        factories.technology(name)
    for name in GUESTS:
        factories.guest(name)
    Episode.with_deleted.all().delete()
    episode = factories.episode(
        topics=TOPICS, technologies=NAMES[:2], guests=GUESTS[:1],
        references=["https://example.org/yaks"], libraries=["https://gunicorn.org/"],
    )  # fmt: skip
    for kind, *what in edits:
        EDITS[kind](host, episode, *what)
        # Text, rows, text: the same.
        text = form_data(host.get(address(episode, "text")))["text"].replace("\r\n", "\n")
        assert text == render(stored_draft(episode))
        assert parse(text).draft == stored_draft(episode)
        # Rows may be the same twice; nothing else is a problem.
        topics = [(topic.seconds, topic.text) for topic in stored_draft(episode).topics]
        twice = len(topics) - len(set(topics))
        assert [each.message for each in parse(text).problems] == [LISTED_TWICE] * twice


@pytest.mark.django_db
def test_the_form_can_express_every_text(host: Client):
    factories.show()
    episode = factories.episode(topics=TOPICS[:1], references=["https://example.org/"])
    url = address(episode, "change/")
    words_of_lines = {
        "topics-0-text": "In\u200bvisible\u2028end",
        "references-0-label": "An open [bracket",
        "references-0-note": "closed) too early",
    }
    assert host.post(url, form_data(host.get(url)) | words_of_lines).status_code == 302
    stored = stored_draft(episode)
    assert stored.topics[0].text == "Invisible end"
    assert (stored.references[0].label, stored.references[0].note) == (
        "An open \\[bracket", "closed\\) too early",
    )  # fmt: skip
    assert parse(render(stored)).draft == stored
    for name, value in [("topics-0-text", "\u200b"), ("references-0-url", "https://a b")]:
        page = host.post(url, form_data(host.get(url)) | {name: value})
        assert errors(page)
