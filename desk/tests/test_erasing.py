"""A name is erased: afterwards neither a dump of the database nor a stored file holds it."""

import io
import json
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings as project
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from desk.erasing.spellings import Spellings
from desk.models import PreviewLink, TextTemplate
from desk.tests.forms import form_data
from episodes.models import Enclosure, Episode, SocialCard
from episodes.tests import factories
from guests.models import Guest
from media.id3 import Frame, ID3Chapter, Tag, read_tags, tag_bytes, with_chapters
from media.tests.recordings import mp3
from notes.apply import finish_edit
from notes.grammar.draft import Facts, GuestDraft, TopicDraft
from notes.models import ImportBase, ImportSource, Revision
from notes.read_rows import stored_draft
from search.engine import search
from search.models import Question, ZeroResultQuery
from show.models import Page, Redirect, Show
from topics.models import Cue, CueCorrection, Transcript, TranscriptVersion
from transfer.importers.episode import import_episode
from transfer.importers.report import Report

pytestmark = pytest.mark.django_db(transaction=True)

NAME = Spellings.of(["José Núñez"])
SOUND = mp3(2)
TAG = Tag(4, (Frame(b"TPE1", b"\x03" + "José Núñez".encode()),))
MARKS = [ID3Chapter(61_000, 900_000, "Jose Nunez — database"), ID3Chapter(0, 61_000, "José Núñez")]
OLD_TAG = b"TAG" + b"With Jose Nunez".ljust(125, b"\0")
RECORDING = (
    tag_bytes(with_chapters(TAG, "A talk with José Núñez", "Show", MARKS, b"")) + SOUND + OLD_TAG
)


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


def dumped() -> Iterator[str]:
    """Lines of a dump by PostgreSQL's own program, which is what a backup holds."""
    given = connection.get_connection_params()
    program = shutil.which("pg_dump", path=f"{os.environ.get('PGBIN', '')}:{os.environ['PATH']}")
    assert program, "pg_dump is part of every PostgreSQL"
    told = ["--host", given["host"], "--port", str(given.get("port", 5432)), "--username"]
    command = [program, *told, given["user"], "--no-owner", given["dbname"]]
    environment = os.environ | {"PGPASSWORD": given.get("password", "")}
    answer = subprocess.run(command, capture_output=True, check=True, env=environment)
    return iter(answer.stdout.decode().splitlines())


