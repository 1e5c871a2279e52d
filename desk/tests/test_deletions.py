"""Deleted rows of the desk's lists can be restored for 30 days."""

import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from desk.erasing.erase import erase
from desk.erasing.spellings import Spellings
from desk.model_admin import DeskAdmin
from desk.models import Deletion
from desk.restorable import remove_old_deletions
from desk.tests.test_roles import catalogue
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest, GuestName
from media.storages import guest_photo_key
from ops.models import Installation
from search.models import Question
from show.models import Page, Promotion, Redirect
from stack.models import Technology, TechnologyName
from topics.models import Cue, Transcript

__all__ = ["catalogue"]  # a fixture
pytestmark = pytest.mark.django_db

UNDO = re.compile(r'action="(/admin/deleted/\d+/restore)"')


def delete(client: Client, row: Model) -> Any:
    meta = row._meta
    path = f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/delete/"
    assert "You can restore it for 30 days." in client.get(path).text
    return client.post(path, {"post": "yes"}, follow=True)


def undo(client: Client, answer: Any) -> Any:
    found = UNDO.search(answer.text)
    assert found, "no button that restores"
    return client.post(found[1], follow=True)


def columns(row: Model) -> dict[str, Any]:
    """All values; times in whole seconds, as the stored ones have milliseconds only."""
    now = type(row)._base_manager.get(pk=row.pk)
    values = {field.attname: getattr(now, field.attname) for field in now._meta.concrete_fields}
    return {
        name: value.replace(microsecond=0) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def deletable(client: Client, catalogue: Episode) -> list[Model]:
    factories.guest("Nobody Yet")
    technology = factories.technology("Unused")
    TechnologyName.objects.create(technology=technology, name="not used")
    factories.library("https://unused.example/")
    found = []
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, DeskAdmin) and model_admin.is_restorable:
            for row in model._default_manager.order_by("-pk")[:1]:
                label = model._meta.label_lower.replace(".", "/")
                if client.get(f"/admin/{label}/{row.pk}/delete/").status_code == 200:
                    found.append(row)
    return found


def test_every_kind_of_row_is_restored_as_it_was(
    host: Client, catalogue: Episode, subtests: pytest.Subtests
) -> None:
    rows = deletable(host, catalogue)
    assert {type(row) for row in rows} >= {Guest, Technology, Question, Page, Promotion, Redirect}
    for row in rows:
        with subtests.test(str(row._meta)):
            before = columns(row)
            answer = delete(host, row)
            assert not type(row)._base_manager.filter(pk=row.pk).exists()
            assert "is restored." in undo(host, answer).text
            assert columns(row) == before
            assert not Deletion.objects.exists()


def test_what_belonged_to_a_guest_is_restored_too(host: Client, catalogue: Episode) -> None:
    guest = factories.guest("Ann Nobody")
    guest.add_names("annn")
    transcript = Transcript.objects.get(episode=catalogue)
    cue = Cue.objects.create(
        transcript=transcript, position=0, start=1, end=2, text="Hello", guest=guest
    )
    answer = delete(host, guest)
    cue.refresh_from_db()
    assert cue.guest is None and not GuestName.objects.filter(name="annn").exists()
    undo(host, answer)
    assert Cue.objects.get(pk=cue.pk).guest == guest
    assert set(guest.names.values_list("name", flat=True)) == {"Ann Nobody", "annn"}


def test_a_selection_is_restored_at_once(host: Client, catalogue: Episode) -> None:
    keys = [Question.objects.create(title=f"Q{n}", slug=f"q{n}", query="x").pk for n in range(3)]
    chosen = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    answer = host.post("/admin/search/question/", chosen, follow=True)
    assert "Deleted 3 questions." in answer.text
    assert "3 questions: Q0, Q1, Q2 is restored." in undo(host, answer).text
    assert Question.objects.filter(pk__in=keys).count() == 3


