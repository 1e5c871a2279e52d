"""Names and dates that need more words."""

import re

import pytest
from django.test import Client

from pages.tests.factories import full_episode

pytestmark = pytest.mark.django_db


def main_of(client: Client, path: str) -> str:
    html = client.get(path).content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.parametrize("path", ["/podcast/", "/podcast/1-episode-1", "/stack/", "/stack/redis"])
def test_a_short_name_gets_more_link_text(client: Client, path: str) -> None:
    full_episode(1, technologies=["Go", "Redis", "<b"])
    words = re.findall(r"<a [^>]+>(.+?)</a>", client.get(path).content.decode())
    texts = [re.sub(r"<[^>]+>", "", each).split(" in production")[0] for each in words]
    assert "Go" in texts
    assert not any(re.fullmatch(r"(<bdi>)?Go(</bdi>)?", each) for each in words)
    assert "<b" not in " ".join(words).replace("<bdi>", "")


def test_e_commerce_is_not_broken_over_lines(client: Client) -> None:
    row = full_episode(1)
    row.title = "An E-commerce <b> & X-ray"
    row.save()
    html = client.get("/podcast/1-episode-1").content.decode()
    title = re.search(r"<h1[^>]*>(.*)</h1>", html)
    assert title and title[1] == (
        'An <span class="nowrap">E-commerce</span> &lt;b&gt; &amp; '
        '<span class="nowrap">X-ray</span>'
    )


def test_one_month_is_written_once(client: Client) -> None:
    full_episode(1, technologies=["Redis"])
    full_episode(2, technologies=["Redis"])
    assert "2 episodes, June 2020" in main_of(client, "/stack/")
    assert "June 2020 to June 2020" not in main_of(client, "/stack/")
    assert "2 moments June 2020 Follow Redis" in main_of(client, "/stack/redis")
    assert "June 2020 to June 2020" not in main_of(client, "/stack/redis")
