"""What an episode's transcript has at a moment, for a quotation in the speaker's own words."""

import re
from dataclasses import dataclass

from desk.texts.quote import quotable_topics
from episodes.models import Episode
from pages.moments import Moment
from topics.paragraphs import cues_of, parts

MOST = 8  # passages
LONG = 160  # characters: a passage ends with the sentence that reaches them
LONGEST = 300  # characters: longer ones fit into no post
FEWEST_WORDS = 4
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True)
class SpokenPassage:
    """Whole sentences of one speaker, who may be unknown."""

    speaker: str
    text: str

    @property
    def quotation(self) -> str:
        return f"“{self.text}”"


def said_at(episode: Episode, moment: Moment) -> list[SpokenPassage]:
    """The first passages of the moment's topic; none without a transcript. One query at most."""
    transcript = getattr(episode, "transcript", None)
    if transcript is None or moment.topic is None:
        return []
    paragraphs = (
        paragraph
        for part in parts(cues_of(transcript), quotable_topics(episode))
        for paragraph in part.paragraphs
        if part.topic == moment.topic
    )
    found = [
        SpokenPassage(paragraph.speaker, text)
        for paragraph in paragraphs
        for text in _passages(paragraph.text)
        if len(text) <= LONGEST and len(text.split()) >= FEWEST_WORDS
    ]
    return found[:MOST]


def _passages(text: str) -> list[str]:
    found = [""]
    for sentence in SENTENCE_END.split(" ".join(text.split())):
        if len(found[-1]) >= LONG or len(found[-1]) + len(sentence) > LONGEST:
            found.append("")
        found[-1] = f"{found[-1]} {sentence}".strip()
    return found
