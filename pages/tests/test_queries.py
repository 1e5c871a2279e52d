"""No page needs more queries with more rows."""

import pytest
from django.core.cache import cache
from django.test import Client

from pages.tests.factories import catalogue, interview

# Totals, counts, answers and “Start here” (the last five) are cached per content version.
FIRST_VISIT = 9
QUERIES = {
    "/": 8,
    "/podcast/": 9,
    "/podcast/?guest=ann-other&not=phoenix&stack=django&stack=redis&year=2020": 12,
    "/podcast/2-episode-2?t=1526": 7,
    "/podcast/2-episode-2/chapters.json": 3,
    "/podcast/2-episode-2/embed?t=1526": 5,
    "/oembed?url=http://testserver/podcast/2-episode-2": 6,
    "/interviews/": 9,
    "/interviews/1-interview-1": 7,
    "/stack/": 6,
    "/stack/redis": 15,  # with the questions that its guests answer
    "/stack/redis/moments": 5,
    "/stack/mine": 3,
    "/stack/mine?stack=django&stack=redis": 8,
    "/libraries/": 4,
    "/libraries/celery": 8,
    "/libraries/celery/moments": 4,
    "/questions/": 4,
    "/questions/best-tips": 6,  # with the technologies of its answers
    "/questions/best-tips?stack=redis": 7,
    "/guests/": 7,  # with what each guest runs, and the technologies that filter them
    "/guests/?stack=redis": 8,
    "/guests/ann-other": 12,
    "/search": 6,
    "/search?q=django": 9,
    "/search?q=djagno": 11,
    "/search?q=gleam": 8,
    "/search?q=quokka": 11,  # one asks for guests whose names sound like it
    "/search?q=stack:django+guest:other+-phoenix+year:2020+recpa": 13,
    "/search.json?q=django": 8,
    "/search/suggest?q=ann": 8,
    "/opensearch.xml": 2,
    "/manifest.webmanifest": 2,
    "/stack/?category=other": 6,
    "/follow": 3,
    "/follow?feed=/stack/django/feed.xml": 3,
    "/follow?feed=/guests/ann-other/feed.xml": 3,
    "/thanks": 3,
    "/robots.txt": 2,
    "/podcast/2-episode-2.md": 3,
    "/interviews/1-interview-1.md": 3,
    "/sitemap.xml": 16,
    "/sitemap-indexes.xml": 7,
    "/sitemap-episodes.xml": 2,
    "/sitemap-questions.xml": 4,
    "/sitemap-technologies.xml": 2,
    "/sitemap-libraries.xml": 2,
    "/sitemap-guests.xml": 2,
    "/stack/djagno": 9,
}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [8, 16])  # more than the home page shows as recent
def test_queries(
    client: Client, django_assert_num_queries, subtests: pytest.Subtests, count: int
) -> None:
    catalogue(count)
    interview(2)
    interview(3)
    for path, queries in QUERIES.items():
        cache.clear()
        if path == "/":
            with subtests.test("first visit"), django_assert_num_queries(queries + FIRST_VISIT):
                client.get(path)
        with subtests.test(path), django_assert_num_queries(queries):
            client.get(path)
