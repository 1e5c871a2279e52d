"""What the list of guests says of each: who they are, when they were there, what they run."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from episodes.counts import public_appearances
from episodes.models import Appearance, EpisodeQuerySet
from guests.models import Guest
from stack.models import Technology

MOST = 3  # technologies of a guest


@dataclass(frozen=True, slots=True)
class ListedGuest:
    """`appearances`: newest first; `title`: the newest that is known; `technologies`: some that
    they run."""

    guest: Guest
    title: str
    appearances: list[Appearance]
    technologies: list[Technology]


def listed_guests(
    guests: Iterable[Guest], episodes: EpisodeQuerySet, first: Collection[Technology] = ()
) -> list[ListedGuest]:
    """Each guest with their appearances in these episodes. Two queries.

    `first`: technologies that come before others of theirs.
    """
    rows = public_appearances().filter(guest__in=[each.pk for each in guests], episode__in=episodes)
    by_guest = groupby(rows.prefetch_related("episode__uses"), lambda each: each.guest)
    return [_listed(guest, list(appearances), first) for guest, appearances in by_guest]


def _listed(
    guest: Guest, appearances: list[Appearance], first: Collection[Technology]
) -> ListedGuest:
    uses = [use for each in appearances for use in each.episode.uses.all()]
    run = list({use.technology_id: use.technology for use in uses}.values())
    run.sort(key=lambda technology: technology not in first)  # keeps their order
    title = next((each.title for each in appearances if each.title), "")
    return ListedGuest(guest, title, appearances, run[:MOST])
