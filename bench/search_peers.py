"""Other engines on the same documents, set up as their documentation shows.

Each takes a query and returns slugs, best first. All search for any of the words, only Django's for
every word, with `SearchRank` and without weights.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields

from django.db import connection

from episodes.models import Episode
from text.markup import plain_block

try:
    import tantivy
except ImportError:  # bench/requirements.txt
    tantivy = None

LIMIT = 10
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Document:
    """An episode as plain texts."""

    slug: str
    title: str
    guests: str
    technologies: str
    summary: str
    topics: str
    introduction: str

    @property
    def texts(self) -> tuple[str, ...]:
        return astuple(self)[1:]

    @property
    def vocabulary(self) -> set[str]:
        """Its words of ASCII letters."""
        return set(re.findall(r"\b[a-z]+\b", " ".join(self.texts).casefold()))


FIELDS = [field.name for field in fields(Document)][1:]


def documents() -> Iterator[Document]:
    episodes = Episode.objects.published().prefetch_related("topics", "appearances", "uses")
    for episode in episodes:
        yield Document(
            episode.slug,
            episode.title,
            " ".join(row.guest.name for row in episode.appearances.all()),
            " ".join(row.technology.name for row in episode.uses.all()),
            episode.summary,
            "\n".join(topic.plain for topic in episode.topics.all()),
            plain_block(episode.introduction),
        )


def peers(corpus: list[Document]) -> dict[str, Callable[[str], list[str]]]:
    """Engines by name, each with the corpus in it."""
    engines = {"SQLite FTS5": sqlite_fts5(corpus), "Django": django_plain(corpus)}
    if tantivy:
        engines["tantivy"] = tantivy_index(corpus)
    else:
        print("No tantivy here: pip install -r bench/requirements.txt")
    return engines


def sqlite_fts5(corpus: list[Document]) -> Callable[[str], list[str]]:
    """bm25 over a table of the fields, with Porter's stemmer."""
    database = sqlite3.connect(":memory:")
    database.execute(
        f"CREATE VIRTUAL TABLE episode USING fts5(slug UNINDEXED, {', '.join(FIELDS)}, "
        "tokenize='porter unicode61')"
    )
    places = ", ".join("?" * (len(FIELDS) + 1))
    database.executemany(f"INSERT INTO episode VALUES ({places})", map(astuple, corpus))

    def search(query: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in WORD.findall(query))
        rows = database.execute(
            "SELECT slug FROM episode WHERE episode MATCH ? ORDER BY bm25(episode) LIMIT ?",
            (words, LIMIT),
        )
        return [slug for (slug,) in rows]

    return search


def tantivy_index(corpus: list[Document]) -> Callable[[str], list[str]]:
    """bm25 over one text with the English stemmer; over fields it finds less."""
    schema = tantivy.SchemaBuilder().add_text_field("slug", stored=True, tokenizer_name="raw")
    schema = schema.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(schema.build())
    writer = index.writer()
    for document in corpus:
        writer.add_document(tantivy.Document(slug=document.slug, text="\n".join(document.texts)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> list[str]:
        words = index.parse_query(" ".join(WORD.findall(query.casefold())), ["text"])
        hits = searcher.search(words, LIMIT).hits
        return [searcher.doc(address)["slug"][0] for _, address in hits]

    return search


def django_plain(corpus: list[Document]) -> Callable[[str], list[str]]:
    """`SearchVector` of all fields, `websearch` and `SearchRank`.

    The vectors are computed once instead of for each query, which ranks the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE plain_episode (slug text, vector tsvector)")
        cursor.executemany(
            "INSERT INTO plain_episode VALUES (%s, to_tsvector('english', %s))",
            [(document.slug, " ".join(document.texts)) for document in corpus],
        )

    def search(query: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT slug FROM plain_episode, websearch_to_tsquery('english', %s) AS query "
                "WHERE vector @@ query ORDER BY ts_rank(vector, query) DESC LIMIT %s",
                (query, LIMIT),
            )
            return [slug for (slug,) in cursor]

    return search
