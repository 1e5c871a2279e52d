"""“View on site” leads to what visitors see, and tells nobody about anything else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from desk.models import PreviewLink
from desk.tests.forms import form_data
from episodes.models import Episode
from episodes.tests import factories
from linkcheck.models import Link
from notes.apply import finish_edit
from notes.models import Revision
from search.models import Question
from show.models import Page
from topics.models import Transcript

pytestmark = pytest.mark.django_db
VIEW_ON_SITE = re.compile(r'<a href="([^"]+)"[^>]*>View on site</a>')
TITLE = "Unannounced Takeover"


def staff(*rights: str) -> Client:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def draft(db: None) -> Episode:
    factories.show()
    row = factories.episode(
        TITLE, 7, guests=["Ann Draft"], technologies=["Roc"], topics=[(60, "Buying them all")],
        libraries=["https://draft.example/"], status=Episode.Status.DRAFT,
    )  # fmt: skip
    finish_edit(row, None, source="test")
    return row


def test_no_redirect_tells_a_preview_link(draft: Episode, host: Client) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    link = PreviewLink.objects.create(episode=draft, expires_at=tomorrow, recipient="Ann")
    for client in (staff(), host, Client()):
        for model, key in ((PreviewLink, link.pk), (Episode, draft.pk)):
            kind = ContentType.objects.get_for_model(model)
            answer = client.get(f"/admin/r/{kind.pk}/{key}/", follow=True)
            seen = f"{answer.redirect_chain} {answer.text}"
            assert link.token not in seen and draft.slug not in seen
            signs_in = 'name="password"' in answer.text
            assert signs_in or answer.status_code == 404


def test_only_what_visitors_see_has_a_link(draft: Episode, host: Client) -> None:
    public = factories.episode(
        "Diaries", 1, guests=["Phil Gyford"], technologies=["Django"],
        libraries=["https://gunicorn.org/"], topics=[(40, "Motivation")],
    )  # fmt: skip
    rows: list[tuple[Any, str | None]] = [
        (public, "/podcast/1-diaries"),
        (draft, None),
        (Transcript.objects.create(episode=public), "/podcast/1-diaries/transcript"),
        (Transcript.objects.create(episode=draft), None),
        (Question.objects.create(title="Tips", slug="tips", query="tips"), "/questions/tips"),
        (Page.objects.create(slug="thanks", title="Thanks", published=True), "/thanks"),
        (Page.objects.create(slug="soon", title="Soon", published=False), None),
    ]
    for episode in (public, draft):
        is_public = episode is public
        of_it = (
            episode.appearances.get().guest,
            episode.uses.get().technology,
            episode.library_uses.get().library,
        )
        rows += [(row, row.get_absolute_url() if is_public else None) for row in of_it]
    for row, path in rows:
        page = host.get(f"/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/")
        # An episode's screens have a bar instead.
        head = "workspace-head" if isinstance(row, Episode) else "object-tools"
        tools = page.text.partition(f'class="{head}"')[2].partition("</ul>")[0]
        link = re.search(r'<a href="([^"]+)" class="viewsitelink"', tools)
        assert (link and link[1]) == path, row
        assert path is None or host.get(path).status_code == 200
    topics = host.get(f"/admin/episodes/episode/{public.pk}/change/").text
    assert "/podcast/1-diaries?t=40" in VIEW_ON_SITE.findall(topics)
    of_draft = host.get(f"/admin/episodes/episode/{draft.pk}/change/").text
    assert not VIEW_ON_SITE.findall(of_draft)


def test_nobody_reads_titles_of_drafts_by_other_rights(draft: Episode) -> None:
    Transcript.objects.create(episode=draft)
    Link.objects.create(
        url="https://dead.example/", failed_days=9, failing_since=timezone.now(),
        places=[{"what": "episode", "label": TITLE, "path": "/admin/"}],
    )  # fmt: skip
    revision = Revision.objects.get(episode=draft)
    client = staff("view_revision", "view_transcript", "change_transcript", "view_link")
    for path in (
        "/admin/", "/admin/links/", "/admin/notes/revision/", "/admin/topics/transcript/",
        f"/admin/notes/revision/{revision.pk}/change/",
        f"/admin/notes/revision/{revision.pk}/history/",
        f"/admin/topics/transcript/{draft.transcript.pk}/change/",
        f"/admin/topics/transcript/{draft.transcript.pk}/history/",
    ):  # fmt: skip
        assert TITLE not in client.get(path, follow=True).text, path
    assert client.get("/admin/topics/transcript/").status_code == 200


def test_a_transcript_of_a_public_episode_needs_no_right_on_drafts(draft: Episode) -> None:
    transcript = Transcript.objects.create(episode=factories.episode("Diaries", 1))
    client = staff("change_transcript")
    assert "Diaries" in client.get("/admin/topics/transcript/").text
    path = f"/admin/topics/transcript/{transcript.pk}/change/"
    assert client.get(path).status_code == 200


def test_who_may_change_episodes_may_see_them(draft: Episode) -> None:
    client = staff("change_episode")
    for page in ("checklist", "texts", "history/", "text", "audio", "previews"):
        path = f"/admin/episodes/episode/{draft.pk}/{page}"
        assert client.get(path).status_code == 200, path
    assert client.get(f"/admin/preview/{draft.pk}").status_code == 200


@pytest.mark.parametrize("right", ["delete_guest", "change_guest"])
def test_one_right_alone_neither_merges_nor_erases(draft: Episode, right: str) -> None:
    guest, other = draft.appearances.get().guest, factories.guest("Phil Gyford")
    client = staff(right, "view_guest")
    for path in (f"/admin/merge/guest/{guest.pk}", f"/admin/erase/{guest.pk}"):
        for answer in (client.get(path), client.post(path, {"into": other.pk, "sure": "on"})):
            assert answer.status_code == 403
            assert TITLE not in answer.text
    form = client.get(f"/admin/guests/guest/{guest.pk}/change/").text
    assert "/admin/merge/" not in form and "/admin/erase/" not in form


@pytest.mark.parametrize("model", ["guests/guest", "stack/technology", "episodes/episode"])
def test_a_refused_slug_is_a_message(host: Client, model: str) -> None:
    factories.show()
    row = factories.episode(guests=["Ann Lee"], technologies=["Flask"])
    rows = {
        "guests/guest": row.guests.get(),
        "stack/technology": row.technologies.get(),
        "episodes/episode": row,
    }
    path = f"/admin/{model}/{rows[model].pk}/change/"
    data = form_data(host.get(path)) | {"slug": "a.b"}
    page = host.post(path, data)
    assert page.status_code == 200
    assert "not digits alone" in page.content.decode()
