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

# A line for each stem: it, and 128 signed bytes in Base64. `./run word_vectors` makes it.
WORDS = Path(__file__).parent / "word_vectors.tsv.gz"
TABLES = """
CREATE SCHEMA IF NOT EXISTS search_vectors;
CREATE TABLE IF NOT EXISTS search_vectors.words (
    stem text PRIMARY KEY, vector halfvec(128) NOT NULL);
CREATE TABLE IF NOT EXISTS search_vectors.passages (
    passage_id bigint PRIMARY KEY, episode_id bigint NOT NULL, vector halfvec(128) NOT NULL);
CREATE INDEX IF NOT EXISTS passages_episode ON search_vectors.passages (episode_id);
"""
CAN_EXIST = "SELECT to_regtype('halfvec') IS NOT NULL"
LOADED = "SELECT obj_description('search_vectors.words'::regclass)"


def prepare(cursor: Any) -> bool:
    """Make the tables where they can exist, with all words and no passages; whether they can."""
    cursor.execute(CAN_EXIST)
    (can_exist,) = cursor.fetchone()
    if not can_exist:
        return False
    cursor.execute(TABLES)
    cursor.execute("DELETE FROM search_vectors.passages")
    packed = WORDS.read_bytes()
    version = str(crc32(packed))
    cursor.execute(LOADED)
    if cursor.fetchone() != (version,):
        cursor.execute("DELETE FROM search_vectors.words")
        cursor.copy_expert("COPY search_vectors.words FROM STDIN", StringIO("".join(_rows(packed))))
        cursor.execute("COMMENT ON TABLE search_vectors.words IS %s", [version])
    return True


def _rows(packed: bytes) -> Iterator[str]:
    for line in gzip.decompress(packed).decode().splitlines():
        stem, vector = line.split("\t")
        yield f"{stem}\t{list(memoryview(b64decode(vector)).cast('b'))}\n"
