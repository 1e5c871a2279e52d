"""Autosaved texts, and conflicts with saves by others."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from desk.tests.forms import form_data
from desk.tests.test_writing import NOTES, PASTE, address, catalogue, post
from desk.writing.views import Posted
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from notes.read_rows import stored_draft
from notes.render import render

__all__ = ["catalogue"]  # a fixture


def test_the_applied_text_is_not_saved_again(host: Client):
    episode = factories.episode(topics=[(40, "Motivation")])
    text = render(stored_draft(episode))
    page = post(host, address(episode), text.replace("Motivation", "Reasons"))
    assert Episode.objects.get().draft_text
    assert "(not applied yet)" in host.get(f"/admin/episodes/episode/{episode.pk}/change/").text
    host.post(address(episode), form_data(page) | {"text": text})
    assert Episode.objects.get().draft_text == ""


def test_going_back_to_the_applied_text(host: Client):
    episode = factories.episode(topics=[(40, "Motivation")])
    page = post(host, address(episode), "# Something else")
    response = host.post(address(episode), form_data(page) | {"do": "discard"})
    text = form_data(host.get(response["Location"]))["text"]
    assert text == render(stored_draft(episode))


def test_going_back_discards_no_text_from_another_window(host: Client):
    episode = factories.episode(topics=[(40, "Motivation")])
    page = post(host, address(episode), "# From one window")
    mine = form_data(page) | {"do": "discard"}
    host.post(address(episode), form_data(page) | {"text": "# From another"})
    assert host.post(address(episode), mine).status_code == 409
    assert Episode.objects.get().draft_text == "# From another"


def test_a_save_by_someone_else_is_a_conflict_and_loses_nothing(host: Client):
    episode = factories.episode(topics=[(40, "Motivation")])
    form = f"/admin/episodes/episode/{episode.pk}/change/"
    host.post(form, form_data(host.get(form)))  # so that there is a revision to compare with
    mine = form_data(host.get(address(episode)))
    mine["text"] = mine["text"].replace("Motivation", "My reasons")
    colleague = Client()
    colleague.force_login(User.objects.create_superuser("mary"))
    theirs = form_data(colleague.get(form)) | {"topics-0-text": "Their reasons"}
    assert colleague.post(form, theirs).status_code == 302

    page = host.post(address(episode), mine | {"do": "apply"})
    assert page.status_code == 409
    assert "mary saved it on" in page.text
    assert "<ins>Their reasons</ins>" in page.text
    assert form_data(page)["text"] == mine["text"]
    assert episode.topics.get().text == "Their reasons"

    page = host.post(address(episode), form_data(page) | {"do": "preview"})
    assert "<del>Their</del><ins>My</ins> reasons" in page.text
    assert host.post(address(episode), form_data(page) | {"do": "apply"}).status_code == 302
    assert episode.topics.get().text == "My reasons"


def test_an_episode_deleted_at_that_moment_is_not_found(
    host: Client, monkeypatch: pytest.MonkeyPatch
):
    episode = factories.episode(topics=[(40, "Motivation")])
    mine = form_data(host.get(address(episode))) | {"text": "# Typed"}
    read = Posted.read

    def read_late(request: HttpRequest) -> Posted:
        Episode.objects.update(deleted_at=timezone.now())
        return read(request)

    monkeypatch.setattr(Posted, "read", read_late)
    for action in ("preview", "discard"):
        Episode.with_deleted.update(deleted_at=None)
        assert host.post(address(episode), mine | {"do": action}).status_code == 404
    assert Episode.with_deleted.get().draft_text == ""


def saved_and_text(host: Client) -> tuple[Episode, str, str]:
    """An episode with a revision, the address of its form, and a changed text."""
    episode = factories.episode(topics=[(40, "Motivation"), (60, "Best tips?")])
    form = f"/admin/episodes/episode/{episode.pk}/change/"
    host.post(form, form_data(host.get(form)))
    return episode, form, render(stored_draft(episode)).replace("Best tips?", "Tips")


def test_a_save_after_autosaving_is_a_conflict(host: Client):
    """The autosaved text is the same, but its base version isn't."""
    episode, form, text = saved_and_text(host)
    mine = form_data(post(host, address(episode), text))
    theirs = form_data(host.get(form)) | {"topics-0-text": "Their reasons"}
    assert host.post(form, theirs).status_code == 302

    page = host.post(address(episode), mine | {"do": "apply"})
    assert page.status_code == 409
    assert "<ins>Their reasons</ins>" in page.text
    assert episode.topics.first().text == "Their reasons"


