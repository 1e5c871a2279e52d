"""Pages that repeat one episode are neither indexed nor in the sitemap."""

import re

import pytest
from django.test import Client

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Appearance, Episode
from guests.handles import PROFILES
from guests.models import Guest
from pages.indexing import MOMENTS, with_indexing
from pages.tests.factories import catalogue, full_episode
from search.retrieval.entity_moments import entity_moment_count, latest_entity_moments
from stack.models import Technology

pytestmark = pytest.mark.django_db

NOINDEX = '<meta name="robots" content="noindex, follow">'
SECTIONS = {"stack": "technologies", "libraries": "libraries", "guests": "guests"}


def is_listed(client: Client, path: str) -> bool:
    """Whether the page may be indexed; page and sitemap must say the same."""
    section = SECTIONS[path.split("/")[1]]
    answer = client.get(f"/sitemap-{section}.xml").content.decode()
    listed = NOINDEX not in client.get(path).content.decode()
    assert listed == bool(re.search(rf"<loc>[^<]*{path}</loc>", answer)), path
    return listed


def topics_with(text: str, times: int) -> list[tuple[int, str]]:
    return [(second, f"{text} {second}") for second in range(10, 10 + times)]


def test_two_episodes(client: Client) -> None:
    catalogue(2)
    for path in ("/stack/django", "/libraries/celery", "/guests/ann-other"):
        assert is_listed(client, path), path
    for path in ("/stack/tool-1", "/guests/guest-1", "/guests/siddhant-goel"):
        assert not is_listed(client, path), path


def test_an_interview_is_the_second(client: Client) -> None:
    full_episode(1, technologies=["Gleam"])
    full_episode(2, technologies=["Gleam"], kind=Episode.Kind.INTERVIEW, seconds=None)
    assert is_listed(client, "/stack/gleam")


def test_unpublished_episodes_do_not_count(client: Client) -> None:
    full_episode(1, technologies=["Gleam"])
    full_episode(2, technologies=["Gleam"], status=Episode.Status.WITHDRAWN)
    assert not is_listed(client, "/stack/gleam")


def test_the_hosts_own_text_is_indexed(client: Client) -> None:
    full_episode(1, technologies=["Gleam"], guests=["Ann Other"])
    Technology.objects.get(slug="gleam")
    for row in (Technology.objects.get(slug="gleam"), Guest.objects.get(slug="ann-other")):
        row.introduction = "What we think."
        row.save()
    assert is_listed(client, "/stack/gleam")
    assert is_listed(client, "/guests/ann-other")


@pytest.mark.parametrize(("times", "listed"), [(4, False), (5, True), (6, True)])
def test_five_moments(client: Client, times: int, listed: bool) -> None:
    full_episode(1, technologies=["Gleam"], topics=topics_with("Gleam at", times))
    assert is_listed(client, "/stack/gleam") == listed
    assert not is_listed(client, "/libraries/celery")


def test_a_guests_only_episode_is_not_repeated(client: Client) -> None:
    """Their page repeats the moments of the episode's page."""
    full_episode(1, guests=["Zoe Quill"], topics=topics_with("Deploying at", 6))
    assert "Deploying at" in client.get("/guests/zoe-quill").content.decode()
    assert not is_listed(client, "/guests/zoe-quill")


@pytest.mark.parametrize("field", ["website", *PROFILES])
def test_a_guest_of_whom_more_than_the_name_is_known_is_indexed(client: Client, field: str) -> None:
    full_episode(1, guests=["Zoe Quill"])
    assert not is_listed(client, "/guests/zoe-quill")
    Guest.objects.filter(slug="zoe-quill").update(**{field: "https://zoe.example.org"})
    assert is_listed(client, "/guests/zoe-quill")


def test_a_guest_with_a_photo_or_title_is_indexed(client: Client) -> None:
    full_episode(1, guests=["Zoe Quill", "Ann Other"])
    full_episode(2, guests=["Ben Bo"], status=Episode.Status.DRAFT)
    Guest.objects.filter(slug="zoe-quill").update(avatar="guests/zoe.jpg")
    Appearance.objects.filter(guest__slug="ann-other").update(title="CTO")
    assert is_listed(client, "/guests/zoe-quill")
    assert is_listed(client, "/guests/ann-other")


def test_a_title_in_a_draft_says_nothing(client: Client) -> None:
    full_episode(1, guests=["Zoe Quill"])
    full_episode(2, guests=["Zoe Quill"], status=Episode.Status.DRAFT)
    Appearance.objects.filter(episode__number=2).update(title="CTO")
    assert not is_listed(client, "/guests/zoe-quill")


def test_moments_of_episodes_without_the_technology_count(client: Client) -> None:
    full_episode(1, technologies=["Gleam"], libraries=["https://github.com/a/wisp"],
                 guests=["Zoe Quill"], topics=[])  # fmt: skip
    full_episode(2, guests=[], libraries=[], topics=topics_with("Gleam, wisp and Zoe Quill", 5))
    for path in ("/stack/gleam", "/libraries/wisp", "/guests/zoe-quill"):
        assert is_listed(client, path), path


def test_moments_count_as_the_page_counts_them() -> None:
    """Other names, everyday words and names within names, compared with the page's count."""
    technologies = {
        "Go": [], "C": [], "C#": [], "C++": [], ".NET": ["dotnet"], "Slack": [],
        "PostgreSQL": ["Postgres", "psql"], "Node.js": [], "AWS": [], "React": [], "R": [],
    }  # fmt: skip
    topics = [
        "Go and C# and C++ on .NET", "Going to react to slack", "We use React. And Slack, too",
        "Postgres or PostgreSQL", "psql", "dotnet", "node js and Node.js", "NodeJS", "AWS's bill",
        "They said Go is fine", "C is old (C!)", "R & D", "react", "Slack", "React (Go)",
    ]  # fmt: skip
    full_episode(1, technologies=list(technologies), topics=list(enumerate(topics)))
    full_episode(2, technologies=[], topics=list(enumerate(reversed(topics))))
    for name, others in technologies.items():
        Technology.objects.get(name=name).add_names(*others)
    rows = technologies_in_use().annotate(entity_moments=entity_moment_count(Technology, most=100))
    counted, expected = {}, {}
    for row in rows:
        names = [each.name for each in row.names.all()]
        tagged = Episode.objects.published().filter(uses__technology=row)
        counted[row.name] = row.entity_moments
        expected[row.name] = latest_entity_moments(names, tagged, limit=1)[1].moments
    assert counted == expected
    assert counted["Go"] >= MOMENTS > counted["R"] > 0


def test_indexing_takes_no_query(django_assert_num_queries) -> None:
    catalogue(3)
    for rows in (technologies_in_use, libraries_in_use, public_guests):
        with django_assert_num_queries(1):
            found = list(with_indexing(rows()))
        assert {each.episode_count >= 2 for each in found if each.is_indexed} == {True}
