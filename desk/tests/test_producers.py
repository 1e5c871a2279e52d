"""Producers edit drafts. They change nothing that visitors see, and publish and bin nothing."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import HOST, PRODUCER, set_roles
from desk.models import GuestSubmission, PreviewLink
from desk.tests.forms import form_data
from desk.tests.test_roles import someone
from episodes.models import Appearance, Enclosure, Episode
from episodes.tests import factories
from guests.models import Guest
from media.tests.recordings import mp3
from notes.apply import finish_edit
from notes.models import Revision
from stack.models import Technology
from topics.models import Topic, Transcript

pytestmark = pytest.mark.django_db

LATER = datetime(2999, 1, 1, tzinfo=UTC)
NOTES = "Title: {}\n\nGuest: Phil Gyford\n\nTopics:\n\n1:00 – Another topic\n"
# All that isn't a draft.
STATES: dict[str, dict[str, Any]] = {
    "published": {},
    "scheduled": {"published_at": LATER},
    "withdrawn": {"status": Episode.Status.WITHDRAWN},
    "binned": {"status": Episode.Status.DRAFT, "deleted_at": datetime(2026, 1, 1, tzinfo=UTC)},
}


@pytest.fixture
def producer(db: None) -> Client:
    set_roles()
    factories.show()
    return someone(PRODUCER)


def make(title: str, number: int, **fields: Any) -> Episode:
    row = factories.episode(
        title, number, guests=["Phil Gyford"], technologies=["Django"],
        topics=[(60, "Diaries")], **fields,
    )  # fmt: skip
    Transcript.objects.create(episode=row)
    finish_edit(row, None, "test")
    return row


@pytest.fixture
def draft(producer: Client) -> Episode:
    return make("A draft", 9, status=Episode.Status.DRAFT, published_at=None)


def base(episode: Episode) -> str:
    return f"/admin/episodes/episode/{episode.pk}"


def state(episode: Episode) -> dict[str, Any]:
    row: dict[str, Any] = {**Episode.with_deleted.filter(pk=episode.pk).values().get()}
    row["topics"] = list(Topic.objects.filter(episode=episode).values())
    row["guests"] = list(Appearance.objects.filter(episode=episode).values())
    row["phil"] = Guest.objects.filter(name__startswith="Phil").values().get()
    row["transcripts"] = list(Transcript.objects.filter(episode=episode).values())
    row["revisions"] = Revision.objects.filter(episode=episode).count()
    row["links"] = episode.preview_links.count()
    return row


def posts(episode: Episode, seen: str) -> dict[str, dict[str, Any]]:
    """Everything that a browser could send to change it."""
    phil = episode.appearances.get().guest_id
    audio = SimpleUploadedFile("new.mp3", mp3(60), "audio/mpeg")
    words = SimpleUploadedFile("new.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    return {
        "/change/": {"title": "Changed", "status": "published", "_save": "Save"},
        "/text": {"text": NOTES.format("Changed"), "do": "apply", "seen": seen},
        "/text?autosave": {"text": NOTES.format("Changed"), "do": "preview", "seen": seen},
        "/text?discard": {"text": "", "do": "discard", "seen": seen},
        "/guests": {"guest": str(phil), f"in-{phil}-title": "CTO", f"guest-{phil}-name": "Phil X"},
        "/audio": {"file": audio},
        "/audio/change": {"where": "all", "by": "5", "seen": seen},
        "/audio/chapters": {},
        "/transcript": {"do": "save"},
        "/transcript/line": {"line": "1", "text": "Changed"},
        "/transcript/replace": {"find": "a", "by": "b"},
        "/transcript/speakers": {"was-1": "", "name-1": "Phil"},
        "/transcript/undo": {},
        "/transcript/file": {"file": words, "do": "replace"},
        "/transcript/remove": {},
        "/publish": {"do": "now", "seen": seen},
        "/publish?later": {"do": "then", "when_0": "2998-01-01", "when_1": "", "seen": seen},
        "/take-back": {"to": "0", "seen": seen},
        "/restore": {},
        "/previews": {"days": "3"},
        "/history/1": {"state": "on"},
        "/history/1?transcript": {"do": "transcript"},
        "/delete/": {"post": "yes"},
    }


@pytest.mark.parametrize("kind", STATES)
def test_nothing_but_drafts_changes(producer: Client, kind: str, subtests: pytest.Subtests) -> None:
    episode = make("An episode", 8, **STATES[kind])
    Episode.objects.filter(pk=episode.pk).update(first_published_at=episode.published_at)
    before = state(episode)
    for path, data in posts(episode, str(before["edit_number"])).items():
        with subtests.test(path, kind=kind):
            answer = producer.post(base(episode) + path, data)
            assert answer.status_code in (403, 404)
            assert state(episode) == before
    for action in ("restore", "delete_selected"):
        with subtests.test(action, kind=kind):
            chosen = {"action": action, "_selected_action": str(episode.pk), "post": "yes"}
            producer.post("/admin/episodes/episode/?state=bin", chosen)
            producer.post("/admin/episodes/episode/", chosen)
            assert state(episode) == before


def test_a_draft_is_neither_published_nor_binned(
    producer: Client, draft: Episode, subtests: pytest.Subtests
) -> None:
    seen = str(draft.edit_number)
    before = state(draft)
    every = posts(draft, seen)
    for path in ("/publish", "/publish?later", "/take-back", "/restore", "/delete/"):
        with subtests.test(path):
            assert producer.post(base(draft) + path, every[path]).status_code == 403
            assert state(draft) == before
    chosen = {"action": "delete_selected", "_selected_action": str(draft.pk), "post": "yes"}
    producer.post("/admin/episodes/episode/", chosen)
    assert state(draft) == before


def test_a_drafts_form_saves_all_but_its_state(producer: Client, draft: Episode) -> None:
    address = f"{base(draft)}/change/"
    page = producer.get(address)
    assert 'name="status"' not in page.text and 'name="title"' in page.text
    typed = form_data(page) | {"title": "A better title", "status": "published"}
    typed |= {"published_at_0": "2020-01-01", "published_at_1": "12:00"}
    assert producer.post(address, typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("A better title", Episode.Status.DRAFT)
    assert Revision.objects.filter(episode=draft).first().user.username == "producer"


def test_a_new_episode_is_a_draft(producer: Client) -> None:
    typed = form_data(producer.get("/admin/episodes/episode/add/"))
    typed |= {"title": "New", "status": "published", "published_at_0": "2020-01-01",
              "published_at_1": "12:00"}  # fmt: skip
    assert producer.post("/admin/episodes/episode/add/", typed).status_code == 302
    assert Episode.objects.get(title="New").status == Episode.Status.DRAFT


def test_a_drafts_other_tabs_work(producer: Client, draft: Episode) -> None:
    seen = str(draft.edit_number)
    for path in ("/text", "/guests", "/audio", "/transcript", "/checklist", "/history/",
                 "/previews", "/texts"):  # fmt: skip
        assert producer.get(base(draft) + path).status_code == 200, path
    assert producer.post(f"{base(draft)}/previews", {"days": "3"}).status_code == 302
    assert draft.preview_links.exists()
    typed = form_data(producer.get(f"{base(draft)}/text"))
    text = typed["text"].replace("Diaries", "Diaries in Gleam")
    sent = typed | {"text": text, "do": "apply", "seen": typed.get("seen", seen)}
    answer: Any = producer.post(f"{base(draft)}/text", sent)
    sent |= form_data(answer) | {"do": "apply"}
    assert producer.post(f"{base(draft)}/text", sent).status_code == 302
    assert draft.topics.get().text == "Diaries in Gleam"


def test_a_revision_that_was_public_publishes_nothing(producer: Client) -> None:
    episode = make("Was public", 7)
    Episode.objects.filter(pk=episode.pk).update(status="draft", published_at=None)
    finish_edit(Episode.objects.get(pk=episode.pk), None, "test")
    before = state(episode)
    address = f"{base(episode)}/history/1"
    assert 'name="state"' not in producer.get(address).text
    assert producer.post(address, {"state": "on"}).status_code == 403
    assert state(episode) == before


def test_whoever_publishes_meanwhile_wins(producer: Client, draft: Episode) -> None:
    """The view checks before it locks: the end of each edit checks again."""
    user = User.objects.get(username="producer")
    Episode.objects.filter(pk=draft.pk).update(status="published", published_at=LATER)
    with pytest.raises(PermissionDenied):
        finish_edit(Episode.objects.get(pk=draft.pk), user, "desk")


def test_the_checklist_says_who_publishes(producer: Client, draft: Episode) -> None:
    page = producer.get(f"{base(draft)}/checklist").text
    assert "a host or an editor publishes" in page
    assert "Publish now" not in page and "Schedule" not in page
    bar = producer.get(f"{base(draft)}/text").text
    assert "Check and publish" not in bar and "Move to the bin" not in bar
    assert "Take it offline" not in bar


def test_what_they_pasted_stays(producer: Client) -> None:
    """Discarding it would move it to the bin."""
    producer.post("/admin/paste", {"text": NOTES.format("Pasted"), "do": "preview"})
    pasted = Episode.objects.get()
    page = producer.get(f"{base(pasted)}/text")
    assert "Discard the text" not in page.text
    sent = form_data(page) | {"do": "discard"}
    assert producer.post(f"{base(pasted)}/text", sent).status_code == 403
    assert Episode.objects.get().deleted_at is None


def test_the_reason_of_a_refusal(producer: Client) -> None:
    episode = make("Public", 8)
    answer = producer.get(f"{base(episode)}/text")
    assert answer.status_code == 403
    assert "You work on drafts." in answer.text
    page = producer.get(f"{base(episode)}/change/")
    assert page.status_code == 200
    assert 'name="title"' not in page.text


def test_guests_and_technologies_until_visitors_see_them(producer: Client, draft: Episode) -> None:
    """Phil and Django are only in a draft, then in a published episode."""
    phil, django = Guest.objects.get(name="Phil Gyford"), Technology.objects.get(name="Django")
    pages = (
        f"/admin/guests/guest/{phil.pk}/change/",
        f"/admin/stack/technology/{django.pk}/change/",
    )
    for page in pages:
        typed = form_data(producer.get(page)) | {"introduction": "Said in a draft"}
        assert producer.post(page, typed).status_code == 302
    phil.refresh_from_db()
    assert phil.introduction == "Said in a draft"
    cards = f"{base(draft)}/guests"
    sent = form_data(producer.get(cards)) | {f"guest-{phil.pk}-github": "phil"}
    assert producer.post(cards, sent).status_code == 302
    phil.refresh_from_db()
    assert phil.github == "phil"
    make("Public", 8)
    for page in pages:
        assert 'name="name"' not in producer.get(page).text
        assert producer.post(page, typed).status_code == 403
    card = producer.get(f"{base(draft)}/guests").text
    assert f'name="in-{phil.pk}-title"' in card and f'name="guest-{phil.pk}-name"' not in card
    host = Guest.objects.get(name="Nick Janetakis")
    assert producer.post(f"/admin/guests/guest/{host.pk}/change/", {}).status_code == 403


def test_who_could_publish_before_still_can() -> None:
    """The migration gives the new permission to roles and accounts that may change episodes."""
    role = Group.objects.create(name="Interns")
    role.permissions.add(Permission.objects.get(codename="change_episode"))
    migration: Any = import_module("episodes.migrations.0008_publish_permission")
    migration.keep_publishing(apps, None)
    assert role.permissions.filter(codename="publish_episode").exists()


def test_the_start_page_lists_what_they_can_change(producer: Client, draft: Episode) -> None:
    public = make("Public", 8, draft_text="Title: Public\n\nWaits to be applied")
    page = producer.get("/admin/").text
    assert f'{base(draft)}/text"' in page
    assert f'{base(public)}/text"' not in page


def test_the_screens_of_a_public_episode_say_who_changes_it(producer: Client) -> None:
    episode = make("Public", 8)
    page = producer.get(f"{base(episode)}/checklist").text
    assert "A host or an editor can change this one" in page
    assert (
        "A host or an editor can change" not in someone("Editor").get(f"{base(episode)}/text").text
    )


def test_a_guest_sends_to_their_producer(producer: Client, draft: Episode) -> None:
    """A producer takes over what a guest sent, until the guest's page is public."""
    phil = Guest.objects.get(name="Phil Gyford")
    link = PreviewLink.objects.create(episode=draft, guest=phil, expires_at=LATER)
    for field, status in (("website", 302), ("pronunciation", 403)):
        sent = GuestSubmission.objects.create(link=link, field=field, value="https://phil.example/")
        address = f"{base(draft)}/guests/sent/{sent.pk}"
        answer = producer.post(address, {"do": "take", "now": "", "sent": sent.value}, follow=True)
        assert answer.status_code == (status if status == 403 else 200)
        make(f"Public {field}", 20 + len(field))
    phil.refresh_from_db()
    assert (phil.website, phil.pronunciation) == ("https://phil.example/", "")


