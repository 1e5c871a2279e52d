"""Episodes as search knows them: written, then indexed as finish_edit would."""

from typing import Any

from episodes.models import Episode
from episodes.tests.factories import episode
from search.index import refresh


def indexed(title: str = "A Site", number: int | None = 1, **fields: Any) -> Episode:
    row = episode(title, number, **fields)
    refresh([row.pk])
    return row
