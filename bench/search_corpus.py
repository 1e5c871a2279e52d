"""Load distractors: episodes in the catalogue's own words that answer none of the queries.

./run bench search_corpus --publish-invented --episodes 1000 [--seed 1] [--transcripts]
./run bench search_corpus --remove

Each recombines pieces of real episodes, three words from one sentence, three from another. They
compete but never answer better than the real episode, for they lack what distinguishes it: words of
one real episode, most words of a few, and technologies that few use.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection, transaction

from bench.synthetic import FAMILY, GIVEN
from episodes.models import Appearance, Enclosure, Episode, Use
from guests.models import Guest, GuestName
from stack.models import Technology
from text.markup import plain_block
from text.names import normalise_name, slug_for
from topics.models import Cue, Topic, Transcript

GUID = "urn:distractor:"
FIRST_NUMBER = 200_000
FIRST_DATE, DAYS = date(2015, 1, 1), 4000  # half are newer than the real ones
FAMILIAR = 6  # real episodes; a word or technology in as many distinguishes none
COMMON = 12  # real episodes; a word in as many is like “the” and replaces no other
RETAINED = 0.1  # of the words in more than one real episode but fewer than FAMILIAR
PIECE = 3  # words
BATCH = 50  # episodes
CUES, CUE_SECONDS = 450, 8  # of a transcript: an hour
WORD = re.compile(r"\w+(?:[-.'’/:]\w+)*")  # Next.js is one
SENTENCES = re.compile(r"(?<=[.?!])\s+")
PARAGRAPHS = re.compile(r"\n\s*\n")
UTC = ZoneInfo("UTC")
PUBLISH_INVENTED = (
    "publishes invented episodes in this very catalogue, where visitors see them until --remove"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A real episode as plain texts and names."""

    kind: str
    title: str
    summary: str
    sentences: tuple[str, ...]
    paragraphs: int
    topics: tuple[str, ...]
    guests: tuple[str, ...]
    technologies: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        texts = (self.title, self.summary, *self.sentences, *self.topics, *self.technologies)
        return WORD.findall(" ".join(texts).casefold())


@dataclass(frozen=True, slots=True)
class Distractor:
    number: int
    kind: str
    title: str
    summary: str
    introduction: str
    topics: tuple[tuple[int, str], ...]
    guests: tuple[str, ...]
    technologies: tuple[str, ...]
    published_at: datetime


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--episodes", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--transcripts", action="store_true", help="of an hour, for each")
    arguments.add_argument("--remove", action="store_true", help="remove them")
    arguments.add_argument("--publish-invented", action="store_true", help=PUBLISH_INVENTED)
    options = arguments.parse_args()
    if not (options.remove or options.publish_invented):
        arguments.error(f"without --publish-invented nothing is written; it {PUBLISH_INVENTED}")
    started = time.perf_counter()
    removed = remove()
    if options.remove:
        print(f"{removed} episodes removed")
        return
    real = sources()
    if len(real) < FAMILIAR:
        raise SystemExit(
            f"Distractors recombine {FAMILIAR} episodes or more; the catalogue has {len(real)}: "
            "import a show first (docs/moving.md)."
        )
    load(list(distractors(real, options.episodes, options.seed)))
    if options.transcripts:
        load_transcripts(real, options.seed)
    print(f"{options.episodes} episodes in {time.perf_counter() - started:.1f} s")
    call_command("rebuild_search")
    print(f"with the search rows: {time.perf_counter() - started:.1f} s")


def sources() -> list[Source]:
    """The real episodes."""
    episodes = Episode.objects.published().exclude(guid__startswith=GUID).order_by("kind", "slug")
    return [
        Source(
            episode.kind,
            episode.title,
            episode.summary,
            tuple(SENTENCES.split(plain_block(episode.introduction))),
            len(PARAGRAPHS.split(episode.introduction.strip())),
            tuple(topic.plain for topic in episode.topics.all()),
            tuple(appearance.guest.name for appearance in episode.appearances.all()),
            tuple(use.technology.name for use in episode.uses.all()),
        )
        for episode in episodes.prefetch_related("topics", "appearances", "uses")
    ]


