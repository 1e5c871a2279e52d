"""Where a technology, library or guest is named, whether or not the episode is tagged so."""

import re
from collections.abc import Iterable

from episodes.models import EpisodeQuerySet
from search.heard import Count, Heard, Wanted, among, newest
from search.words import words

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


def moments_naming(
    names: Iterable[str], tagged: EpisodeQuerySet, *, limit: int
) -> tuple[list[Heard], Count]:
    """The newest moments that hold one of the names as it is, and how many there are.

    Words count as they are spelt: “Go” isn't “going”, and C no C#. `tagged`: the episodes that
    use what is named, or have it as a guest. One query.
    """
    plain = {name: " ".join(word.text for word in words(name)) for name in names}
    plain = {name: text for name, text in plain.items() if text}
    if not plain:
        return [], Count()
    tagged_sql, parameters = among(tagged, "tagged")
    parameters |= {f"name{place}": text for place, text in enumerate(plain.values())}
    everyday = {name: text for name, text in plain.items() if _is_everyday(text)}
    parameters["clear"] = _any_word(set(plain.values()) - set(everyday.values()))
    parameters["everyday"] = _any_word(everyday.values())
    parameters["spelt"] = _spelt(everyday)
    parameters["inside"] = _spelt(
        (name for name in everyday if name[0].isupper()), before=WITHIN_A_SENTENCE
    )
    wanted = Wanted(
        says=" || ".join(
            f"{{match}}('search_words', %(name{place})s)" for place in range(len(plain))
        ),
        passage=f"""CASE
            WHEN ' ' || search_plain(passage.text) || ' ' ~ %(clear)s THEN TRUE
            WHEN NOT ' ' || search_plain(passage.text) || ' ' ~ %(everyday)s THEN FALSE
            WHEN NOT passage.text ~ %(spelt)s THEN FALSE
            ELSE passage.text ~ %(inside)s OR passage.episode_id IN ({tagged_sql})
        END""",
        parameters=parameters,
    )
    return newest(wanted, limit=limit)


def _is_everyday(plain: str) -> bool:
    return plain in EVERYDAY or (len(plain) <= 2 and plain.isalpha())


def _any_word(texts: Iterable[str]) -> str:
    """A pattern of text in plain words that holds one of these; of none, for none."""
    alternatives = "|".join(sorted(map(re.escape, texts)))
    return f" (?:{alternatives}) " if alternatives else NOTHING


def _spelt(names: Iterable[str], before: str = "(?:^|[^[:alnum:]])") -> str:
    """A pattern of text in which one of these stands as it is written; of none, for none."""
    alternatives = "|".join(sorted(map(re.escape, names)))
    return f"{before}(?:{alternatives})(?![[:alnum:]+#])" if alternatives else NOTHING