def test_a_resumed_text_shows_later_saves(host: Client):
    episode, form, text = saved_and_text(host)
    post(host, address(episode), text)
    assert "after this text was saved" not in host.get(address(episode)).text
    theirs = form_data(host.get(form)) | {"topics-0-text": "Their reasons"}
    assert host.post(form, theirs).status_code == 302

    for _ in range(2):  # looking at it settles nothing
        page = host.get(address(episode))
        assert page.status_code == 200
        assert "The episode changed after this text was saved" in page.text
        assert "nick saved it on" in page.text
        assert "<ins>Their reasons</ins>" in page.text
        assert "- 0:40 -- Their reasons" in unescape(page.text)  # the text as it is now
        assert form_data(page)["text"] == text

    page = host.post(address(episode), form_data(page) | {"do": "preview"})
    assert "<ins>Motivation</ins>" in page.text
    assert "after this text was saved" not in page.text
    assert "after this text was saved" not in host.get(address(episode)).text
    assert host.post(address(episode), form_data(page) | {"do": "apply"}).status_code == 302
    assert [topic.text for topic in episode.topics.all()] == ["Motivation", "Tips"]
    assert Episode.objects.get().draft_edit is None


def test_a_text_resumes_without_conflict_if_the_notes_are_unchanged(host: Client):
    episode = factories.episode(topics=[(40, "Motivation")])
    form = f"/admin/episodes/episode/{episode.pk}/change/"
    host.post(form, form_data(host.get(form)))
    post(host, address(episode), "# Mine")
    host.post(form, form_data(host.get(form)) | {"correction": "A date was wrong."})
    assert "after this text was saved" not in host.get(address(episode)).text


def test_the_same_text_sent_again_is_no_conflict(host: Client):
    """As if the first answer had been lost."""
    episode = factories.episode(topics=[(40, "Motivation")])
    sent = form_data(host.get(address(episode))) | {"text": "# Another\n", "do": "preview"}
    for _ in range(2):
        assert host.post(address(episode), sent).status_code == 200
    applied = form_data(host.post(address(episode), sent)) | {"do": "apply"}
    for _ in range(2):
        assert host.post(address(episode), applied).status_code == 302
    assert Episode.objects.get().title == "Another"
    assert episode.revisions.count() == 1


def test_notes_pasted_twice_are_one_draft(host: Client):
    broken = NOTES.replace("25:26", "25:99")
    for _ in range(2):
        host.post(PASTE, {"text": broken, "do": "apply"})
    assert Episode.objects.get().draft_text == broken


def test_two_windows_do_not_overwrite_each_others_text(host: Client):
    episode = factories.episode()
    one, other = form_data(host.get(address(episode))), form_data(host.get(address(episode)))
    host.post(address(episode), one | {"text": "# From one window"})
    page = host.post(address(episode), other | {"text": "# From another"})
    assert page.status_code == 409
    assert "# From one window" in page.text
    assert Episode.objects.get().draft_text == "# From one window"
    lost = page.text.partition("“Keep my text” loses this:")[2].partition("</ul>")[0]
    assert "<del> another</del><ins> one window</ins>" in lost


