"""Previews of drafts, only for people with a valid link."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.models import PreviewLink
from desk.tests.forms import form_data
from episodes.models import Episode
from episodes.tests import factories
from topics.models import Transcript

pytestmark = pytest.mark.django_db
AUDIO = "https://audio.example.org/podcast-9.mp3"


@pytest.fixture
def draft() -> Episode:
    factories.show()
    return factories.episode(
        "A <script>alert(1)</script> draft",
        9,
        status="draft",
        published_at=None,
        slug="9-draft",
        topics=[(61, "One & only")],
        technologies=["Django"],
        guests=["Phil Gyford"],
    )


def link_to(episode: Episode, days: float = 1) -> PreviewLink:
    return PreviewLink.objects.create(
        episode=episode, recipient="Phil", expires_at=timezone.now() + timedelta(days)
    )


def publish(episode: Episode, when: Any = None) -> None:
    Episode.objects.filter(pk=episode.pk).update(
        status="published", published_at=when or timezone.now()
    )


def test_a_guest_reads_the_draft_and_public_addresses_show_nothing(client: Client, draft: Episode):
    Transcript.objects.create(episode=draft)
    link = link_to(draft)
    response = client.get(link.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert "A &lt;script&gt;alert(1)&lt;/script&gt; draft" in page
    assert "<script>alert" not in page
    assert "One &amp; only" in page
    assert draft.get_absolute_url() not in page  # nothing leads to where it will be
    assert "audio/podcast-9.mp3" not in page
    assert 'rel="canonical"' not in page
    assert "ld+json" not in page
    for path in (draft.get_absolute_url(), f"{draft.get_absolute_url()}.md", "/podcast/9"):
        assert client.get(path).status_code == 404


def test_previews_are_not_cached_or_indexed(client: Client, draft: Episode):
    path = link_to(draft).get_absolute_url()
    for address in (path, f"{path}/audio", "/preview/unknown"):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "same-origin"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
    assert '<meta name="robots" content="noindex, nofollow">' in client.get(path).content.decode()


def test_a_moment_of_a_preview(client: Client, draft: Episode):
    page = client.get(f"{link_to(draft).get_absolute_url()}?t=61").content.decode()
    assert "Play from 1:01: One &amp; only" in page


def test_a_preview_has_audio_and_chapters(client: Client, draft: Episode):
    path = link_to(draft).get_absolute_url()
    page = client.get(path).content.decode()
    assert f'data-play="{path}" data-audio="{path}/audio"' in page
    audio = client.get(f"{path}/audio")
    assert (audio.status_code, audio["Location"]) == (302, AUDIO)
    chapters = client.get(f"{path}/chapters.json").json()["chapters"]
    assert chapters == [{"startTime": 61, "title": "One & only"}]
    assert client.get(draft.enclosure.path).status_code == 404


def test_a_draft_without_audio(client: Client, draft: Episode):
    draft.enclosure.delete()
    path = link_to(draft).get_absolute_url()
    assert client.get(path).status_code == 200
    assert client.get(f"{path}/audio").status_code == 404


def test_after_publication_the_link_redirects_to_the_page(client: Client, draft: Episode):
    path = link_to(draft, days=-1).get_absolute_url()
    publish(draft, timezone.now() + timedelta(hours=1))
    assert client.get(path).status_code == 410
    publish(draft)
    leads = {part: client.get(path + part) for part in ("?t=61", "/audio", "/chapters.json")}
    assert {response.status_code for response in leads.values()} == {302}
    assert leads["?t=61"]["Location"] == "/podcast/9-draft?t=61"
    assert leads["/audio"]["Location"] == "/audio/podcast-9.mp3"
    assert leads["/chapters.json"]["Location"] == "/podcast/9-draft/chapters.json"


def test_an_expired_link_says_so(client: Client, draft: Episode):
    path = link_to(draft, days=-0.001).get_absolute_url()
    for part in ("", "/audio", "/chapters.json"):
        response = client.get(path + part)
        assert response.status_code == 410
        page = response.content.decode()
        assert "This preview has expired" in page
        assert draft.title not in page
        assert "draft" not in page


def test_no_such_link_and_deleted_drafts(client: Client, draft: Episode):
    unknown = client.get("/preview/unknown")
    assert unknown.status_code == 404
    assert "The link may be incomplete" in unknown.content.decode()
    path = link_to(draft).get_absolute_url()
    Episode.objects.update(deleted_at=timezone.now())
    assert client.get(path).status_code == 410


def test_tokens_cannot_be_guessed(draft: Episode):
    tokens = {link_to(draft).token for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 32


@pytest.mark.parametrize("topics", [1, 30])
def test_queries(client: Client, draft: Episode, django_assert_num_queries, topics: int):
    for place in range(1, topics):
        draft.topics.create(position=place, seconds=100 + place, text="x", html="x", plain="x")
    path = link_to(draft).get_absolute_url()
    with django_assert_num_queries(7):
        client.get(path)


def test_editors_need_no_link(client: Client, host: Client, draft: Episode):
    path = f"/admin/preview/{draft.pk}"
    page = host.get(path).content.decode()
    assert "This is a preview" in page
    assert f'data-audio="{path}/audio"' in page
    assert host.get(f"{path}/audio")["Location"] == AUDIO
    assert client.get(path)["Location"].startswith("/admin/login/")
    publish(draft)
    assert host.get(path)["Location"] == "/podcast/9-draft"
    assert host.get("/admin/preview/999").status_code == 404


def test_links_are_created_listed_and_revoked_at_the_desk(
    host: Client, client: Client, draft: Episode
):
    url = f"/admin/episodes/episode/{draft.pk}/previews"
    data = form_data(host.get(url)) | {"recipient": "Phil & <b>", "days": "3"}
    assert host.post(url, data).status_code == 302
    link = PreviewLink.objects.get()
    assert timedelta(days=2.9) < link.expires_at - timezone.now() < timedelta(days=3)
    page = host.get(url).content.decode()
    assert "Phil &amp; &lt;b&gt;" in page
    assert link.get_absolute_url() in page
    revoked = host.post(f"{url}/{link.pk}/end", follow=True).content.decode()
    assert "Expired on" in revoked
    assert link.token not in revoked
    assert client.get(link.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("days", ["0", "9999", "x", ""])
def test_invalid_days(host: Client, draft: Episode, days: str):
    url = f"/admin/episodes/episode/{draft.pk}/previews"
    assert host.post(url, {"days": days}).status_code == 200
    assert not PreviewLink.objects.exists()


def test_preview_links_need_permission(client: Client, draft: Episode, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    url = f"/admin/episodes/episode/{draft.pk}/previews"
    link = link_to(draft)
    assert client.get(url).status_code == 403
    assert client.post(f"{url}/{link.pk}/end").status_code == 403
    assert client.get(f"/admin/preview/{draft.pk}").status_code == 403


def test_who_makes_a_link_learns_that_the_text_is_not_applied(host: Client, draft: Episode):
    url = f"/admin/episodes/episode/{draft.pk}/previews"
    assert "isn’t applied" not in host.get(url).text
    Episode.objects.update(draft_text="# Better", edit_number=1)
    page = host.get(url)
    assert "a preview shows the episode without it" in page.text
    assert f'href="/admin/episodes/episode/{draft.pk}/text"' in page.text
    page = host.post(url, form_data(page), follow=True)
    assert "The link doesn’t show the text yet: apply it first." in page.text
    lacks = "Its text isn’t applied yet, so this page lacks it."
    assert lacks in host.get(f"/admin/preview/{draft.pk}").text
    assert lacks not in host.get(PreviewLink.objects.get().get_absolute_url()).text
    Episode.objects.update(edit_number=0)
    assert "an empty page with the title alone" in host.get(url).text