def plain(text: str) -> str:
    """Lower-case, without accents: not by the code under test."""
    text = re.sub(r"\\\\?u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    letters = unicodedata.normalize("NFKD", unquote(text).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def holding(lines: Iterator[str]) -> list[str]:
    return [line[:300] for line in lines if "nunez" in plain(line)]


def stored(root: Path) -> Iterator[str]:
    """Names and contents of all files, as text in each encoding that tags have."""
    for path in root.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield str(path)
            for code in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
                yield data.decode(code, "replace")
                yield data[1:].decode(code, "replace")


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
    guest.add_names("Jose Nunez y Ruiz")
    episode = factories.episode(
        "A talk with José Núñez",
        1,
        topics=[(61, "*José* Núñez’s database"), (400, "[Jose Nunez](https://josenunez.dev)")],
        technologies=["Django"],
        guests=["José Núñez", "Ann Other"],
        references=["https://example.org/Jos%C3%A9_N%C3%BA%C3%B1ez", "https://example.org/other"],
        summary="JOSÉ NÚÑEZ on Django.",
        introduction="In this episode José Núñez talks. See [him](/guests/jose-nunez).",
        draft_text="# A talk with Jose Nunez",
    )
    Enclosure.objects.filter(episode=episode).delete()
    audio = Enclosure(
        episode=episode,
        name="1-jose-nunez.mp3",
        imported_url="https://cdn.example.org/1-jose-nunez.mp3",
        bytes=len(RECORDING),
        seconds=900,
    )
    audio.file.save("1-jose-nunez.mp3", ContentFile(RECORDING))
    spoken = Transcript.objects.create(episode=episode)
    Cue.objects.create(
        transcript=spoken, position=0, start=0, end=900, text="I’m José Núñez.",
        speaker="José Núñez", guest=guest,
    )  # fmt: skip
    SocialCard.objects.create(key="k", episode=episode, file="cards/k.png")
    factories.episode("Another", 2, introduction="As in [that](/podcast/1-a-talk-with-jose-nunez).")
    for row in Episode.objects.all():
        finish_edit(row, None, "import_show_notes")
    Episode.objects.filter(pk=episode.pk).update(summary="Jose Nunez, again")
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    ZeroResultQuery.objects.create(query="josé núñez rails", last_on="2026-01-01")
    Question.objects.create(title="José Núñez", slug="jose-nunez", query='guest:"jose nunez"')
    Page.objects.create(slug="thanks", title="Thanks", body="To José Núñez.")
    Redirect.objects.create(old_path="/guests/nunez-jose", new_path="/guests/jose-nunez")
    Redirect.objects.create(old_path="/old", new_path="/guests/jose-nunez")
    Redirect.objects.create(old_path="/his", new_path="https://josenunez.dev/")
    binned = factories.episode("José Núñez again", 3, first_published_at=episode.published_at)
    finish_edit(binned, None, "desk")
    Episode.objects.filter(pk=binned.pk).update(deleted_at=episode.published_at)
    PreviewLink.objects.create(episode=episode, recipient="José Núñez", expires_at=timezone.now())
    TextTemplate.objects.create(name="Mail to José Núñez", text="Dear José Núñez")
    return guest


def address(guest: Guest) -> str:
    return reverse("desk_erase", args=[guest.pk])


def erase(host: Client, guest: Guest, **data: str) -> Any:
    page = form_data(host.get(address(guest)))
    return host.post(address(guest), page | {"erase": "", "sure": "on"} | data, follow=True)


def test_the_name_is_nowhere_afterwards(
    host: Client, host_user, client: Client, catalogue: Guest, settings
):
    told = json.dumps([{"added": {"name": "guest", "object": "José Núñez"}}])
    LogEntry.objects.create(
        user=host_user, content_type=ContentType.objects.get_for_model(Guest),
        object_id=str(catalogue.pk), object_repr="José Núñez",
        action_flag=CHANGE, change_message=told,
    )  # fmt: skip
    before = everything()
    held = {table for table, text in before.items() if NAME.spans(text)}
    assert len(held) > 15
    assert len(holding(dumped())) > 30
    assert holding(stored(settings.MEDIA_ROOT))
    listed = host.get(address(catalogue)).content.decode()
    for place in (
        "episodes: introduction", "episodes: draft text", "cues: speaker", "revisions: notes",
        "log entries: object repr", "log entries: change message", "redirects: old address",
        "preview links: for whom", "texts to send out: text", "enclosures: file name",
        "recordings: words in the file", "indexes of search and of links",
    ):  # fmt: skip
        assert place in listed
    for derived in ("introduction html", ": plain", "normalised"):
        assert derived not in listed

    answer = erase(host, catalogue)

    said = answer.content.decode()
    assert "The name is erased" in said
    assert "Still found" not in said
    # In the show's zone, as the desk tells all times: another day than here for hours.
    expires = localtime(
        timezone.now() + timedelta(days=project.BACKUP_DAYS), Show.objects.get().zone
    )
    assert date_format(expires, "j M Y") in said
    assert holding(dumped()) == []
    assert holding(stored(settings.MEDIA_ROOT)) == []
    with Enclosure.objects.get(name="1-a-guest.mp3").file.open() as recording:
        data = recording.read()
    assert (len(data), SOUND in data) == (len(RECORDING), True)
    assert b"TAGWith A guest   \0" in data
    tag, _ = read_tags(io.BytesIO(data))
    (artist,) = (frame.data for frame in tag.frames if frame.id == b"TPE1")
    assert artist.rstrip() == b"\x03A guest"


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
    for old, new in (
        ("/old", "/guests/a-guest"),
        ("/guests/jose-nunez", "/guests/a-guest"),
        ("/guests/jose-nunez/feed.xml", "/guests/a-guest/feed.xml"),
        ("/guests/jose-nunez-y-ruiz", "/guests/a-guest"),
        ("/guests/nunez-jose", "/guests/a-guest"),
        ("/podcast/1-a-talk-with-jose-nunez", episode.get_absolute_url()),
        ("/podcast/1-a-talk-with-jose-nunez.md?a=1", f"{episode.get_absolute_url()}.md?a=1"),
        ("/questions/jose-nunez", "/questions/a-guest"),
        ("/audio/1-jose-nunez.mp3", "/audio/1-a-guest.mp3"),
        ("/assets/podcast/1-jose-nunez.mp3", "/assets/podcast/1-a-guest.mp3"),
    ):
        answer = client.get(old)
        assert (old, answer.status_code, answer.headers.get("Location")) == (old, 301, new)
    assert client.get("/his").status_code == 410
    listed = host.get("/admin/show/redirect/").content.decode()
    assert "An erased address" in listed
    assert Episode.objects.get(number=2).mentions.get().target == episode
    assert search("talk with a guest").results[0].episode.pk == episode.pk
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
        ({"sure": ""}, "Tick to confirm"),
        ({"name": "Not José Núñez"}, "contains the old one"),
        ({"name": "---"}, "needs a letter"),
        ({"name": "One, two"}, "Not a single guest’s name"),
        ({"spellings": "José Núñez\na"}, "“a” is too short"),
        ({"spellings": " "}, "Enter the name to erase"),
    )
    for data, message in cases:
        with subtests.test(message):
            assert message in erase(host, catalogue, **data).content.decode()
            assert everything()["guests_guest"] == before
    Enclosure.objects.filter(pk=audio.pk).update(file="", url=audio.imported_url)
    assert "Upload its file first" in erase(host, catalogue).content.decode()
    assert everything()["guests_guest"] == before


