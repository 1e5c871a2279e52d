"""Made-up show notes, recombined from the sample's; the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from notes.parse import parse_document
from text.names import slug_for
from text.timecode import format_timecode

SAMPLE = Path(__file__).resolve().parent.parent / "fixtures" / "show-notes.txt"
FIRST_NUMBER = 1000
FIRST_DATE = date(2001, 1, 1)
GIVEN = ("Ada", "Ben", "Chloe", "Dev", "Ewa", "Finn", "Grace", "Hugo", "Ines", "Jun")
FAMILY = ("Berg", "Costa", "Dahl", "Evans", "Fischer", "Garcia", "Haddad", "Ito", "Jansen", "Klein")
COLUMNS = "number\tdate\tslug\tbytes\tseconds\taudio_url\tguid"


@dataclass(frozen=True, slots=True)
class Synthetic:
    """One made-up episode: its notes in the document's plain dialect, and its facts line."""

    notes: str
    facts: str


def episodes(count: int, seed: int = 1) -> Iterator[Synthetic]:
    """`count` episodes; the n-th is the same for every count."""
    drafts = [parsed.draft for parsed in parse_document(SAMPLE.read_text("utf-8")).episodes]
    topics = [topic.text for draft in drafts for topic in draft.topics]
    links = [link.url for draft in drafts for link in draft.references]
    libraries = sorted({link.url for draft in drafts for link in draft.libraries})
    technologies = sorted({name for draft in drafts for name in draft.technologies})
    for index in range(count):
        dice = random.Random(f"{seed}-{index}")
        draft = dice.choice(drafts)
        number = FIRST_NUMBER + index
        day = FIRST_DATE + timedelta(days=index)
        title = f"{draft.title} {number}"
        guest = f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"
        times = sorted(dice.sample(range(60, 3600), dice.randint(12, 60)))
        lines = [
            f"{day:%b} {day.day}, {day.year} • 60min",
            title,
            f"In this episode of Running in Production, {guest} goes over it.",
            "Topics Include",
            *(f"{format_timecode(seconds)} – {dice.choice(topics)}" for seconds in times),
            "Links",
            "📄 References",
            *dice.sample(links, 5),
            "⚙️ Tech Stack",
            *(f"{name} →" for name in dice.sample(technologies, 14)),
            "🛠 Libraries Used",
            *dice.sample(libraries, 5),
        ]
        slug = f"{number}-{slug_for(title)}"
        audio = f"https://audio.example.org/{number}.mp3"
        facts = f"{number}\t{day}\t{slug}\t57600000\t3600\t{audio}\turn:synthetic:{number}"
        yield Synthetic("\n".join(lines), facts)


def write_files(folder: Path, count: int, seed: int = 1) -> tuple[Path, Path]:
    """The notes as one document and the facts as one file, in `folder`."""
    notes, facts = folder / "notes.txt", folder / "facts.tsv"
    with notes.open("w", encoding="utf-8") as text, facts.open("w", encoding="utf-8") as table:
        table.write(COLUMNS + "\n")
        for made in episodes(count, seed):
            text.write(made.notes + "\n\n")
            table.write(made.facts + "\n")
    return notes, facts
