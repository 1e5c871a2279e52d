"""The tables of word and passage vectors, which exist where the extension pgvector does.

They have a schema of their own, which dumps leave out: rebuild_search makes it again.
"""

import gzip
from base64 import b64decode
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from zlib import crc32

from search.vector_rights import grant_vector_rights

# A line for each stem: it, and 128 signed bytes in Base64. `./run word_vectors` makes it.
WORDS = Path(__file__).parent / "word_vectors.tsv.gz"
TABLES = """
DROP SCHEMA IF EXISTS search_vectors CASCADE;
CREATE SCHEMA search_vectors;
CREATE TABLE search_vectors.words (
    stem text PRIMARY KEY, vector halfvec(128) NOT NULL);
CREATE TABLE search_vectors.passages (
    passage_id bigint PRIMARY KEY, episode_id bigint NOT NULL, vector halfvec(128) NOT NULL);
CREATE INDEX passages_episode ON search_vectors.passages (episode_id);
"""
STATE = "SELECT search_knows_vectors(), search_has_vectors()"
LOADED = "SELECT obj_description('search_vectors.words'::regclass)"


def prepare(cursor: Any) -> bool:
    """Make the tables where they can exist, with all words and no passages; whether they can."""
    cursor.execute(STATE)
    can_exist, exist = cursor.fetchone()
    if not can_exist:
        return False
    if not exist:
        cursor.execute(TABLES)
    cursor.execute("DELETE FROM search_vectors.passages")
    version = shipped_version()
    cursor.execute(LOADED)
    if cursor.fetchone() != (version,):
        cursor.execute("DELETE FROM search_vectors.words")
        cursor.copy_expert("COPY search_vectors.words FROM STDIN", StringIO("".join(_rows())))
        cursor.execute("COMMENT ON TABLE search_vectors.words IS %s", [version])
    grant_vector_rights(cursor)
    return True


def shipped_version() -> str:
    """The comment of the table of these words."""
    return str(crc32(WORDS.read_bytes()))


def _rows() -> Iterator[str]:
    for line in gzip.decompress(WORDS.read_bytes()).decode().splitlines():
        stem, vector = line.split("\t")
        yield f"{stem}\t{list(memoryview(b64decode(vector)).cast('b'))}\n"
