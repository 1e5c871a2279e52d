"""Proposes questions to save: phrases that open topics of many episodes, such as “Best tips?”."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection

from search.models import Question
from search.query.english import STOP_WORDS
from search.query.parse import parse_query
from search.saved_questions import answered_by
from text.names import normalise_name

MOST = 5
FEWEST_EPISODES = 4
PREFIX = "question:"
# “Motivation for using” is what guests are asked: the verb is as good as “choosing”.
NO_END = STOP_WORDS - {"using"}
# The first two to four words of public topics, with the number of episodes that they open.
QUERY = """
WITH opening AS (
    SELECT episode_id, (regexp_split_to_array(
        regexp_replace(regexp_replace(topic.plain, '(https?:|www[.]|[?!.:;,(]).*', ''),
                       '[^[:alnum:]'' -]+', '', 'g'), '\\s+'))[:4] AS words
    FROM topics_topic AS topic JOIN episodes_episode AS episode ON episode.id = episode_id
    WHERE episodes_is_listed(episode.status, episode.deleted_at) AND published_at <= now()
)
SELECT mode() WITHIN GROUP (ORDER BY words[:size]), count(DISTINCT episode_id) AS episodes
FROM opening, generate_series(2, 4) AS size WHERE cardinality(words) >= size
GROUP BY lower(words[:size]::text) HAVING count(DISTINCT episode_id) >= %s
ORDER BY episodes DESC, max(size) DESC, 1 DESC LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class QuestionProposal:
    """A phrase, and in how many episodes a topic begins with it."""

    title: str
    episodes: int

    @property
    def key(self) -> str:
        """What identifies it among the proposals that the host dismissed."""
        return PREFIX + self.title.lower()

    @property
    def query(self) -> str:
        return f'"{self.title.lower()}"'


def proposed_questions(dismissed: list[str], zone: ZoneInfo) -> list[QuestionProposal]:
    """The phrases of most episodes that no saved question asks for. Three queries."""
    saved = list(Question.objects.all())
    asked = [normalise_name(f"{row.title} {row.query}") for row in saved]
    phrases = list(_phrases())
    unfiltered = [row for row in saved if not parse_query(row.query).filters]
    answered = {text for _, text in answered_by(unfiltered, [words for words, _ in phrases], zone)}
    unwanted = {normalise_name(key) for key in dismissed}
    found: list[QuestionProposal] = []
    for words, episodes in phrases:
        name = normalise_name(words)
        others = [normalise_name(each.title) for each in found]
        is_repeated = any(name.startswith(other) or other.startswith(name) for other in others)
        is_asked = any(name.removesuffix("s") in question for question in asked)
        if is_repeated or is_asked or words in answered:
            continue
        found.append(QuestionProposal(words[:1].upper() + words[1:], episodes))
    return [each for each in found if normalise_name(each.key) not in unwanted][:MOST]


def _phrases() -> Iterator[tuple[str, int]]:
    """Phrases with two words that say something, without the stop words at their ends."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [FEWEST_EPISODES])
        rows = cursor.fetchall()
    for words, episodes in rows:
        while words and words[-1].lower() in NO_END:
            words.pop()
        if any(word.lower() not in STOP_WORDS for word in words[:-1]):
            yield " ".join(words), episodes
