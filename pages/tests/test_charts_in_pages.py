"""Charts in pages, with their data as lists and tables."""

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.test import Client

from episodes.models import Episode
from episodes.tests.factories import episode, technology
from pages.tests.factories import catalogue, full_episode

pytestmark = pytest.mark.django_db
USED = ["Django", "Redis", "Docker"]


def two_years() -> None:
    """Three technologies in 2019 and 2020."""
    catalogue(3)
    for number, year in ((11, 2019), (12, 2020)):
        date = datetime(year, 6, 1, tzinfo=UTC)
        episode(f"Of {year}", number, published_at=date, technologies=USED)


def section(client: Client, path: str, name: str) -> Element:
    """A section of the page, which is XML as well as HTML."""
    page = client.get(path).content.decode()
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    assert found, f"{path} has no section “{name}”"
    return fromstring(found[0])


def rows_of(section: Element) -> list[list[str]]:
    """The text of the cells of a chart's table."""
    return [["".join(cell.itertext()).strip() for cell in row] for row in section.iterfind(".//tr")]


def links(section: Element, path: str) -> list[str]:
    return [link.get("href", "") for link in section.iterfind(path)]


def test_an_episode_shows_its_timeline_above_its_topics(client: Client) -> None:
    catalogue(1)
    path = "/podcast/1-episode-1?t=1526"
    html = client.get(path).content.decode()
    (chart,) = re.findall(r'<svg class="timeline".*?</svg>', html, re.DOTALL)
    assert html.index(chart) < html.index('<ol class="topics"')
    timeline, topics = fromstring(chart), section(client, path, "topics")
    assert links(timeline, ".//a") == links(topics, "ol//a[@class='time']")
    assert links(timeline, ".//a[@aria-current]") == ["?t=1526"]


def test_an_episode_of_two_topics_has_no_timeline(client: Client) -> None:
    full_episode(2, topics=[(1, "One"), (2, "Two")])
    assert 'class="timeline"' not in client.get("/podcast/2-episode-2").content.decode()


def test_the_years_have_their_table(client: Client) -> None:
    two_years()
    years = section(client, "/stack/", "years")
    rows = rows_of(years)
    assert rows[0] == ["Technology", "2019", "2020"]
    assert ["Django", "1", "4"] in rows
    assert ["Redis", "1", "5"] in rows  # one of them an interview
    assert ["Docker", "1", "1"] in rows
    assert rows[-1] == ["All episodes", "1", "5"]
    names = [label.text for label in years.iterfind(".//svg/g/a/text")]
    assert names == [row[0] for row in rows[1:-1]]


def test_pairs_lead_to_the_episodes_they_count(client: Client) -> None:
    two_years()
    together = section(client, "/stack/", "together")
    in_table = list(together.iterfind(".//tbody//a"))
    assert rows_of(together)[1] == ["Redis and Django", "5"]
    assert {link.get("rel") for link in in_table} == {"nofollow"}
    path = in_table[0].get("href")
    assert path == "/podcast/?stack=django&stack=redis"
    listed = client.get(path)
    assert listed.status_code == 200
    assert len(listed.context["found"].object_list) == 5
    # Chart and table have the same links.
    drawn = links(together, ".//svg//a[@rel]")
    assert sorted(drawn) == sorted(links(together, ".//tbody//a"))


def test_a_technology_has_its_years(client: Client) -> None:
    two_years()
    by_year = section(client, "/stack/docker", "by-year")
    assert rows_of(by_year)[1:] == [["2019", "1", "1", "100 %"], ["2020", "1", "5", "20 %"]]
    assert len(list(by_year.iterfind(".//svg//rect"))) == 2


@pytest.mark.parametrize("path", ["/stack/", "/stack/django"])
def test_too_little_data_shows_no_chart(client: Client, path: str) -> None:
    full_episode(1, technologies=["Django"])
    assert b"<figure" not in client.get(path).content


@pytest.mark.parametrize("path", ["/stack/", "/stack/odd-1", "/podcast/30-odd"])
def test_odd_names_stay_words(client: Client, path: str) -> None:
    two_years()
    names = ["<script>1</script>", "\"quoted'", "שלום"]
    for place, name in enumerate(names):
        technology(name, slug=f"odd-{place}")
    topics = list(enumerate(names))
    for number, year in ((30, 2019), (31, 2020)):
        date = datetime(year, 7, 1, tzinfo=UTC)
        row = episode("Odd", number, topics=topics, technologies=names, published_at=date)
        assert row.slug == f"{number}-odd"
    page = client.get(path).content.decode()
    charts = re.findall("<svg class=.*?</svg>", page, re.DOTALL)
    assert charts
    for chart in charts:
        fromstring(chart)
    assert "<script>1" not in page


def test_unpublished_episodes_are_in_no_chart(client: Client) -> None:
    two_years()
    before = client.get("/stack/").content
    full_episode(20, technologies=USED, status=Episode.Status.DRAFT)
    full_episode(21, technologies=USED, published_at=datetime(2999, 1, 1, tzinfo=UTC))
    assert client.get("/stack/").content == before