def test_a_draft_gets_recording_transcript_and_guests(producer: Client, draft: Episode) -> None:
    every = posts(draft, str(draft.edit_number))
    Transcript.objects.all().delete()
    Enclosure.objects.all().delete()
    for path in ("/audio", "/transcript/file"):
        assert producer.post(base(draft) + path, every[path]).status_code == 302, path
    assert Enclosure.objects.get(episode=draft).file
    assert Transcript.objects.get().cues.count() == 1
    address = f"{base(draft)}/guests"
    typed = form_data(producer.get(address)) | {"guest": "", "new-name": "Ann Lee"}
    typed["guest"] = str(Guest.objects.get(name="Phil Gyford").pk)
    assert producer.post(address, typed).status_code == 302
    assert [str(row.guest) for row in draft.appearances.order_by("position")] == [
        "Phil Gyford", "Ann Lee",
    ]  # fmt: skip


def test_notes_add_what_only_a_draft_names(producer: Client) -> None:
    text = (
        "Title: New things\n\nGuest: Zed Alpha\n\nStack: Gleam\n\n"
        "Links:\n\n- https://lib.example/zed\n\nTopics:\n\n1:00 – Why Gleam\n"
    )
    page: Any = producer.post("/admin/paste", {"text": text, "do": "preview"})
    sent = form_data(page) | {"text": text, "do": "apply", "technology-gleam": "create"}
    episode = Episode.objects.get()
    for _ in range(2):
        answer: Any = producer.post(f"{base(episode)}/text", sent)
        if answer.status_code == 302:
            break
        sent |= form_data(answer) | {"do": "apply"}
    assert answer.status_code == 302
    episode.refresh_from_db()
    assert (episode.status, episode.title) == (Episode.Status.DRAFT, "New things")
    assert Guest.objects.filter(name="Zed Alpha").exists()


