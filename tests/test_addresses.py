"""One table lists every path of an episode; URL patterns and nginx agree with it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from caching.nginx.cache_files import episode_of
from episodes.addresses import absolute_url
from episodes.rules.paths import EPISODE_ADDRESSES, LISTS, ROUTES, EpisodeAddress

NGINX = Path(__file__).parents[1] / "deploy/nginx/podcast.conf.template"
ADDRESSES = pytest.mark.parametrize("address", EPISODE_ADDRESSES, ids=lambda each: each.name)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def example(address: EpisodeAddress) -> str:
    return "/" + address.route.replace("<slug:slug>", "37-a-real-estate-system")


def test_each_url_pattern_below_an_episode_is_in_the_table() -> None:
    below = tuple(f"{prefix}<slug:slug>" for prefix in LISTS.values())
    routes = {each.name: str(each.pattern) for each in patterns(get_resolver())}
    assert {name: route for name, route in routes.items() if route.startswith(below)} == ROUTES


@ADDRESSES
def test_nginx_passes_on_the_parameter_that_the_page_reads(address: EpisodeAddress) -> None:
    block = re.search(r"map \$uri \$podcast_parameters \{(.*?)\n\}", NGINX.read_text(), re.DOTALL)
    assert block
    parameters = re.findall(r'^    "~(\S+)" (\w+);$', block[1], re.MULTILINE)
    path = example(address)
    found = next((name for pattern, name in parameters if re.search(pattern, path)), "none")
    assert found == ("t" if address.takes_moment else "none")


@ADDRESSES
def test_the_invalidator_knows_whose_page_it_is(address: EpisodeAddress) -> None:
    own = f"{LISTS[address.kind]}37-a-real-estate-system"
    assert episode_of(example(address)) == own
    assert episode_of(f"{example(address)}?t=60") == own


def test_paths_get_the_sites_url_and_other_addresses_stay(settings) -> None:
    settings.SITE_URL = "https://show.example"
    assert absolute_url("/media/a.png") == "https://show.example/media/a.png"
    assert absolute_url("https://cdn.example/a.png") == "https://cdn.example/a.png"
    assert absolute_url("") == ""
