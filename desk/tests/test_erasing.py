"""A name is erased: afterwards no text of any table, and no stored file, holds it."""

from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from desk.erasing.spellings import Spellings
from desk.tests.forms import form_data
from episodes.models import DrawnCard, Enclosure, Episode
from episodes.tests import factories
from guests.models import Guest
from notes.publish import finish_edit
from search.engine import search
from search.models import Miss, Question
from show.models import Page, Redirect
from topics.models import Cue, Transcript

pytestmark = pytest.mark.django_db(transaction=True)

NAME = Spellings.of(["José Núñez"])


def everything() -> dict[str, str]:
    """The whole database as text, by table: not by the code under test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
            "AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            (found[table],) = cursor.fetchone()
    return found


def files(root: Path) -> list[str]:
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


@pytest.fixture
def catalogue() -> Guest:
    factories.show(author="José Núñez")
    guest = factories.guest(
        "José Núñez",
        website="https://josenunez.dev",
        twitter="josenunez",
        introduction="*José* wrote it. José Núñez!",
    )
    guest.avatar.save("jose-nunez.png", ContentFile(b"picture"))
    guest.know_as("Jose Nunez y Ruiz")
    episode = factories.episode(
        "A talk with José Núñez",
        1,
        topics=[(61, "*José* Núñez’s database"), (400, "[Jose Nunez](https://josenunez.dev)")],
        technologies=["Django"],
        guests=["José Núñez", "Ann Other"],
        references=["https://example.org/josenunez", "https://example.org/other"],
        summary="JOSÉ NÚÑEZ on Django.",
        introduction="In this episode José Núñez talks. See [him](/guests/jose-nunez).",
        draft_text="# A talk with Jose Nunez",
    )
    Enclosure.objects.filter(episode=episode).delete()
    audio = Enclosure(
        episode=episode,
        name="1-jose-nunez.mp3",
        imported_url="https://cdn.example.org/1-jose-nunez.mp3",
        bytes=5,
    )
    audio.file.save("1-jose-nunez.mp3", ContentFile(b"sound"))
    spoken = Transcript.objects.create(episode=episode)
    Cue.objects.create(
        transcript=spoken, position=0, start=0, end=900, text="I’m José Núñez.",
        speaker="José Núñez", guest=guest,
    )  # fmt: skip
    DrawnCard.objects.create(key="k", episode=episode, file="cards/k.png")
    factories.episode("Another", 2, introduction="As in [that](/podcast/1-a-talk-with-jose-nunez).")
    for row in Episode.objects.all():
        finish_edit(row, None, "import_show_notes")
    Episode.objects.filter(pk=episode.pk).update(summary="Jose Nunez, again")
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    Miss.objects.create(query="josé núñez rails", last_on="2026-01-01")
    Question.objects.create(title="José Núñez", slug="jose-nunez", query='guest:"jose nunez"')
    Page.objects.create(slug="thanks", title="Thanks", body="To José Núñez.")
    Redirect.objects.create(old_path="/guests/nunez-jose", new_path="/guests/jose-nunez")
    Redirect.objects.create(old_path="/old", new_path="/guests/jose-nunez")
    return guest


def address(guest: Guest) -> str:
    return reverse("desk_erase", args=[guest.pk])


def erase(host: Client, guest: Guest, **data: str):
    page = form_data(host.get(address(guest)))
    return host.post(address(guest), page | {"erase": "", "sure": "on"} | data, follow=True)


def test_the_name_is_nowhere_afterwards(
    host: Client, host_user, client: Client, catalogue: Guest, settings
):
    LogEntry.objects.create(
        user=host_user, content_type=ContentType.objects.get_for_model(Guest),
        object_id=str(catalogue.pk), object_repr="José Núñez",
        action_flag=CHANGE, change_message="",
    )  # fmt: skip
    before = everything()
    held = {table for table, text in before.items() if NAME.spans(text)}
    assert len(held) > 15
    listed = host.get(address(catalogue)).content.decode()
    for place in ("episodes: introduction", "cues: speaker", "revisions: notes", "log entries"):
        assert place in listed

    answer = erase(host, catalogue)

    told = answer.content.decode()
    assert "The name is erased" in told
    assert "Still there" not in told
    after = everything()
    assert {table for table, text in after.items() if NAME.spans(text)} == set()
    for word in ("nunez", "núñez"):
        assert [table for table, text in after.items() if word in text.lower()] == []
    stored = files(settings.MEDIA_ROOT)
    assert [name for name in stored if NAME.spans(name)] == []
    assert [Path(name).name for name in stored if name.startswith("audio/")] == ["1-a-guest.mp3"]
    with Enclosure.objects.get(name="1-a-guest.mp3").file.open() as sound:
        assert sound.read() == b"sound"


def test_everything_works_on_under_the_other_name(host: Client, client: Client, catalogue: Guest):
    topics = list(catalogue.episodes.get().topics.values_list("pk", flat=True))
    erase(host, catalogue)
    guest = Guest.objects.get(pk=catalogue.pk)
    assert (guest.name, guest.slug, guest.website, guest.avatar.name) == (
        "A guest",
        "a-guest",
        "",
        "",
    )
    episode = Episode.objects.get(number=1)
    assert episode.title == "A talk with A guest"
    assert episode.get_absolute_url() == "/podcast/1-a-talk-with-a-guest"
    assert list(episode.topics.values_list("pk", flat=True)) == topics
    assert episode.topics.first().plain == "A guest’s database"
    assert client.get("/guests/a-guest").status_code == 200
    assert client.get(episode.get_absolute_url()).status_code == 200
    assert client.get("/old").headers["Location"] == "/guests/a-guest"
    # A redirect, or a 410, would have to keep the name.
    assert client.get("/guests/jose-nunez").status_code == 404
    assert client.get("/guests/nunez-jose").status_code == 404
    assert client.get("/podcast/1-a-talk-with-jose-nunez").status_code == 404
    assert Episode.objects.get(number=2).mentions.get().target == episode
    assert [each.episode.pk for each in search("talk with a guest").results] == [episode.pk]
    assert not search("nunez").results
    assert host.get(reverse("admin:episodes_episode_history", args=[episode.pk])).status_code == 200


def test_a_second_guest_is_called_otherwise(host: Client, catalogue: Guest):
    other = factories.guest("Ann Other")
    erase(host, catalogue)
    assert form_data(host.get(address(other)))["name"] == "A guest 2"
    assert "is another guest’s name" in erase(host, other, name="A Guest").content.decode()
    erase(host, other)
    assert Guest.objects.get(pk=other.pk).name == "A guest 2"
    assert "Ann Other" not in "".join(everything().values())


def test_nothing_happens_unless_it_is_sure_and_possible(
    host: Client, catalogue: Guest, subtests: pytest.Subtests
):
    audio = Enclosure.objects.get(name="1-jose-nunez.mp3")
    before = everything()["guests_guest"]
    cases = (
        ({"sure": ""}, "Say that you are sure"),
        ({"name": "Not José Núñez"}, "holds the name itself"),
        ({"name": "---"}, "needs a letter"),
    )
    for data, message in cases:
        with subtests.test(message):
            assert message in erase(host, catalogue, **data).content.decode()
            assert everything()["guests_guest"] == before
    Enclosure.objects.filter(pk=audio.pk).update(file="", url=audio.imported_url)
    assert "hand in its file first" in erase(host, catalogue).content.decode()
    assert everything()["guests_guest"] == before


def test_a_storage_that_fails_leaves_all_as_it_was(host: Client, catalogue: Guest, monkeypatch):
    def full(*args):
        raise OSError("disk full")

    monkeypatch.setattr("desk.erasing.erase.copy_within", full)
    before = everything()["guests_guest"]
    assert "Nothing was changed" in erase(host, catalogue).content.decode()
    assert everything()["guests_guest"] == before


def test_only_who_may_delete_guests(catalogue: Guest):
    editor = User.objects.create_user("editor", password="password", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_guest"))
    client = Client()
    client.force_login(editor)
    assert client.get(address(catalogue)).status_code == 403
    assert client.post(address(catalogue), {"erase": "", "sure": "on"}).status_code == 403