def test_a_refusal_says_who_can(producer: Client) -> None:
    for address in ("/admin/people/", "/admin/show/show/1/change/"):
        answer = producer.get(address)
        assert answer.status_code == 403
        assert "Your role doesn’t cover this. A host can do it" in answer.text
        assert '<a href="/admin/">To the desk</a>' in answer.text


def test_the_checklist_leads_only_where_they_can_mend(
    producer: Client, draft: Episode, settings: Any
) -> None:
    settings.SITE_URL = "http://example.org"
    public = make("Public", 8)
    page = producer.get(f"{base(draft)}/checklist").text
    assert "Apps open only https addresses." in page and "A host can change this." in page
    assert "/admin/show/show/1/change/" not in page
    assert "Go there" in page
    assert "Go there" not in producer.get(f"{base(public)}/checklist").text
    assert "/admin/show/show/1/change/" in someone(HOST).get(f"{base(draft)}/checklist").text


def test_technologies_that_they_cannot_change_are_text(producer: Client, draft: Episode) -> None:
    public = make("Public", 8)
    page = producer.get(f"{base(public)}/change/").text
    assert "<bdi>Django</bdi>" in page
    assert 'name="uses-0-name"' not in page
    assert 'name="uses-0-name"' in producer.get(f"{base(draft)}/change/").text


