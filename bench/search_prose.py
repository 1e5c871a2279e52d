"""How many queries get other first results when ten episodes have transcripts of random prose.

./run bench search_prose [--changes]

An hour of words for each, half of them from the notes as often as there, half common English ones.
Speech that answers nothing must not change what answers. Nothing is written.
"""

import argparse
import random
from collections.abc import Iterator

from django.db import transaction

from bench.measuring import Figures
from bench.search_corpus import CUE_SECONDS, CUES, sources
from bench.search_quality import check, ours, read_queries
from episodes.models import Episode
from search.index import refresh
from search.query.english import DICTIONARY
from topics.models import Cue, Transcript

TRANSCRIPTS, WORDS = 10, 14  # words of a cue
TOP = 3
MOST = 3  # percent


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--changes", action="store_true", help="list the queries")
    options = arguments.parse_args()
    queries = list(read_queries())
    check(queries)
    before = {item.query: first(item.query) for item in queries}
    with transaction.atomic():
        load_prose(random.Random(1))
        after = {query: first(query) for query in before}
        transaction.set_rollback(True)
    changed = [query for query in before if before[query] != after[query]]
    if options.changes:
        for query in changed:
            print(f"{query!r}: {before[query]} → {after[query]}")
    figures = Figures()
    share = 100 * len(changed) / len(before)
    figures.at_most(f"first {TOP} changed, of {len(before)} queries", share, MOST, "%")
    figures.print()


def first(query: str) -> list[str]:
    return [found.slug for found in ours(query)[:TOP]]


def load_prose(dice: random.Random) -> None:
    said = [word for source in sources() for word in source.words]
    english = sorted(DICTIONARY)
    words = prose(dice, said, english)
    episodes = list(Episode.objects.published().order_by("pk")[:TRANSCRIPTS])
    for episode in episodes:
        Transcript.objects.filter(episode=episode).delete()
        transcript = Transcript.objects.create(episode=episode)
        Cue.objects.bulk_create(
            Cue(
                transcript=transcript,
                position=place,
                start=place * CUE_SECONDS * 1000,
                end=(place + 1) * CUE_SECONDS * 1000,
                text=" ".join(next(words) for _ in range(WORDS)),
            )
            for place in range(CUES)
        )
    refresh([episode.pk for episode in episodes])


def prose(dice: random.Random, said: list[str], english: list[str]) -> Iterator[str]:
    while True:
        yield dice.choice(said)
        yield dice.choice(english)
