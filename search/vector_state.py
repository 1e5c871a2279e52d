"""Whether the vectors are there and complete, and making them without the rest of the index."""

from enum import Enum, auto
from typing import Any

from search.vectors import STATE, prepare, shipped_version

EXTENSION = "SELECT count(*) FROM pg_extension WHERE extname = 'vector'"
LOADED = "SELECT obj_description(to_regclass('search_vectors.words'), 'pg_class')"
# Passages that consist of unknown words have none.
LACKING = """
SELECT EXISTS (
    SELECT FROM search_passage AS passage WHERE source <> 'cue'
    AND NOT EXISTS (SELECT FROM search_vectors.passages WHERE passage_id = passage.id)
    AND EXISTS (SELECT FROM search_vectors.words
                WHERE stem = ANY (tsvector_to_array(passage.vector))))
"""
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
    if not exist or cursor.fetchone() != (shipped_version(),):
        return VectorState.INCOMPLETE
    cursor.execute(LACKING)
    return VectorState.INCOMPLETE if cursor.fetchone() == (True,) else VectorState.COMPLETE


def make_vectors(cursor: Any) -> bool:
    """Make them anew, in the caller's transaction; whether this database can have them.

    Also for a database that was just restored, and may have an earlier release's functions.
    """
    cursor.execute("SELECT to_regproc('search_knows_vectors') IS NOT NULL")
    if cursor.fetchone() == (False,):
        return False
    # Refreshes that have begun finish first, others wait.
    cursor.execute("LOCK TABLE search_document IN SHARE ROW EXCLUSIVE MODE")
    if not prepare(cursor):
        return False
    cursor.execute(REFRESH)
    return True