def publish_as(user: User, episode: Episode) -> None:
    when = datetime(2020, 1, 1, tzinfo=UTC)
    Episode.objects.filter(pk=episode.pk).update(status="published", published_at=when)
    finish_edit(Episode.objects.get(pk=episode.pk), user, "desk")


def test_a_save_of_what_was_published_meanwhile_says_by_whom(
    producer: Client, draft: Episode, subtests: pytest.Subtests
) -> None:
    anna = User.objects.create_superuser("anna", first_name="Anna", last_name="Lee")
    opened = {
        path: form_data(producer.get(base(draft) + path))
        for path in ("/change/", "/guests", "/text")
    }
    publish_as(anna, draft)
    for path, typed in opened.items():
        with subtests.test(path):
            answer = producer.post(base(draft) + path, typed)
            assert answer.status_code == 403
            assert "Nothing was saved. Anna Lee published the episode on " in answer.text
            assert "A host or an editor can change it." in answer.text
            assert 'id="unsaved-text"' in answer.text and f"{base(draft)}/change/" in answer.text
    assert "1:00 – Diaries</textarea>" in producer.post(
        f"{base(draft)}/text", {"text": "Topics:\n\n1:00 – Diaries"}
    ).text  # fmt: skip
    for path in ("/change/", "/guests"):
        page = producer.get(base(draft) + path)
        assert page.status_code == 200 and 'id="unsaved-text"' in page.text, path


