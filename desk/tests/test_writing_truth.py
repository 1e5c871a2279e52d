"""Text or form, one truth: whichever way an episode is edited, both say the same after it."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.tests.forms import errors, form_data
from episodes.models import Episode
from episodes.tests import factories
from notes.drafts import Draft
from notes.parse import parse
from notes.publish import by_catalogue_names
from notes.read_rows import stored_draft
from notes.render import render
from notes.tests.test_render import drafts, lines
from notes.valid import normalise

NAMES = ("Django", "Redis", "Elixir", "nginx")
TOPICS = [(40, "Motivation"), (1526, "Recap of AWS services"), (1526, "Two at once")]

topic_times = st.integers(0, 4000)
topic_words = lines.filter(lambda text: text.strip())
text_edits = st.tuples(
    st.just("text"), drafts, st.lists(st.sampled_from(NAMES), unique=True).map(tuple)
)
form_edits = st.tuples(
    st.just("form"),
    st.dictionaries(st.integers(0, 5), st.tuples(topic_times, topic_words), max_size=2),
    st.sets(st.integers(0, 5), max_size=1),
)


def keys(episode: Episode) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = {}
    for pk, seconds, text in episode.topics.values_list("pk", "seconds", "text"):
        found.setdefault((seconds, text), []).append(pk)
    return found


def edit_text(host: Client, episode: Episode, draft: Draft, names: tuple[str, ...]) -> str:
    """Apply this text, keeping some topics as they are; what the rows should now say."""
    stored = stored_draft(episode)
    wanted = Draft(
        title=(draft.title or "A title")[:150],
        summary=draft.summary,
        introduction=draft.introduction,
        guests=draft.guests,
        topics=stored.topics[:2] + draft.topics,
        references=draft.references,
        technologies=names,
        libraries=draft.libraries,
    )
    url = f"/admin/episodes/episode/{episode.pk}/text"
    page = host.post(url, form_data(host.get(url)) | {"text": render(wanted)})
    response: Any = host.post(url, form_data(page) | {"do": "apply"})
    if response.status_code != 302:  # what no episode can hold is refused whole
        assert not response.context_data["understood"].can_be_applied
        host.post(url, {"do": "discard"})
        return render(stored)
    return render(by_catalogue_names(normalise(wanted)))


def edit_form(host: Client, episode: Episode, changed: dict[int, Any], dropped: set[int]) -> None:
    url = f"/admin/episodes/episode/{episode.pk}/change/"
    data = form_data(host.get(url))
    count = int(data["topics-INITIAL_FORMS"])
    for place, (seconds, words) in changed.items():
        if place < count:
            data |= {f"topics-{place}-seconds": str(seconds), f"topics-{place}-text": words}
    for place in dropped:
        if place < count:
            data[f"topics-{place}-DELETE"] = "on"
    response = host.post(url, data)
    assert response.status_code == 302, errors(response)


@pytest.mark.django_db
@settings(max_examples=25)
@given(st.lists(st.one_of(text_edits, form_edits), min_size=1, max_size=4))
def test_any_edits_in_any_order(host: Client, edits: list[Any]):
    factories.show()
    for name in NAMES:
        factories.technology(name)
    Episode.with_deleted.all().delete()
    episode = factories.episode(topics=TOPICS, technologies=NAMES[:2])
    url = f"/admin/episodes/episode/{episode.pk}/text"
    for kind, *what in edits:
        before = keys(episode)
        if kind == "text":
            expected = edit_text(host, episode, *what)
            episode.refresh_from_db()
            assert render(stored_draft(episode)) == expected
        else:
            edit_form(host, episode, *what)
            episode.refresh_from_db()
        # Text, rows, text: the same.
        text = form_data(host.get(url))["text"].replace("\r\n", "\n")
        assert text == render(stored_draft(episode))
        assert render(normalise(parse(text).draft)) == text
        after = keys(episode)
        for topic in before.keys() & after.keys():
            old, new = set(before[topic]), set(after[topic])
            assert old <= new or new <= old