def test_the_page_lists_what_was_deleted(host: Client, catalogue: Episode) -> None:
    assert "Nothing was deleted" in host.get("/admin/deleted/").text
    delete(host, Page.objects.get())
    page = host.get("/admin/deleted/").text
    assert "Thanks" in page and "by nick" in page
    assert undo(host, host.get("/admin/deleted/")).status_code == 200
    assert Page.objects.get().title == "Thanks"


def test_a_name_or_address_taken_meanwhile_is_named(host: Client, catalogue: Episode) -> None:
    answer = delete(host, Page.objects.get())
    Page.objects.create(slug="thanks", title="Thank you")
    refused = undo(host, answer).text
    assert "Thanks was not restored. Another page has its address now." in refused
    assert Page.objects.get().title == "Thank you"
    Page.objects.all().delete()
    undo(host, answer)
    assert Page.objects.get().title == "Thanks"
    assert "has restored this already" in undo(host, answer).text


def test_what_it_belonged_to_may_be_gone(host: Client, catalogue: Episode) -> None:
    technology = factories.technology("Unused")
    name = TechnologyName.objects.create(technology=technology, name="not used")
    answer = delete(host, name)
    technology.delete()
    assert "what it belongs to has been deleted, too" in undo(host, answer).text
    assert Deletion.objects.count() == 1


@pytest.mark.slow
def test_a_photo_stays_as_long_as_its_guest_can_be_restored(
    host: Client, catalogue: Episode
) -> None:
    guest = factories.guest("Ann Nobody")
    guest.avatar = default_storage.save(guest_photo_key(guest, "ann.png"), ContentFile(b"photo"))
    guest.save()
    answer = delete(host, guest)
    for _ in range(2):
        Installation.objects.update(swept_at=None)
        call_command("tick", stdout=StringIO())
    undo(host, answer)
    guest.refresh_from_db()
    assert default_storage.exists(str(guest.avatar))


def test_after_thirty_days_it_is_gone(host: Client, catalogue: Episode) -> None:
    delete(host, Page.objects.get())
    assert remove_old_deletions() == ""
    Deletion.objects.update(deleted_at=timezone.now() - timedelta(days=30))
    assert remove_old_deletions() == "Removed 1 deletion for good."
    assert not Deletion.objects.exists()


def test_an_erased_name_does_not_survive_in_what_was_deleted(
    host: Client, catalogue: Episode
) -> None:
    Page.objects.create(slug="about-zoe", title="About", body="Zoë Quill was here")
    answer = delete(host, Page.objects.get(slug="about-zoe"))
    delete(host, Page.objects.get(slug="thanks"))
    zoe = factories.guest("Zoe Quill")
    assert erase(zoe.pk, Spellings.of(["Zoe Quill"]), "A guest", "http://x.example/", None) == []
    assert [row.name for row in Deletion.objects.all()] == ["Thanks"]
    assert "has restored this already" in undo(host, answer).text


def test_nobody_restores_what_they_may_not_delete(host: Client, catalogue: Episode) -> None:
    answer = delete(host, Page.objects.get())
    user = User.objects.create_user("helper", is_staff=True)
    helper = Client()
    helper.force_login(user)
    assert helper.get("/admin/deleted/").status_code == 403
    rights = Permission.objects.filter(codename__in=("add_guest", "delete_guest"))
    user.user_permissions.set(rights)
    assert "Thanks" not in helper.get("/admin/deleted/").text
    path = UNDO.search(answer.text)
    assert path and helper.post(path[1]).status_code == 403
    assert not Page.objects.exists()


def test_accounts_are_deleted_for_good(host: Client, catalogue: Episode) -> None:
    ann = User.objects.create_user("ann", is_staff=True)
    path = f"/admin/auth/user/{ann.pk}/delete/"
    assert "You can’t undo this." in host.get(path).text
    assert not UNDO.search(host.post(path, {"post": "yes"}, follow=True).text)
    assert not Deletion.objects.exists()
