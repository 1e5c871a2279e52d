"""The index: refreshed for each edited episode, rebuilt on request."""

from collections.abc import Callable, Iterable

from django.db import connection, transaction

from episodes.models import Episode
from search.models import Content, Document, Passage, Word
from search.vectors import make_vectors

BATCH = 500  # episodes between two reports of progress


def refresh(episodes: Iterable[int]) -> None:
    """Derive the index of these episodes, by key, from their rows. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_refresh(%s::bigint[])", [list(episodes)])


def rebuild(progress: Callable[[int, int], None]) -> int:
    """Derive the index again in one transaction, while searches see the old one; its episodes."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Refreshes that have begun finish first, others wait. Episodes stay unlocked: an edit
        # that waits for us may hold some.
        cursor.execute("LOCK TABLE search_document IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("ALTER TABLE search_document DISABLE TRIGGER search_document_gone")
        for table in (Word, Passage, Content, Document):
            table.objects.all().delete()
        cursor.execute("ALTER TABLE search_document ENABLE TRIGGER search_document_gone")
        make_vectors(cursor)
        keys = list(Episode.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            cursor.execute("SELECT search_derive(%s::bigint[])", [batch])
            progress(min(start + BATCH, len(keys)), len(keys))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_document, search_content, search_passage, search_word")
    return Document.objects.count()
