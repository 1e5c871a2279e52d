"""The list of libraries: in how many episodes each is named, and those with some letters."""

import re
from typing import Any

import pytest
from django.test import Client

from pages.tests.factories import full_episode

pytestmark = pytest.mark.django_db


def names(client: Client, path: str) -> list[str]:
    return [row.name for row in client.get(path).context["found"]]


def three_libraries(client: Client) -> None:
    celery, flower = "https://github.com/celery/celery", "https://flower.readthedocs.io/"
    full_episode(1, libraries=[celery, flower])
    full_episode(2, libraries=[celery, "https://d3js.org/"])


def test_each_says_in_how_many_episodes(client: Client) -> None:
    three_libraries(client)
    page = re.sub(r"<[^>]+>", " ", client.get("/libraries/").content.decode())
    words = " ".join(page.split())
    assert "celery 2 episodes github.com/celery/celery" in words
    assert "d3js 1 episode d3js.org" in words
    assert "3 libraries" in words


def test_letters_filter_it(client: Client) -> None:
    three_libraries(client)
    assert names(client, "/libraries/?q=FLOW") == ["flower"]
    assert names(client, "/libraries/?q=github.com") == ["celery"]
    assert names(client, "/libraries/?q=+") == ["celery", "d3js", "flower"]
    assert names(client, "/libraries/?q=%25") == []
    response: Any = client.get("/libraries/?q=%3Cb%3E")
    page = response.content.decode()
    assert "No guest has named such a library." in page
    assert 'value="&lt;b&gt;"' in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert response.wsgi_request.is_storable is False
    assert 'content="noindex' not in client.get("/libraries/").content.decode()
