"""Icons of technologies: wherever one stands as a chip, in headings and in charts."""

import re

import pytest
from django.template import engines
from django.test import Client

from pages.tests.factories import catalogue, full_episode, interview
from stack.models import Technology

ICONS = {
    "django": r'<img class="icon" src="/static/icons/django\.svg"[^>]*>',
    "aws": '<span class="icon" data-initial="A" aria-hidden="true"></span>',
}
LINK = '<a href="/stack/{}">'


def rendered(name: str, slug: str = "") -> str:
    template = engines["django"].from_string("{% load formatting %}{{ name|icon:slug }}")
    return template.render({"name": name, "slug": slug})


def test_an_icon_is_an_image_without_words_that_loads_near_the_view() -> None:
    assert rendered("Django") == (
        '<img class="icon" src="/static/icons/django.svg"'
        ' alt="" width="16" height="16" loading="lazy">'
    )


@pytest.mark.parametrize(
    ("name", "initial"),
    [
        ("AWS", "A"),
        ("s3", "S"),
        (".our thing", "O"),
        ("500 servers", "5"),
        ("ßtack", "S"),
        ("שלום", "ש"),
        ('"><b>', "B"),
    ],
)
def test_a_technology_without_one_gets_its_initial(name: str, initial: str) -> None:
    expected = f'<span class="icon" data-initial="{initial}" aria-hidden="true"></span>'

    assert rendered(name) == expected


@pytest.fixture
def _catalogue() -> None:
    catalogue(1)
    for number in (2, 3, 60):  # 60 weeks later
        full_episode(number, technologies=["AWS", "Django", "Redis"])
    full_episode(5, technologies=["Django", "AWS"])
    interview(2)


@pytest.mark.django_db
@pytest.mark.usefixtures("_catalogue")
@pytest.mark.parametrize("slug", ICONS)
@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("/", LINK),
        ("/podcast/", LINK),  # the main technology
        ("/podcast/?stack={}", '<a href="/podcast/" aria-label="Remove the filter [^>]+>'),
        ("/podcast/3-episode-3", LINK),
        ("/guests/guest-3", LINK),
        ("/stack/", LINK),
        ("/stack/{}", '<h1 dir="auto">'),
        ("/stack/redis", 'rel="nofollow">'),  # used with
        ("/stack/mine", r'name="stack" value="{}">'),
        ("/stack/{}x", LINK),  # did you mean
        ("/libraries/celery", LINK),
        ("/search?q={}", "<small>technology</small> "),
        ("/search?q=queues+stack:{}", 'rel="nofollow">'),
        ("/search/suggest?q={}", 'dir="auto">'),
    ],
)
def test_an_icon_stands_before_the_name(client: Client, path: str, before: str, slug: str) -> None:
    page = client.get(path.format(slug)).content.decode()

    assert re.search(before.format(slug) + ICONS[slug], page.partition("</header>")[2] or page)


@pytest.mark.django_db
@pytest.mark.usefixtures("_catalogue")
def test_a_renamed_technology_retains_its_icon(client: Client) -> None:
    row = Technology.objects.get(slug="django")
    row.name = "The framework of our site"
    row.save()

    for path in ("/stack/", "/search?q=framework", "/search/suggest?q=the+fram"):
        page = client.get(path).content.decode()
        assert re.search(ICONS["django"] + "(?:<bdi>)?The framework of our site", page), path


@pytest.mark.django_db
@pytest.mark.usefixtures("_catalogue")
def test_charts_have_icons_in_their_own_colour(client: Client) -> None:
    page = client.get("/stack/").content.decode()

    charts = re.findall('<svg class="(?:years|cooccurrence)".*?</svg>', page, re.DOTALL)
    assert len(charts) == 2
    for chart in charts:
        assert '<use href="/static/icons/django.svg#i"' in chart
        assert re.search('<g class="initial"[^>]*><path [^>]*/><text [^>]*>A</text></g>', chart)
