"""Keeping the index: one episode's rows at each edit, all of them when asked to."""

from collections.abc import Callable, Iterable

from django.db import connection, transaction

from episodes.models import Episode

BATCH = 500  # episodes between two reports of progress


def refresh(episodes: Iterable[int]) -> None:
    """Make what search knows of these episodes, by key, what their rows say; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_refresh(%s::bigint[])", [list(episodes)])


def rebuild(progress: Callable[[int, int], None]) -> int:
    """Derive the whole index anew, in one transaction. Returns how many episodes are in it.

    Readers see the old one until the new is whole. `progress` is told how many of all are done.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_passage")
        cursor.execute("ALTER TABLE search_document DISABLE TRIGGER search_document_gone")
        cursor.execute("DELETE FROM search_document")
        cursor.execute("ALTER TABLE search_document ENABLE TRIGGER search_document_gone")
        cursor.execute("DELETE FROM search_word")
        keys = list(Episode.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            refresh(keys[start : start + BATCH])
            progress(min(start + BATCH, len(keys)), len(keys))
        cursor.execute("SELECT count(*) FROM search_document")
        (count,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_document, search_passage, search_word")
    return int(count)
