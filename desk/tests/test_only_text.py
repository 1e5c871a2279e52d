"""Pasted texts that no draft was created from."""

from django.test import Client

from desk.tests.forms import form_data
from desk.tests.test_writing import NOTES, PASTE, address, catalogue, post
from episodes.models import Episode
from episodes.tests import factories
from notes.models import Revision

__all__ = ["catalogue"]  # a fixture

EXISTS = "episode with this title exists"


def test_a_text_that_was_only_looked_at_is_discarded_with_one_click(host: Client) -> None:
    page = post(host, PASTE, "An e-mail.")
    assert 'value="discard">Discard the text</button>' in page.text
    url = address(Episode.objects.get())
    after = host.post(url, form_data(page) | {"text": "An e-mail!", "do": "discard"}, follow=True)
    assert not Episode.objects.exists()
    assert 'is <a href="/admin/episodes/episode/?state=bin">in the bin</a>' in after.text
    assert "has a text that is not applied" not in after.text


def test_a_discarded_text_can_be_restored_as_it_was(host: Client) -> None:
    page = post(host, PASTE, NOTES)
    row = Episode.objects.get()
    host.post(address(row), form_data(page) | {"do": "discard"})
    chosen = {"action": "restore", "_selected_action": row.pk}
    host.post("/admin/episodes/episode/?state=bin", chosen)
    assert form_data(host.get(address(row)))["text"] == NOTES.replace("\r", "")
    assert "Create the draft" in host.get(address(row)).text
    assert not Revision.objects.exists()


def test_the_text_of_an_episode_is_not_discarded_with_it(host: Client) -> None:
    episode = factories.episode(topics=[(40, "Motivation")])
    page = post(host, address(episode), "# Something else")
    assert "Discard the text" not in page.text
    host.post(address(episode), form_data(page) | {"do": "discard"})
    assert Episode.objects.get().deleted_at is None


def test_a_text_is_no_existing_episode(host: Client) -> None:
    post(host, PASTE, NOTES)
    assert EXISTS not in post(host, PASTE, NOTES + "\n- Redis\n").text


def test_notes_of_another_episode_are_noticed(host: Client) -> None:
    other = factories.episode("Selling diaries", 33)
    episode = factories.episode("Something else", 37)
    page = post(host, address(episode), NOTES)
    assert f"Another {EXISTS}" in page.text
    assert f'<a href="{address(other)}" dir="auto">33: Selling diaries</a>' in page.text
    assert EXISTS not in host.get(address(other)).text