def distractors(real: list[Source], count: int, seed: int = 1) -> Iterator[Distractor]:
    """The n-th is the same for every count."""
    mixer = Mixer(real)
    titles = Pieces(source.title for source in real)
    summaries = Pieces(source.summary for source in real if source.summary)
    topics = Pieces(topic for source in real for topic in source.topics)
    said = {
        kind: Pieces(text for source in real if source.kind == kind for text in source.sentences)
        for kind in {source.kind for source in real}
    }
    for index in range(count):
        dice = random.Random(f"{seed}-{index}")
        shape = dice.choice(real)
        # Topics are seldom less than ten seconds apart.
        times = sorted(dice.sample(range(6, 480), len(shape.topics)))
        day = FIRST_DATE + timedelta(days=dice.randrange(DAYS))
        tags = min(len(shape.technologies), dice.randint(3, len(mixer.technologies)))
        yield Distractor(
            FIRST_NUMBER + index,
            shape.kind,
            mixer.sentence(dice, titles, 0)[:200],
            mixer.sentence(dice, summaries, 0),
            in_paragraphs(
                [mixer.sentence(dice, said[shape.kind]) for _ in shape.sentences], shape.paragraphs
            ),
            tuple((tens * 10 + dice.randrange(10), mixer.sentence(dice, topics)) for tens in times),
            tuple(mixer.person(dice) for _ in shape.guests),
            tuple(dice.sample(mixer.technologies, tags)),
            datetime(day.year, day.month, day.day, tzinfo=UTC),
        )


