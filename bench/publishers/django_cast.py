"""django-cast as its quickstart sets it up (SQLite), but on gunicorn and without DEBUG.

Its packages are installed for this run, and aren't in our requirements. An edit is what its
editor's Publish does.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from bench.nginx import program
from bench.publishers.publisher import Post, Publisher, editor
from tests.nginx_harness import free_port, get

PACKAGES = ("django-cast==0.2.67", "gunicorn")
MAKE = """
from pathlib import Path
from cast import quickstart
for step in ("structure", "settings", "urls", "wsgi", "manage", "template"):
    names = {"structure": "project_structure", "manage": "manage_py", "template": "base_template"}
    getattr(quickstart, "create_" + names.get(step, step + "_file"))("site_of_cast", Path.cwd())
quickstart.run_migrations(Path("site_of_cast"))
quickstart.collect_static_files(Path("site_of_cast"))
"""
# Publishes the posts as its editor does. The recording is a few bytes.
EDITOR = """
import json, sys
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from cast import devdata
from cast.models import Audio, Episode
podcast = devdata.create_podcast()
for post in json.load(open("posts.json")):
    mp3 = SimpleUploadedFile(post["slug"] + ".mp3", devdata.create_minimal_mp3(), "audio/mpeg")
    audio = Audio(user=podcast.owner, mp3=mp3, title=post["title"])
    audio.save(duration=False, cache_file_sizes=False)
    body = [{"type": "overview", "value": [{"type": "paragraph", "value": post["html"]}]}]
    episode = Episode(title=post["title"], slug=post["slug"], owner=podcast.owner,
                      podcast_audio=audio, body=json.dumps(body))
    podcast.add_child(instance=episode)
    devdata.prepare_post_media(episode)
print("saved", flush=True)
for line in sys.stdin:
    slug, title = line.rstrip().split("\\t")
    episode = Episode.objects.get(slug=slug)
    episode.title = title
    episode.save_revision().publish()
    print("saved", flush=True)
"""


@contextmanager
def django_cast(folder: Path, posts: list[Post]) -> Iterator[Publisher]:

    python = folder / "packages" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder / "packages"], check=True)
    pip = [python, "-m", "pip", "install", "-qq", "--only-binary=:all:", *PACKAGES]
    subprocess.run(pip, check=True)
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    subprocess.run([python, "-c", MAKE], cwd=folder, env=clean, **quiet)
    site = folder / "site_of_cast"
    with (site / "site_of_cast" / "settings.py").open("a") as settings:
        settings.write("\n\nDEBUG = False\nALLOWED_HOSTS = ['127.0.0.1']\n")
    env = clean | {"DJANGO_SETTINGS_MODULE": "site_of_cast.settings"}
    written = [{"slug": p.slug, "title": p.draft.title, "html": p.html} for p in posts]
    (site / "posts.json").write_text(json.dumps(written))
    port = free_port()
    gunicorn = [str(python), "-m", "gunicorn", "site_of_cast.wsgi", "--chdir", str(site)]
    gunicorn += ["--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    gunicorn += ["--log-level", "warning"]
    with editor([str(python), "-c", EDITOR], env, site) as save, program(gunicorn, env, port):
        yield Publisher(
            "django-cast",
            port,
            [f"/test-podcast/{post.slug}/" for post in posts],
            lambda number, title: save(posts[number].slug, title),
            uncached=lambda path: get(port, path),
            search="/test-podcast/?search=",
            found=lambda word: found(port, word),
        )


def found(port: int, word: str) -> int:
    """The number of episodes on all pages of results."""
    slugs: set[str] = set()
    for page in range(1, 100):
        answer = get(port, f"/test-podcast/?search={quote(word)}&page={page}")
        new = set(re.findall(r'href="/test-podcast/(\d+-[^/"]+)/"', answer.body.decode())) - slugs
        if not new:
            break
        slugs |= new
    return len(slugs)
