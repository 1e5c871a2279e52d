"""Plain Jekyll behind nginx: a page for each episode and a list of all, no plugin.

Needs Debian's jekyll. An edit is a build of everything, into the folder that nginx serves; pages
are compressed after it, as nginx serves them best.
"""

import gzip
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.nginx import files
from bench.publishers.publisher import Post, Publisher

EPISODE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title | escape }}</title>
<meta name="description" content="{{ page.summary | escape }}"></head>
<body><header><a href="/">Running in Production</a></header><main>
<h1>{{ page.title | escape }}</h1><p>{{ page.summary | escape }}</p>
<h2>Topics</h2><ul>
{% for topic in page.topics %}<li>{{ topic.time }} – {{ topic.text | escape }}</li>
{% endfor %}</ul>
<h2>Links</h2><ul>
{% for link in page.links %}<li><a href="{{ link | escape }}">{{ link | escape }}</a></li>
{% endfor %}</ul>
<h2>Tech stack</h2><ul>
{% for name in page.stack %}<li>{{ name | escape }}</li>
{% endfor %}</ul></main></body></html>
"""
LIST = """---
---
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Running in Production</title></head><body><ul>
{% for post in site.posts %}<li><a href="{{ post.url }}">{{ post.title | escape }}</a></li>
{% endfor %}</ul></body></html>
"""


@contextmanager
def jekyll(folder: Path, posts: list[Post]) -> Iterator[Publisher]:
    site = folder / "site"
    (site / "_posts").mkdir(parents=True)
    (site / "_layouts").mkdir()
    (site / "_layouts" / "episode.html").write_text(EPISODE)
    (site / "index.html").write_text(LIST)
    (site / "_config.yml").write_text('permalink: "/podcast/:title.html"\n')
    for post in posts:
        write(site, post, post.draft.title)
    build(site, folder / "files")
    paths = [f"/podcast/{post.slug}.html" for post in posts]
    with files(folder / "files", folder / "nginx") as port:
        yield Publisher(
            "plain Jekyll, nginx",
            port,
            paths,
            lambda number, title: write(site, posts[number], title),
            lambda: build(site, folder / "files"),
        )


def write(site: Path, post: Post, title: str) -> None:
    """The episode's file: all of it is front matter, and JSON is YAML."""
    topics = zip(post.times, post.draft.topics, strict=True)
    matter = {
        "layout": "episode",
        "title": title,
        "summary": post.summary,
        "topics": [{"time": time, "text": topic.text} for time, topic in topics],
        "links": post.links,
        "stack": post.draft.technologies,
    }
    path = site / "_posts" / f"2001-01-01-{post.slug}.html"
    path.write_text(f"---\n{json.dumps(matter)}\n---\n")


def build(site: Path, files: Path) -> None:
    command = ["jekyll", "build", "--quiet", "--source", str(site), "--destination", str(files)]
    subprocess.run(command, check=True, cwd=site)
    for page in files.rglob("*.html"):
        page.with_name(f"{page.name}.gz").write_bytes(gzip.compress(page.read_bytes(), mtime=0))