def test_other_changes_meanwhile_are_no_conflict(host: Client):
    episode = factories.episode(topics=[(40, "Motivation")])
    form = f"/admin/episodes/episode/{episode.pk}/change/"
    host.post(form, form_data(host.get(form)))
    mine = form_data(host.get(address(episode)))
    host.post(form, form_data(host.get(form)) | {"correction": "A date was wrong."})
    assert host.post(address(episode), mine | {"text": "# Mine"}).status_code == 200


def test_a_text_that_waits_is_not_called_the_readers_own(host: Client):
    episode = factories.episode(topics=[(40, "Motivation")])
    finish_edit(episode, None, "desk")
    host.post(address(episode), form_data(host.get(address(episode))) | {"text": "# Typed by one"})
    episode.topics.update(text="Their reasons")
    finish_edit(Episode.objects.get(), None, "desk")
    assert "You typed this text on" in host.get(address(episode)).text
    colleague = Client()
    colleague.force_login(User.objects.create_superuser("mary"))
    assert "nick typed this text on" in colleague.get(address(episode)).text
    Episode.objects.update(draft_user=None, draft_saved_at=None)
    page = host.get(address(episode)).text
    assert "You or somebody else may have typed it." in page
    assert "Keep this text</button>" in page
    assert "Your text" not in page


def test_a_text_that_waits_takes_what_the_form_changed(host: Client):
    """Applying it brings its own changes only: the summary of the form stays."""
    episode, form, text = saved_and_text(host)
    post(host, address(episode), text)
    theirs = form_data(host.get(form)) | {"summary": "A better summary.", "topics-0-text": "Why"}
    assert host.post(form, theirs).status_code == 302

    colleague = Client()
    colleague.force_login(User.objects.create_superuser("mary"))
    page: Any = colleague.get(address(episode))
    assert "Take both</button>" in page.text
    page = colleague.post(address(episode), form_data(page) | {"do": "merge"})
    assert "The text has both now" in page.text
    assert "Both changed this" not in page.text
    differences = page.context_data["analysis"].differences
    assert [difference.what for difference in differences] == ["Topic 1:00"]
    assert colleague.post(address(episode), form_data(page) | {"do": "apply"}).status_code == 302
    episode.refresh_from_db()
    assert episode.summary == "A better summary."
    assert [topic.text for topic in episode.topics.all()] == ["Why", "Tips"]


def test_two_texts_are_joined_and_what_both_changed_is_named(host: Client):
    episode, form, text = saved_and_text(host)
    before = form_data(host.get(address(episode)))
    colleague = Client()
    colleague.force_login(User.objects.create_superuser("mary"))
    hers = text.replace("Motivation", "Her reasons")
    colleague.post(address(episode), form_data(colleague.get(address(episode))) | {"text": hers})
    mine = before["text"].replace("Motivation", "My reasons")
    page = host.post(address(episode), before | {"text": mine})
    assert page.status_code == 409
    assert "mary typed another text on" in page.text
    page = host.post(address(episode), form_data(page) | {"do": "merge"})
    assert "<del>0:40 – Her reasons</del>" in page.text
    waiting = Episode.objects.get().draft_text
    assert "0:40 -- My reasons" in waiting
    assert "1:00 -- Tips" in waiting


def test_a_text_with_errors_is_not_joined(host: Client):
    episode, form, text = saved_and_text(host)
    post(host, address(episode), text.replace("0:40", "0:99"))
    theirs = form_data(host.get(form)) | {"summary": "A better summary."}
    assert host.post(form, theirs).status_code == 302
    page: Any = host.get(address(episode))
    assert "Take both" not in page.text
    base = str(page.context_data["conflict"].base)
    sent = form_data(page) | {"do": "merge", "merge_base": base}
    page = host.post(address(episode), sent)
    assert "Not joined: one of the texts has errors now." in page.text
    assert "0:99" in Episode.objects.get().draft_text
    for wrong in ("", "x", "1.1", "999999.1.x", "1.99999999999.x"):
        assert host.post(address(episode), sent | {"merge_base": wrong}).status_code in (200, 409)
