"""The tables of vectors, in a schema of their own, which dumps leave out."""

import gzip
from base64 import b64decode
from collections.abc import Iterator
from enum import Enum, auto
from io import StringIO
from pathlib import Path
from typing import Any
from zlib import crc32

# A line for each stem: it, and 128 signed bytes in Base64. `./run word_vectors` makes it.
WORDS = Path(__file__).parent / "word_vectors.tsv.gz"
STATE = "SELECT search_knows_vectors(), search_has_vectors()"
TABLES = """
DROP SCHEMA IF EXISTS search_vectors CASCADE;
CREATE SCHEMA search_vectors;
CREATE TABLE search_vectors.words (
    stem text PRIMARY KEY, vector halfvec(128) NOT NULL);
CREATE TABLE search_vectors.passages (
    passage_id bigint PRIMARY KEY REFERENCES search_passage ON DELETE CASCADE,
    episode_id bigint NOT NULL, vector halfvec(128) NOT NULL);
CREATE INDEX passages_episode ON search_vectors.passages (episode_id);
"""
# Whoever writes passages writes their vectors, too. The names of roles are ops' concern, which
# repeats this when one is new.
RIGHTS = """
DO $$
DECLARE
    role regrole;
BEGIN
    IF to_regclass('search_vectors.passages') IS NULL THEN
        RETURN;
    END IF;
    FOR role IN
        SELECT grantee::regrole FROM pg_class CROSS JOIN aclexplode(relacl)
        WHERE pg_class.oid = 'search_passage'::regclass AND privilege_type = 'INSERT'
        AND grantee NOT IN (relowner, 0)
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA search_vectors TO %s', role);
        EXECUTE format('GRANT SELECT ON search_vectors.words TO %s', role);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON search_vectors.passages TO %s', role);
    END LOOP;
END $$
"""
LOADED = "SELECT obj_description(to_regclass('search_vectors.words'), 'pg_class')"
# Whether search_refresh_vectors() would make any: all after a restore, or some.
LACKING = """
SELECT EXISTS (
    SELECT FROM search_passage AS passage WHERE source <> 'cue'
    AND NOT EXISTS (SELECT FROM search_vectors.passages WHERE passage_id = passage.id)
    AND EXISTS (
        SELECT FROM search_vectors.words WHERE stem = ANY (tsvector_to_array(passage.vector))
    )
)
"""
EXTENSION = "SELECT count(*) FROM pg_extension WHERE extname = 'vector'"
REFRESH = "SELECT search_refresh_vectors(ARRAY(SELECT episode_id FROM search_document))"


class VectorState(Enum):
    NO_EXTENSION = auto()
    USELESS_EXTENSION = auto()  # too old, or without its library
    INCOMPLETE = auto()  # or of another release's words
    COMPLETE = auto()


def vector_state(cursor: Any) -> VectorState:
    """For the site's role, too. Raises Error if the schema isn't this release's."""
    cursor.execute(STATE)
    can_exist, exist = cursor.fetchone()
    if not can_exist:
        cursor.execute(EXTENSION)
        is_there = cursor.fetchone() == (1,)
        return VectorState.USELESS_EXTENSION if is_there else VectorState.NO_EXTENSION
    cursor.execute(LOADED)
    if not exist or cursor.fetchone() != (_version(),):
        return VectorState.INCOMPLETE
    cursor.execute(LACKING)
    return VectorState.INCOMPLETE if cursor.fetchone() == (True,) else VectorState.COMPLETE


def make_vectors(cursor: Any) -> bool:
    """Make them anew, where they can exist, with this release's functions; whether it did."""
    cursor.execute("SELECT to_regproc('search_knows_vectors') IS NOT NULL")
    if cursor.fetchone() == (False,):
        return False
    # Refreshes that have begun finish first, others wait.
    cursor.execute("LOCK TABLE search_document IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute(STATE)
    can_exist, exist = cursor.fetchone()
    if not can_exist:
        return False
    cursor.execute(LOADED)
    if exist and cursor.fetchone() == (_version(),):
        cursor.execute("DELETE FROM search_vectors.passages")
    else:
        cursor.execute(TABLES)
        cursor.copy_expert("COPY search_vectors.words FROM STDIN", StringIO("".join(_rows())))
        cursor.execute("COMMENT ON TABLE search_vectors.words IS %s", [_version()])
    cursor.execute(RIGHTS)
    cursor.execute(REFRESH)
    return True


def _version() -> str:
    return str(crc32(WORDS.read_bytes() + TABLES.encode()))


def _rows() -> Iterator[str]:
    for line in gzip.decompress(WORDS.read_bytes()).decode().splitlines():
        stem, vector = line.split("\t")
        yield f"{stem}\t{list(memoryview(b64decode(vector)).cast('b'))}\n"
