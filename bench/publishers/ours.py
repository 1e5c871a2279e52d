"""This site as in production: nginx, gunicorn, the invalidator and PostgreSQL."""

import json
import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2

from bench.memory import fill, tuned
from bench.publishers.publisher import Post, Publisher
from deploy.local.installation import programs
from deploy.local.postgres import throwaway
from tests.nginx_harness import Deployment, get, site_environment


@contextmanager
def ours(folder: Path, posts: list[Post]) -> Iterator[Publisher]:
    with throwaway(programs(os.environ), tuned()) as url:
        env = site_environment(url, folder / "static", folder / "media")
        fill(env, Namespace(jekyll=None, episodes=len(posts)))
        with Deployment(folder / "deployment", env, search_rate=1000) as site:
            yield Publisher(
                "this site, its nginx",
                site.port,
                [f"/podcast/{post.slug}" for post in posts],
                lambda number, title: retitle(url, posts[number].slug, title),
                uncached=lambda path: get(site.site_ports[0], path, X_Cache_Managed="1"),
                search="/search?q=",
                found=lambda word: found(site, word),
            )


def retitle(url: str, slug: str, title: str) -> None:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE episodes_episode SET title = %s WHERE slug = %s", [title, slug])


def found(site: Deployment, word: str) -> int:
    return json.loads(site.get(f"/search.json?q={quote(word)}").body)["count"]
