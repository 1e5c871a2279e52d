"""Makes the renditions that stored pictures lack: of guests, episodes, interviews and the show."""

from collections.abc import Iterator
from itertools import islice

from episodes.models import Episode
from guests.models import Guest
from media.pictured import Pictured, make_for
from show.models import Show

PICTURED: tuple[type[Pictured], ...] = (Show, Guest, Episode)
MOST = 20  # rows in one minute: a large photo takes a second


def make_some_renditions() -> str:
    """Make those of some rows; says of how many, if any. Raises OSError; run it again."""
    rows = list(islice(_lacking(), MOST))
    for row in rows:
        make_for(type(row), row.pk)
    kind = "row" if len(rows) == 1 else "rows"
    return f"Made renditions for {len(rows)} {kind}." if rows else ""


def make_all_renditions() -> Iterator[tuple[Pictured, bool]]:
    """Make all that are missing, also of what couldn't be read before. Raises OSError.

    Yields each row with a picture, and whether any of its renditions were missing.
    """
    for model in PICTURED:
        for row in model.with_pictures().order_by("pk"):
            yield row, make_for(model, row.pk, again=True)


def _lacking() -> Iterator[Pictured]:
    """A query for each model. Whatever saves rows makes theirs, so there are few pictures."""
    for model in PICTURED:
        yield from (row for row in model.with_pictures() if row.lacks_renditions)
