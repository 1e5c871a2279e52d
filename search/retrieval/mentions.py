"""Where a technology, library or guest is named, whether or not the episode is tagged so."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, F, Func, IntegerField, Model, Value
from django.utils import timezone

from episodes.models import EpisodeQuerySet
from search.query.tokenizer import words
from search.retrieval.filters import among
from search.retrieval.latest_moments import Condition, Count, Heard, newest_moments

# Names that are words of everyday speech. They count as they are written, capital letter and
# all: within a sentence, or anywhere in an episode that uses what they name.
EVERYDAY = frozenset(
    """access actions ant apollo ash backbone bamboo beacon black bootstrap bottle buffer
    cake cargo chef click compass composer crisp cypress dart dash drift drone echo elastic
    ember excel express fabric falcon flow flux fly foundation front fusion gem gin grape
    grunt gulp helm hey horizon just lambda less linear lit loom make mantle mercury meteor
    mint mix mode monday neon nest next nomad notion nova numbers oracle packer parcel play
    poetry processing puppet rack rake react realm relay remix render requests rich ring
    rocket rust salt sanity scout scratch segment sentry shell shortcut signal slack slim
    snowflake solid spark spring square stencil stripe swift task teams things thread travis
    twig unity vault warp wave windows word zoom""".split()
)
NOTHING = "(?!)"  # matches no text
# A word before it that ends no sentence, or a bracket or slash.
WITHIN_A_SENTENCE = r"(?:[^\s.!?:–—-]\s+[\"'“‘(]*|[(/])"
# The same for each of many rows: how many moments name it, as far as `most`. OFFSET 0 keeps the
# planner from walking all that is said in the hope of meeting a few soon.
NAMED = r"""(
    SELECT count(*) FROM (
        SELECT FROM (SELECT %(expressions)s) AS asked (id, now)
        CROSS JOIN LATERAL (
            SELECT string_agg(nullif(query::text, ''), ' | ')::tsquery
            FROM ({names}) AS called,
                 phraseto_tsquery('search_words', search_normalize(name)) AS query
        ) AS says (query)
        CROSS JOIN LATERAL (
            SELECT episode_id, text FROM search_passage
            WHERE vector @@ says.query AND seconds IS NOT NULL OFFSET 0
        ) AS passage
        JOIN search_document AS document USING (episode_id)
        WHERE document.published_at <= asked.now AND EXISTS (
            SELECT FROM ({names}) AS called
            CROSS JOIN LATERAL (SELECT search_normalize(name), regexp_replace(
                name, '([^[:alnum:][:space:]])', '\\\1', 'g') || '(?![[:alnum:]+#])'
            ) AS read (plain, spelt)
            WHERE plain <> '' AND
            CASE WHEN plain = ANY ('{{{everyday}}}') OR plain ~ '^[[:alpha:]]{{1,2}}$'
            THEN passage.text ~ ('(?:^|[^[:alnum:]])' || spelt) AND (
                passage.episode_id IN ({tagged})
                OR (name ~ '^[[:upper:]]' AND passage.text ~ ('{within}' || spelt)))
            ELSE strpos(' ' || search_normalize(passage.text) || ' ', ' ' || plain || ' ') > 0 END
        )
        LIMIT {most}
    ) AS named
)"""
# By table: what names its rows, and which episodes are tagged with them.
NAMES = {
    "stack_technology": "SELECT name FROM stack_technologyname WHERE technology_id = asked.id",
    "stack_library": "SELECT name FROM stack_library WHERE id = asked.id",
    "guests_guest": "SELECT name FROM guests_guestname WHERE guest_id = asked.id",
}
TAGGED = {
    "stack_technology": "SELECT episode_id FROM episodes_use WHERE technology_id = asked.id",
    "stack_library": "SELECT episode_id FROM episodes_libraryuse WHERE library_id = asked.id",
    "guests_guest": "SELECT episode_id FROM episodes_appearance WHERE guest_id = asked.id",
}


def moments_naming(
    names: Iterable[str], tagged: EpisodeQuerySet, *, limit: int
) -> tuple[list[Heard], Count]:
    """The newest moments that hold one of the names as it is, and how many there are.

    Words count as they are spelt: “Go” isn't “going”, and C no C#. `tagged`: the episodes that
    use what is named, or have it as a guest. One query.
    """
    plain = {name: " ".join(word.text for word in words(name)) for name in names}
    everyday = [name for name, text in plain.items() if _is_everyday(text)]
    clear = sorted({text for name, text in plain.items() if text and name not in everyday})
    if not (everyday or clear):
        return [], Count()
    tagged_sql, parameters = among(tagged, "tagged")
    parameters |= {f"name{place}": text for place, text in enumerate(clear)}
    parameters |= {f"word{place}": plain[name] for place, name in enumerate(everyday)}
    parameters["clear"] = f" (?:{'|'.join(map(re.escape, clear))}) "
    parameters["spelt"] = _spelt(everyday)
    parameters["inside"] = _spelt(
        [name for name in everyday if name[0].isupper()], before=WITHIN_A_SENTENCE
    )
    # What is cheap to know comes first: “go” is the stem of much that is said.
    conditions = []
    if everyday:
        conditions.append(
            "passage.text ~ %(spelt)s"
            f" AND (passage.text ~ %(inside)s OR passage.episode_id IN ({tagged_sql}))"
        )
    if clear:
        said = _any_of("name", len(clear)).format(match="phraseto_tsquery")
        conditions.append(
            f"passage.vector @@ ({said}) "
            "AND ' ' || search_normalize(passage.text) || ' ' ~ %(clear)s"
        )
    says = [_any_of("name", len(clear)), _any_of("word", len(everyday))]
    condition = Condition(
        says=" || ".join(filter(None, says)),
        passage=f"({' OR '.join(f'({each})' for each in conditions)})",
        parameters=parameters,
    )
    return newest_moments(condition, limit=limit)


class _OfItsRow(Func):
    """Grouping by the row's key is enough; by the count itself, it would be made for every use."""

    def get_group_by_cols(self) -> list[Any]:
        return self.get_source_expressions()[0].get_group_by_cols()


def moments_naming_each(model: type[Model], *, most: int) -> Func:
    """An expression: how many moments, up to `most`, name each technology, library or guest."""
    table = model._meta.db_table
    template = NAMED.format(
        names=NAMES[table],
        tagged=TAGGED[table],
        everyday=",".join(sorted(EVERYDAY)),
        within=WITHIN_A_SENTENCE.replace("'", "''"),
        most=most,
    )
    now = Value(timezone.now(), output_field=DateTimeField())
    return _OfItsRow(F("pk"), now, template=template, output_field=IntegerField())


def _any_of(name: str, count: int) -> str:
    return " || ".join(f"{{match}}('search_words', %({name}{place})s)" for place in range(count))


def _is_everyday(plain: str) -> bool:
    return plain in EVERYDAY or (len(plain) <= 2 and plain.isalpha())


def _spelt(names: Iterable[str], before: str = "(?:^|[^[:alnum:]])") -> str:
    """A pattern of text in which one of these stands as it is written; of none, for none."""
    alternatives = "|".join(sorted(map(re.escape, names)))
    return f"{before}(?:{alternatives})(?![[:alnum:]+#])" if alternatives else NOTHING
