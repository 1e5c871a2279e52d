"""One moment of each guest, and what else that guest says."""

from collections.abc import Iterable
from dataclasses import dataclass

from search.retrieval.latest_moments import LatestMoment

# How many moments a page reads, and how many voices it shows of them.
MOMENTS, VOICES = 40, 5


@dataclass(frozen=True, slots=True)
class Voice:
    """The first moment of a guest, or of several who speak together, and their others."""

    first: LatestMoment
    others: tuple[LatestMoment, ...] = ()

    @property
    def is_of_one_episode(self) -> bool:
        return all(each.episode.slug == self.first.episode.slug for each in self.others)


def one_of_each(moments: Iterable[LatestMoment], most: int) -> list[Voice]:
    """The moments by who says them, in the order of their first ones; at most so many voices.

    An episode without guests is a voice of its own.
    """
    by_guests: dict[tuple[str, ...], list[LatestMoment]] = {}
    for moment in moments:
        by_guests.setdefault(moment.guests or (moment.episode.slug,), []).append(moment)
    return [Voice(first, tuple(others)) for first, *others in list(by_guests.values())[:most]]
