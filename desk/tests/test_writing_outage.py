"""Interrupted saves of a text: nothing is applied, everything is saved or returned."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from desk.tests.forms import form_data
from desk.tests.outage import BLOWS, break_off_saves, reconnect, retry_fields, spare
from desk.tests.test_writing import NOTES, PASTE, address
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit
from notes.history import current_snapshot
from notes.models import Revision
from notes.read_rows import stored_draft
from notes.render import render
from stack.models import Technology
from topics.models import Topic

pytestmark = pytest.mark.django_db(transaction=True)
blows = pytest.mark.parametrize("blow", BLOWS)


@pytest.fixture(autouse=True)
def catalogue() -> Iterator[None]:
    factories.show()
    factories.technology("Django")
    factories.technology("PostgreSQL", slug="postgres").add_names("psql")
    yield
    spare()


@pytest.fixture
def episode() -> Episode:
    row = factories.episode(topics=[(61, "One"), (400, "Two")], technologies=["Django"])
    finish_edit(row, None, "desk")
    return row


def everything() -> Any:
    """Snapshots of all applied episodes, and counts of the rows that an edit can create."""
    episodes = {row.pk: current_snapshot(row) for row in Episode.objects.filter(edit_number__gt=0)}
    counts = [model.objects.count() for model in (Topic, Guest, Technology, Revision)]
    return episodes, counts, list(Topic.objects.values_list("pk", "seconds", "text"))


def again(host: Client, answer: Any) -> Any:
    """Press “Save again” on the page that returns the form."""
    assert answer.status_code == 503
    action = re.findall(r'<form method="post" action="([^"]+)"', answer.text)[0]
    return host.post(html.unescape(action), retry_fields(answer.content))


@blows
def test_an_episodes_text(host: Client, episode: Episode, blow: str):
    before = everything()
    text = render(stored_draft(episode)).replace("One", "The first").replace("6:40", "6:41")
    text += "- psql\n- Gleam\n"
    answer: Any = {"technology-gleam": "create"}
    page = host.post(address(episode), form_data(host.get(address(episode))) | {"text": text})
    break_off_saves(blow)
    broken = host.post(address(episode), form_data(page) | {"do": "apply"} | answer)
    reconnect()
    assert broken.status_code == 503
    assert everything() == before
    assert form_data(host.get(address(episode)))["text"] == text
    spare()
    assert again(host, broken).status_code == 302
    assert list(episode.topics.values_list("seconds", "text")) == [(61, "The first"), (401, "Two")]
    assert episode.revisions.count() == 2


@blows
def test_pasted_notes(host: Client, blow: str):
    before = everything()
    break_off_saves(blow)
    broken = host.post(PASTE, {"text": NOTES, "do": "apply"})
    reconnect()
    assert everything() == before
    draft = Episode.objects.get()
    assert (draft.draft_text, draft.number) == (NOTES, None)
    assert form_data(host.get(address(draft)))["text"] == NOTES
    spare()
    assert again(host, broken).status_code == 302
    assert Episode.objects.get().topics.count() == 2


@blows
def test_notes_that_could_not_be_saved(host: Client, blow: str):
    break_off_saves(blow, "episodes_episode")
    broken = host.post(PASTE, {"text": NOTES, "do": "preview"})
    reconnect()
    assert not Episode.objects.exists()
    spare()
    assert again(host, broken).status_code == 200
    assert Episode.objects.get().draft_text == NOTES


def test_no_database_at_all(
    host: Client, episode: Episode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    sent = form_data(host.get(address(episode))) | {"text": NOTES}
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", str(tmp_path))
        broken = host.post(address(episode), sent)
        connection.close()
    assert retry_fields(broken.content)["text"] == NOTES
    assert again(host, broken).status_code == 200
    assert Episode.objects.get().draft_text == NOTES
