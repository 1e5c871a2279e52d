"""What each candidate has to provide: pages on a port, an edit, a search."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from subprocess import PIPE, Popen

from bench.synthetic import write_files
from notes.grammar.draft import Draft
from notes.parse import parse_document
from tests.nginx_harness import Response, get
from text.timecode import format_timecode


@dataclass(frozen=True, slots=True)
class Post:
    """An episode, the same for every candidate."""

    slug: str
    draft: Draft

    @property
    def summary(self) -> str:
        return self.draft.summary or self.draft.introduction

    @property
    def times(self) -> list[str]:
        return [format_timecode(topic.seconds) for topic in self.draft.topics]

    @property
    def links(self) -> list[str]:
        return [link.url for link in (*self.draft.references, *self.draft.libraries)]

    def has(self, word: str) -> bool:
        topics = [topic.text for topic in self.draft.topics]
        texts = [self.draft.title, self.summary, *topics, *self.draft.technologies]
        return re.search(rf"\b{word}\b", "\n".join(texts), re.IGNORECASE) is not None

    @property
    def html(self) -> str:
        """The body, for candidates whose posts have one."""
        topics = zip(self.times, self.draft.topics, strict=True)
        parts = [f"<p>{escape(self.summary)}</p>", "<h2>Topics</h2>"]
        parts += items(f"{time} – {escape(topic.text)}" for time, topic in topics)
        parts += ["<h2>Links</h2>"]
        parts += items(f'<a href="{escape(url)}">{escape(url)}</a>' for url in self.links)
        parts += ["<h2>Tech stack</h2>", *items(map(escape, self.draft.technologies))]
        return "\n".join(parts)


def items(lines: Iterator[str]) -> list[str]:
    return ["<ul>", *(f"<li>{line}</li>" for line in lines), "</ul>"]


def posts(folder: Path, count: int) -> list[Post]:
    """The episodes that `bench load_synthetic` loads."""
    notes, facts = write_files(folder, count)
    drafts = [parsed.draft for parsed in parse_document(notes.read_text("utf-8")).episodes]
    slugs = [line.split("\t")[2] for line in facts.read_text("utf-8").splitlines()[1:]]
    return [Post(slug, draft) for slug, draft in zip(slugs, drafts, strict=True)]


@dataclass(frozen=True)
class Publisher:
    """A running candidate with the same episodes. Its pages are in the posts' order."""

    name: str
    port: int
    paths: list[str]
    retitle: Callable[[int, str], None]  # returns when it is saved
    publish: Callable[[], None] | None = None  # what is needed afterwards
    uncached: Callable[[str], Response] | None = None  # renders a page
    search: str = ""  # the path before the query
    found: Callable[[str], int] | None = None  # the number of episodes

    def get(self, path: str, **headers: str) -> Response:
        return get(self.port, path, **headers)


@contextmanager
def editor(command: list[str], env: dict[str, str], cwd: Path) -> Iterator[Callable[..., None]]:
    """A process that saves each line it reads, and confirms it."""
    with Popen(command, env=env, cwd=cwd, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin and process.stdout

        def saved() -> None:
            assert process.stdout.readline().strip() == "saved", f"{command[0]}: not saved"

        def save(*words: object) -> None:
            print(*words, sep="\t", file=process.stdin, flush=True)
            saved()

        try:
            saved()  # the posts themselves
            yield save
        finally:
            process.terminate()