def test_a_failing_storage_changes_nothing(host: Client, catalogue: Guest, monkeypatch):
    def full(*args):
        raise OSError("disk full")

    monkeypatch.setattr("desk.erasing.recordings.copy_within", full)
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


def test_an_import_does_not_bring_the_name_back(host: Client, catalogue: Guest):
    episode = Episode.objects.get(number=1)
    guests = (GuestDraft("José Núñez"), GuestDraft("Ann Other"))
    topics = (TopicDraft(61, "José Núñez’s database"), TopicDraft(90, "New"))
    draft = replace(stored_draft(episode), guests=guests, topics=topics)
    facts = Facts(guid=episode.guid)
    out = io.StringIO()
    import_episode(draft, facts, ImportSource.JEKYLL, Report(out))
    erase(host, catalogue)
    assert not ImportBase.objects.exists()

    import_episode(draft, facts, ImportSource.JEKYLL, Report(out))

    assert "which stays; the source says “1:01 – José Núñez’s database”" in out.getvalue()
    held = [table for table, text in everything().items() if "nunez" in plain(text)]
    assert held == ["notes_importbase"]  # what the source said


def test_what_a_source_said_about_other_rows_goes_with_the_name(host: Client, catalogue: Guest):
    for key, body in (("jose-nunez", "Words"), ("thanks", "José Núñez"), ("about", "Words")):
        ImportBase.objects.create(
            source=ImportSource.JEKYLL, table="show.Page", key=key, facts={"body": body}
        )
    erase(host, catalogue)
    assert [base.key for base in ImportBase.objects.all()] == ["about"]


def test_a_handle_too_short_to_search_for_does_not_stop_the_form(host: Client, db):
    factories.show()
    guest = factories.guest("José Núñez", github="jn", twitter="josenunez")
    guest.add_names("JN")
    page = host.get(address(guest))
    assert form_data(page)["spellings"].splitlines() == ["José Núñez"]
    assert "“JN” is too short to search for" in page.content.decode()
    assert "The name is erased" in erase(host, guest).content.decode()
    guest.refresh_from_db()
    assert (guest.name, guest.github) == ("A guest", "")
    assert [row.name for row in guest.names.all()] == ["A guest"]


