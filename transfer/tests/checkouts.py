"""Checkouts of the old site made in a test: posts and tag files in its own style."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from episodes.models import Episode

CONFIG = """url: "https://runninginproduction.com"
mp3_url_path: "https://runninginproduction.com/assets/podcast/running-in-production-"
links:
  forms:
    become_guest: "https://forms.example.com/guest"
author:
  name: "Nick Janetakis"
  links:
    website: "https://nickjanetakis.com"
    email: "nick@example.com"
    twitter: "nickjanetakis"
    github: "nickjj"
"""

GUEST = """guest: "Ann Lee"
guest_avatar: "ann-lee.jpg"
guest_website: "https://ann.example.com"
guest_twitter: "annlee"
"""

INTRO = """In this episode of Running in Production, {{ page.guest }} goes over
building a site.

It runs on one server.
"""


def post(
    topics: str = "- 1:00 -- Why Flask\n",
    *,
    guest: str = GUEST,
    intro: str = INTRO,
    links: str = "###### 📄 References\n\n- <https://flask.example.com>\n",
    tags: str = 'tags:\n  - "flask"\n  - "python"\n',
    title: str = "A Site Built with Flask",
    description: str = "description:\n  Ann Lee goes over building\n  a site.\n",
    audio: str = 'mp3_bytes: "1000"\nmp3_duration: "2:00:00"\n',
    category: str = "podcast",
    more: str = "",
) -> str:
    """A post as most of the old site's are."""
    front = f'layout: "podcast-or-interview"\n\n{audio}\n{guest}\ncategory: "{category}"\n{tags}'
    head = f'---\n{front}{more}\ntitle: "{title}"\n{description}---\n\n{intro}\n'
    return f"{head}## Topics Include\n\n{topics}\n## Links\n\n{links}"


def interview(body: str, *, guest: str = GUEST, more: str = "", title: str = "Ann Lee") -> str:
    """A written interview: questions as headings, no audio."""
    head = f'---\n{guest}{more}category: "interviews"\ntags: ["flask"]\ntitle: "{title}"\n'
    return f"{head}description: >\n  Ann Lee\n  answers.\n---\n{body}"


def checkout(
    root: Path, *posts: str, tags: dict[str, str] | None = None, config: str = CONFIG
) -> Path:
    """Write the posts, numbered from 1 and a week apart, and the tag files, by name."""
    files = {"_config.yml": config}
    for number, text in enumerate(posts, start=1):
        folder = "interviews" if 'category: "interviews"' in text else "podcast"
        files[f"_posts/{folder}/2020-01-{number:02}-{number}-a-site.md"] = text
    files |= {f"tags/{name}.md": text for name, text in (tags or {}).items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def place(root: Path, text: str, file: str = "podcast/2020-01-01-1-a-site.md") -> str:
    """`file:line` of the first line that holds the text, as messages give it."""
    lines = (root / "_posts" / file).read_text("utf-8-sig").split("\n")
    number = next(n for n, line in enumerate(lines, start=1) if text in line)
    return f"_posts/{file}:{number}"


def import_site(root: Path, **options: object) -> str:
    """What the command prints; `exit 1` at its end where it found errors."""
    return run("import_jekyll", str(root), **options)


def import_notes(*files: Path, **options: object) -> str:
    return run("import_show_notes", *map(str, files), **options)


def run(command: str, *args: str, **options: object) -> str:
    out = StringIO()
    try:
        call_command(command, *args, stdout=out, **options)
    except SystemExit as stopped:
        assert stopped.code == 1
        return out.getvalue() + "exit 1"
    return out.getvalue()


def imported(root: Path, *posts: str, **parts: Any) -> tuple[str, Episode]:
    """Import the posts, then again: the second time nothing may change. The first's episode."""
    checkout(root, *posts, **parts)
    out = import_site(root)
    assert "exit 1" not in out, out
    again = import_site(root)
    assert " 0 new, 0 changed, " in again, again
    return out, Episode.objects.order_by("number")[0]
