"""`?t=`: its second, the marked topic, the metadata."""

import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from caching.page_cache import page_cache
from episodes.models import Episode
from episodes.tests.factories import episode, show
from pages.tests.factories import interview, transcript
from topics.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Episode:
    show()
    return episode(
        "Real Estate",
        37,
        topics=[(400, "Motivation"), (1526, "Recap of *AWS* services"), (1627, "Deploy early")],
        seconds=2763,
    )


def page(client: Client, row: Episode, time: str):
    response = client.get(row.get_absolute_url(), {"t": time}, follow=True)
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("time", ["1526", "25:26", "25m26s", "0:25:26", " 1526 "])
def test_every_spelling_of_a_moment(client: Client, row: Episode, time: str) -> None:
    response = page(client, row, time)
    html = response.content.decode()
    assert "<title>25:26: Recap of AWS services · Real Estate · Running in Production" in html
    assert "Play from 25:26: Recap of AWS services</a>" in html
    assert 'href="/audio/podcast-37.mp3#t=1526"' in html
    assert '<li id="t-1526" aria-current="true">' in html
    # The topic, its segment in the timeline, and Episodes in the navigation.
    assert html.count("aria-current") == 3
    address = f"{settings.SITE_URL}{row.get_absolute_url()}"
    assert f'<link rel="canonical" href="{address}">' in html
    assert f'<meta property="og:url" content="{address}?t=1526">' in html


def test_a_second_within_a_topic_marks_that_topic(client: Client, row: Episode) -> None:
    response = page(client, row, "1600")
    assert str(response.context["moment"]) == "26:40: Recap of AWS services"
    current = [line.topic.seconds for line in response.context["lines"] if line.is_current]
    assert current == [1526]


@pytest.mark.parametrize(
    ("time", "place"),
    [
        ("1526", "25:26 of 46:03, 2 min until the next topic"),
        ("1600", "26:40 of 46:03, 27 s until the next topic"),
        ("1627", "27:07 of 46:03, 19 min until the end"),
        ("1530,1604", "25:30–26:44 of 46:03, 1 min 14 s"),
        ("10", "0:10 of 46:03, 7 min until the next topic"),
    ],
)
def test_the_page_says_what_was_sent_above_its_button(
    client: Client, row: Episode, time: str, place: str
) -> None:
    moment = page(client, row, time).context["moment"]
    assert moment.place == place
    html = page(client, row, time).content.decode()
    words = f'<strong dir="auto">{moment.topic.plain}</strong> ' if moment.topic else ""
    sent = f'<p class="sent">{words}<span>{place}</span></p>'
    assert html.index(sent) < html.index('<div class="listen">')
    assert 'class="sent"' not in client.get(row.get_absolute_url()).content.decode()


def test_a_second_before_the_first_topic(client: Client, row: Episode) -> None:
    response = page(client, row, "10")
    assert "Play from 0:10</a>" in response.content.decode()
    assert not any(line.is_current for line in response.context["lines"])


@pytest.mark.parametrize(
    "time",
    ["", "x", "-5", "2764", "99999999999999999999", "1:2:3:4", "1e3", "٢٥", "25:26" * 9999, "\x00"],
)
def test_an_invalid_moment_is_ignored(client: Client, row: Episode, time: str) -> None:
    if "\0" in time:
        assert client.get(row.get_absolute_url(), {"t": time}).status_code == 400
        return
    response = page(client, row, time)
    assert response.context["moment"] is None
    html = response.content.decode()
    assert "Play from" not in html
    assert "<title>Real Estate · Running in Production</title>" in html


def test_old_fragments_are_ids_of_the_times(client: Client, row: Episode) -> None:
    episode("Long", 38, topics=[(3723, "Late")], seconds=5000)
    assert 'id="25:26"' in client.get(row.get_absolute_url()).content.decode()
    assert 'id="1:02:03"' in client.get("/podcast/38-long").content.decode()


def test_the_mail_about_a_mistake_carries_the_time(client: Client, row: Episode) -> None:
    subject = quote("A mistake in 37: Real Estate at 25:26")
    assert f"mailto:host@example.org?subject={subject}" in page(client, row, "25:26").text


def test_interviews_have_no_moments(client: Client) -> None:
    row = interview(1)
    assert page(client, row, "60").context["moment"] is None


ENDINGS = pytest.mark.parametrize("ending", ["", "/embed", "/transcript"])