def test_handles_of_all_profiles_are_proposed(host: Client, db):
    factories.show()
    guest = factories.guest(
        "José Núñez", bluesky="pepe.bsky.social", youtube="https://www.youtube.com/@nunezcodes",
        linkedin="https://www.linkedin.com/in/jnunez-42", mastodon="https://m.example/@elpepe",
    )  # fmt: skip
    proposed = form_data(host.get(address(guest)))["spellings"].splitlines()
    assert proposed == ["José Núñez", "elpepe", "pepe", "jnunez-42", "nunezcodes"]


def test_former_transcripts_and_corrections_lose_it(host: Client, catalogue: Guest) -> None:
    """Also a nickname by which a file called the speaker, and words that were mended since."""
    episode = Episode.objects.get(number=1)
    Cue.objects.update(speaker="Pepe")
    finish_edit(episode, None, "desk")
    Cue.objects.update(text="Mended.")
    finish_edit(episode, None, "desk")
    CueCorrection.objects.create(
        transcript=episode.transcript, position=0, was_text="Mended.", was_speaker="José Núñez",
        text="I am Jose Nunez.", speaker="José Núñez", before_text="José Núñez", before_speaker="X",
    )  # fmt: skip
    assert TranscriptVersion.objects.filter(episode=episode).count() == 3
    erase(host, catalogue)
    assert holding(dumped()) == []
    versions = TranscriptVersion.objects.filter(episode=episode).order_by("pk")
    assert [version.cues[0][3] for version in versions] == ["A guest"] * 3
    assert versions[0].cues[0][2] == "I’m A guest."
    made = CueCorrection.objects.get()
    assert (made.was_speaker, made.text) == ("A guest", "I am A guest.")


def test_what_describes_the_guest_goes_with_the_name(
    host: Client, host_user, catalogue: Guest, settings
):
    """Whatever of it holds no name: who they work for, what they do, how others called them."""
    episode = Episode.objects.get(number=1)
    Guest.objects.filter(pk=catalogue.pk).update(
        introduction="CTO of Zyxcorp Ltd since 2019.", website_href="https://zyxcorp.example/cto",
        avatar_source="zyxcorp.png",
    )  # fmt: skip
    row = catalogue.appearances.get()
    row.role, row.title = "zyxcorp’s host", "CTO of Zyxcorp"
    row.save()
    other = episode.appearances.exclude(guest=catalogue).get()
    other.role, other.title = "co-host", "Engineer"
    other.save()
    finish_edit(episode, None, "desk")
    draft = "# Talk\n\nGuests: José Núñez -- CTO of Zyxcorp, Ann Other (Engineer)\n\nHello"
    Episode.objects.filter(pk=episode.pk).update(draft_text=draft)
    Cue.objects.update(speaker="Zyx")
    PreviewLink.objects.update(recipient="Zyx at home")
    LogEntry.objects.create(
        user=host_user, content_type=ContentType.objects.get_for_model(Guest),
        object_id=str(catalogue.pk), object_repr="Pepe Zyx", action_flag=CHANGE,
        change_message=json.dumps([{"added": {"name": "other name", "object": "Zyx"}}]),
    )  # fmt: skip
    ImportBase.objects.create(
        episode=episode, source=ImportSource.JEKYLL, notes=draft, facts={"number": 1}
    )
    call_command("check_links", most=0)
    held = {table for table, text in everything().items() if "zyx" in text.lower()}
    assert held >= {
        "guests_guest", "episodes_appearance", "episodes_episode", "notes_revision", "topics_cue",
        "desk_previewlink", "django_admin_log", "desk_link", "notes_importbase",
    }  # fmt: skip

    erase(host, catalogue)

    assert [line[:200] for line in dumped() if "zyx" in line.lower()] == []
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.role, row.title) == ("guest", "")
    assert (other.role, other.title) == ("co-host", "Engineer")
    assert Cue.objects.get().speaker == "A guest"
    episode.refresh_from_db()
    lines = episode.draft_text.splitlines()
    assert lines[2:4] == ["Guest: A guest", "Guest: Ann Other -- Engineer"]
    revision = Revision.objects.filter(episode=episode, notes__contains="Engineer")[1]
    assert "Guest: A guest\nGuest: Ann Other -- Engineer\n" in revision.notes
    assert revision.beside["roles"] == ["guest", "co-host"]
