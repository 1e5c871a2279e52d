"""The transcript's page: passages with speaker and time."""

from typing import Any

import pytest
from django.test import Client

from episodes.models import Episode
from pages.tests.factories import catalogue, full_episode, in_the_future, transcript
from show.models import Redirect
from text.timecode import format_timecode

pytestmark = pytest.mark.django_db

PATH = "/podcast/2-episode-2/transcript"
EPISODE = "/podcast/2-episode-2"


def html(client: Client, path: str = PATH) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_passages_speakers_topics_and_times(client: Client) -> None:
    transcript(catalogue()[1], 5)
    page = html(client)
    assert "<b>Ann Other:</b> Sentence 2." in page
    assert "<b>Voice &lt;2&gt;:</b> Sentence 1." in page
    assert (
        page.index("Sentence 3.")
        < page.index("Why Django and Redis</h2>")
        < page.index("Sentence 4")
    )
    assert '<a href="#topic-100">Why Django and Redis</a>' in page
    for seconds in (0, 30, 120):
        link = f'href="{EPISODE}?t={seconds}">{format_timecode(seconds)}</a>'
        assert link in page
    assert f'<a href="{EPISODE}">Episode 2</a>' in page
    assert f'<link rel="canonical" href="http://testserver{PATH}">' in page


def test_an_unreviewed_transcript_has_a_notice_and_noindex(
    client: Client,
) -> None:
    made = transcript(catalogue()[1])
    assert "Machine-made, not reviewed" in html(client)
    assert '<meta name="robots" content="noindex, follow">' in html(client)
    assert client.get("/sitemap-transcripts.xml").status_code == 404
    made.reviewed = True
    made.save()
    assert "Machine-made" not in html(client)
    assert "noindex" not in html(client)
    assert f"{PATH}</loc>" in html(client, "/sitemap-transcripts.xml")


def test_the_episode_leads_to_it(client: Client) -> None:
    row = catalogue()[1]
    without = html(client, EPISODE)
    assert "<track" not in without
    assert "/transcript" not in without
    transcript(row, language="de")
    page = html(client, EPISODE)
    assert f'<a href="{PATH}">Transcript</a>' in page
    assert f'<track kind="captions" src="{PATH}.vtt" srclang="de"' in page
    assert f'"transcript": "http://testserver{PATH}"' in page
    assert PATH in html(client, f"{EPISODE}.md")


def test_other_languages_are_named(client: Client) -> None:
    made = transcript(catalogue()[1], language="de")
    made.cues.filter(position=1).update(language="fr")
    page = html(client)
    assert '<ol class="topics" lang="de">' in page
    assert '<p dir="auto" lang="fr"><b>Voice' in page


@pytest.mark.parametrize(
    "state",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": in_the_future()},
        {"deleted_at": in_the_future()},
    ],
)
@pytest.mark.parametrize("ending", ["", ".vtt", ".json", ".html", "/"])
def test_only_published_episodes_have_one(client: Client, state: dict[str, Any], ending: str):
    transcript(full_episode(2, **state), reviewed=True)
    assert client.get(f"{PATH}{ending}").status_code == 404
    assert client.get("/sitemap-transcripts.xml").status_code == 404


@pytest.mark.parametrize("ending", ["", ".html", ".vtt"])
def test_an_episode_without(client: Client, ending: str) -> None:
    full_episode(2)
    assert client.get(f"{PATH}{ending}").status_code == 404


@pytest.mark.parametrize("other", [f"{PATH}.html", f"{PATH}/", f"{PATH}/index.html"])
def test_other_spellings_lead_there(client: Client, other: str) -> None:
    transcript(full_episode(2))
    response = client.get(other)
    assert (response.status_code, response["Location"]) == (301, PATH)


def test_it_moves_with_its_episode(client: Client) -> None:
    transcript(full_episode(2))
    Redirect.objects.create(old_path="/podcast/2-before", new_path=EPISODE)
    assert client.get("/podcast/2-before/transcript")["Location"] == PATH


@pytest.mark.parametrize("cues", [3, 300])
def test_any_number_of_cues_costs_the_same_queries(
    client: Client, django_assert_num_queries, cues: int
) -> None:
    transcript(catalogue()[1], cues, reviewed=True)
    with django_assert_num_queries(7):
        client.get(PATH)
    with django_assert_num_queries(2):
        client.get("/sitemap-transcripts.xml")
    with django_assert_num_queries(7):  # as without a transcript, see test_queries
        client.get(EPISODE)


def test_the_first_passage_of_a_second_is_the_target(client: Client) -> None:
    made = transcript(catalogue()[1])
    made.cues.filter(position=1).update(start=400)
    assert html(client).count('id="t-0"') == 1
    assert html(client).count('data-seconds="0"') == 2


@pytest.mark.parametrize("time", ["65", "1:05", "1m5s"])
def test_a_moment_marks_its_passage(client: Client, time: str) -> None:
    transcript(catalogue()[1], 5)
    page = html(client, f"{PATH}?t={time}")
    assert '<li id="t-60" aria-current="true">' in page
    assert page.count('aria-current="true">') == html(client).count('aria-current="true">') + 1
    assert "<span>Play from 1:05</span>" in page
    assert f'<link rel="canonical" href="http://testserver{PATH}">' in page


def test_a_moment_before_the_first_passage_marks_none(client: Client) -> None:
    made = transcript(catalogue()[1])
    made.cues.filter(position=0).delete()
    assert '<li id="t-30">' in html(client, f"{PATH}?t=5")


@pytest.mark.parametrize("path", [EPISODE, PATH, "/", "/guests/ann-other", "/search?q=recap"])
def test_play_buttons_have_the_transcript(client: Client, path: str) -> None:
    row = catalogue()[2]
    assert "data-captions" not in html(client, path.replace("2", "3").replace("/transcript", ""))
    transcript(row)
    assert "data-captions" in html(client, path.replace("2", "3"))


def test_a_moment_in_a_list_has_its_episodes_transcript_and_artwork(client: Client) -> None:
    row = catalogue(1)[0]
    assert "data-captions" not in html(client, "/questions/best-tips")
    transcript(row)
    Episode.objects.update(image_url="https://example.org/own.jpg")
    page = html(client, "/questions/best-tips")
    assert 'data-captions="yes" data-artwork="https://example.org/own.jpg"' in page