@ENDINGS
@pytest.mark.parametrize(
    ("given", "spelling"),
    [
        ("25:26", "1526"), ("25m26s", "1526"), ("0:25:26", "1526"), ("01526", "1526"),
        ("1526,1526", "1526"), ("25:26,26:40", "1526,1600"), ("1526,9999", "1526,2763"),
        ("25m26s, 26m40s", "1526,1600"), ("1600,1526", "1600"), ("1526,", "1526"),
        ("1526.5,1600.25", "1526,1600"), ("25:26.75", "1526"),
    ],
)  # fmt: skip
def test_a_moment_has_one_address(
    client: Client, row: Episode, ending: str, given: str, spelling: str
) -> None:
    Transcript.objects.create(episode=row)
    path = row.get_absolute_url() + ending
    response = client.get(path, {"t": given, "utm_source": "x"})
    assert (response.status_code, response["Location"]) == (
        301,
        f"{path}?utm_source=x&t={spelling}",
    )
    assert client.get(response["Location"]).status_code == 200


@ENDINGS
@pytest.mark.parametrize(
    "time",
    ["2764", "9999999", "x", "2764,2765", ",", ",60", "1,2,3", "5,x", "5,99999999", "5.", ".5,9"],
)
def test_a_time_past_the_end_leads_to_the_page(
    client: Client, row: Episode, ending: str, time: str
) -> None:
    """Not for good: a longer recording may follow."""
    Transcript.objects.create(episode=row)
    path = row.get_absolute_url() + ending
    response = client.get(path, {"t": time})
    assert (response.status_code, response["Location"]) == (302, path)


def test_a_clip_is_marked_and_ends(client: Client, row: Episode) -> None:
    response = page(client, row, "1526,1600")
    html = response.content.decode()
    assert str(response.context["moment"]) == "25:26–26:40: Recap of AWS services"
    title = "25:26–26:40: Recap of AWS services · Real Estate"
    assert f"<title>{title} · Running in Production</title>" in html
    assert f'<meta property="og:title" content="{title}">' in html
    assert '<li id="t-1526" aria-current="true">' in html
    assert 'href="/audio/podcast-37.mp3#t=1526,1600"' in html
    assert "Play 25:26 to 26:40: Recap of AWS services</a>" in html
    assert '<audio controls preload="none" src="/audio/podcast-37.mp3#t=1526,1600"' in html
    assert 'data-at="1526" data-end="1600"' in html
    address = f"{settings.SITE_URL}{row.get_absolute_url()}"
    assert f'<meta property="og:url" content="{address}?t=1526,1600">' in html
    assert f'<link rel="canonical" href="{address}">' in html


def test_a_clip_marks_the_topics_that_it_reaches(client: Client, row: Episode) -> None:
    html = page(client, row, "410,1627").content.decode()
    assert '<li id="t-400" aria-current="true">' in html
    assert '<li id="t-1526" class="within">' in html
    assert '<li id="t-1627">' in html
    assert re.search(r'<rect class="clip" x="14\.8\d*%" width="44\.0\d*%"', html)


def test_a_clip_marks_the_passages_that_it_reaches(client: Client, row: Episode) -> None:
    transcript(row, 5)
    response = client.get(f"{row.get_absolute_url()}/transcript", {"t": "31,90"})
    html = response.content.decode()
    assert '<li id="t-30" aria-current="true">' in html
    assert '<li id="t-60" class="within">' in html
    assert '<li id="t-90">' in html
    assert "Play 0:31 to 1:30" in html


@ENDINGS
def test_caches_store_only_the_moments_of_topics(
    client: Client, row: Episode, ending: str, settings
) -> None:
    """An episode has thousands of others, and nobody can count on meeting them again."""
    Transcript.objects.create(episode=row)
    settings.PAGE_CACHE_BYTES = 1_000_000
    page_cache.clear()
    path = row.get_absolute_url() + ending
    behind_nginx = {"X-Cache-Managed": "1"}
    for query, is_stored in (("", True), ("?t=1526", True), ("?t=1527", False), ("?t=1,2", False)):
        answer = client.get(path + query, headers=behind_nginx)
        assert ("X-Accel-Expires" in answer.headers) == is_stored, query
        assert client.get(path + query).headers["ETag"] == answer.headers["ETag"]
        assert any(key[2:4] == (path, query[1:]) for key in page_cache.by_key) == is_stored
        unchanged = client.get(path + query, headers={"If-None-Match": answer.headers["ETag"]})
        assert unchanged.status_code == 304