def test_a_past_date_of_a_draft_is_told(producer: Client, draft: Episode) -> None:
    address = f"{base(draft)}/change/"
    typed = form_data(producer.get(address))
    typed |= {"published_at_0": "2020-01-01", "published_at_1": "12:00"}
    saved: Any = producer.post(address, typed, follow=True)
    assert "Its date is in the past" in saved.text
    page = producer.get(f"{base(draft)}/checklist").text
    assert "That is in the past: publishing it for that date makes it public at once." in page
    assert "A host or an editor schedules it." in page and "press" not in page
    theirs = someone(HOST).get(f"{base(draft)}/checklist").text
    assert "Choose another date below" in theirs
    Episode.objects.filter(pk=draft.pk).update(published_at=LATER)
    assert "in the past" not in producer.get(f"{base(draft)}/checklist").text


def test_what_a_public_guest_sent_says_who_takes_it_over(producer: Client, draft: Episode) -> None:
    phil = Guest.objects.get(name="Phil Gyford")
    page = producer.get(f"{base(draft)}/guests").text
    assert "is not only in drafts" not in page and "takes over the photo" not in page
    make("Public", 8)
    page = producer.get(f"{base(draft)}/guests").text
    name = "<bdi>Phil Gyford</bdi> is not only in drafts."
    assert f"A host or an editor can change the name, photo and links: {name}" in page
    assert "A host or an editor takes over the photo and links." in page
    link = PreviewLink.objects.create(episode=draft, guest=phil, expires_at=LATER)
    sent = GuestSubmission.objects.create(link=link, field="website", value="https://phil.example/")
    page = producer.get(f"{base(draft)}/guests").text
    assert f"A host or an editor takes this over: {name}" in page
    answer = producer.post(f"{base(draft)}/guests/sent/{sent.pk}", {"do": "take"})
    assert answer.status_code == 403 and "A host or an editor takes this over" in answer.text


def test_the_start_page_says_what_they_do(producer: Client) -> None:
    words, status = "A host or an editor publishes them.", "System status"
    page, others = producer.get("/admin/").text, someone(HOST).get("/admin/").text
    assert words in page and status not in page
    assert words not in others and status in others


def test_what_visitors_see_says_who_changes_it(producer: Client, draft: Episode) -> None:
    says = "a host or an editor can change it"
    phil, django = Guest.objects.get(name="Phil Gyford"), Technology.objects.get(name="Django")
    pages = (
        f"/admin/guests/guest/{phil.pk}/change/",
        f"/admin/stack/technology/{django.pk}/change/",
    )
    for page in pages:
        assert says not in producer.get(page).text
    make("Public", 8)
    for page in pages:
        assert says in producer.get(page).text
    assert says not in someone("Editor").get(pages[0]).text


def test_the_form_of_a_public_episode_shows_what_is_filled_in(producer: Client) -> None:
    page = producer.get(f"{base(make('Public', 8))}/change/").text
    assert "Is correction" not in page and "Tell listeners here" not in page
    assert "field-title" in page and "field-season" not in page
    draft = make("A draft", 9, status=Episode.Status.DRAFT, published_at=None)
    assert "field-season" in producer.get(f"{base(draft)}/change/").text