def in_paragraphs(sentences: list[str], count: int) -> str:
    """As many paragraphs of about equal length."""
    each = -(-len(sentences) // count)
    starts = range(0, len(sentences), each)
    return "\n\n".join(" ".join(sentences[start : start + each]) for start in starts)


class Pieces:
    """Sentences cut into pieces by position, and their lengths."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.lengths: list[int] = []
        self.at: dict[int, list[str]] = {}
        for sentence in sentences:
            words = sentence.split()
            self.lengths.append(len(words))
            for place in range(0, len(words), PIECE):
                self.at.setdefault(place, []).append(" ".join(words[place : place + PIECE]))


class Mixer:
    """Recombines pieces, with familiar words in place of distinctive ones."""

    def __init__(self, real: list[Source]) -> None:
        said_in = Counter(word for source in real for word in set(source.words))
        run_in = Counter(name for source in real for name in source.technologies)
        self.technologies = sorted(name for name, count in run_in.items() if count >= FAMILIAR)
        rare = WORD.findall(" ".join(run_in.keys() - set(self.technologies)).casefold())
        names = {word for word in rare if said_in[word] < COMMON}
        self.unique = names | {word for word, count in said_in.items() if count == 1}
        self.distinctive = names | {word for word, count in said_in.items() if count < FAMILIAR}
        self.familiar = [
            word
            for source in real
            for word in source.words
            if word not in self.distinctive and said_in[word] < COMMON
        ]
        guests = [guest.split() for source in real for guest in source.guests]
        self.people = {(parts[0], parts[-1]) for parts in guests}
        self.given = sorted({given for given, _ in self.people} | set(GIVEN))
        self.family = sorted({family for _, family in self.people} | set(FAMILY))

    def sentence(self, dice: random.Random, pieces: Pieces, retained: float = RETAINED) -> str:
        """As long as one of the sentences, each piece from its position in one."""
        if not pieces.lengths:  # a show without summaries
            return ""
        places = range(0, dice.choice(pieces.lengths), PIECE)
        text = " ".join(dice.choice(pieces.at[place]) for place in places)
        text = WORD.sub(lambda match: self._word(dice, match[0], retained), text)
        return text[:1].upper() + text[1:]

    def person(self, dice: random.Random) -> str:
        while True:
            name = dice.choice(self.given), dice.choice(self.family)
            if name not in self.people:
                return " ".join(name)

    def _word(self, dice: random.Random, word: str, retained: float) -> str:
        key = word.casefold()
        if key not in self.distinctive or (key not in self.unique and dice.random() < retained):
            return word
        return dice.choice(self.familiar)


@transaction.atomic
def load(made: list[Distractor]) -> None:
    """Write the rows in bulk, as imports would leave them."""
    episodes = Episode.objects.bulk_create(_episode(one) for one in made)
    guests = _guests({name for one in made for name in one.guests})
    technologies = {row.name: row for row in Technology.objects.all()}
    both = list(zip(episodes, made, strict=True))
    Topic.objects.bulk_create(
        (
            Topic(
                episode=episode,
                position=place,
                seconds=at,
                text=text,
                html=escape(text),
                plain=text,
            )
            for episode, one in both
            for place, (at, text) in enumerate(one.topics)
        ),
        batch_size=2000,
    )
    Appearance.objects.bulk_create(
        Appearance(episode=episode, position=place, guest=guests[name])
        for episode, one in both
        for place, name in enumerate(dict.fromkeys(one.guests))
    )
    Use.objects.bulk_create(
        Use(episode=episode, position=place, technology=technologies[name])
        for episode, one in both
        for place, name in enumerate(one.technologies)
    )
    Enclosure.objects.bulk_create(
        Enclosure(
            episode=episode,
            url=f"https://audio.example.org/{one.number}.mp3",
            name=f"distractor-{one.number}.mp3",
            seconds=one.topics[-1][0] + 60,
        )
        for episode, one in both
        if one.topics
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def load_transcripts(real: list[Source], seed: int) -> None:
    """An hour of speech for each distractor, recombined like its topics."""
    mixer = Mixer(real)
    said = Pieces(text for source in real for text in (*source.sentences, *source.topics))
    dice = random.Random(f"transcripts-{seed}")
    for episode in Episode.objects.filter(guid__startswith=GUID).iterator():
        transcript = Transcript.objects.create(episode=episode)
        Cue.objects.bulk_create(
            Cue(
                transcript=transcript,
                position=place,
                start=place * CUE_SECONDS * 1000,
                end=(place + 1) * CUE_SECONDS * 1000,
                text=mixer.sentence(dice, said),
            )
            for place in range(CUES)
        )


def _episode(one: Distractor) -> Episode:
    return Episode(
        kind=one.kind,
        number=one.number,
        title=one.title,
        slug=f"{one.number}-{slug_for(one.title)}",
        summary=one.summary,
        introduction=one.introduction,
        introduction_html="".join(
            f"<p>{escape(paragraph)}</p>" for paragraph in one.introduction.split("\n\n")
        ),
        status=Episode.Status.PUBLISHED,
        published_at=one.published_at,
        first_published_at=one.published_at,
        guid=f"{GUID}{one.number}",
    )


def _guests(names: set[str]) -> dict[str, Guest]:
    """The guests of these names, created if missing."""
    existing = Guest.objects.by_name(names)
    new = {normalise_name(name): name for name in sorted(names - existing.keys())}
    made = Guest.objects.bulk_create(
        Guest(name=name, slug=f"distractor-{slug_for(name)}") for name in new.values()
    )
    GuestName.objects.bulk_create(
        GuestName(guest=guest, name=guest.name, normalised=normalise_name(guest.name))
        for guest in made
    )
    by_key = {normalise_name(guest.name): guest for guest in made}
    return existing | {name: by_key[normalise_name(name)] for name in names - existing.keys()}


def remove() -> int:
    """Delete the distractors and their guests; how many there were."""
    found = list(Episode.with_deleted.filter(guid__startswith=GUID).values_list("pk", flat=True))
    # Each lowers the counts of its words; in one transaction row versions would pile up.
    for start in range(0, len(found), BATCH):
        Episode.with_deleted.filter(pk__in=found[start : start + BATCH]).delete()
    Guest.objects.filter(slug__startswith="distractor-", appearances=None).delete()
    return len(found)
