"""An old site as large as the original, recombined from its ten posts; always the same.

117 posts with 3,064 topics, 1,014 links, 236 technologies and 118 appearances.
"""

import random
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from stack.directory import read_directory
from text.names import slug_for
from text.timecode import format_timecode

PARTS = Path(__file__).resolve().parent.parent / "transfer" / "tests" / "jekyll"
PODCASTS, INTERVIEWS = 107, 10
TOPICS, LINKS, TECHNOLOGIES = 3064, 1014, 236
TWO_GUESTS = 1  # posts with a second guest
PER_POST = 14  # technologies
TOPIC = re.compile(r"^- [\d:-]+ -- (.+(?:\n  .+)*)", re.MULTILINE)
LINK = re.compile(r"^- <(http.+)>$", re.MULTILINE)
FIRST_DAY = date(2019, 11, 4)
NAMES = ("Ada Ben Chloe Dev Ewa Finn Grace Hugo Ines Jun Kim", "Berg Costa Dahl Evans Ito Klein")


def write_original(root: Path) -> None:
    """Write the checkout into an empty folder."""
    shutil.copytree(PARTS, root, ignore=shutil.ignore_patterns("_posts"), dirs_exist_ok=True)
    dice = random.Random(1)
    tags = _write_tags(root)
    podcasts = [path.read_text("utf-8") for path in sorted(PARTS.glob("_posts/podcast/*.md"))]
    interviews = [path.read_text("utf-8") for path in sorted(PARTS.glob("_posts/interviews/*.md"))]
    topics = [topic for text in podcasts for topic in TOPIC.findall(text)]
    links = [link for text in podcasts for link in LINK.findall(text)]
    for number in range(PODCASTS):
        count = _share(TOPICS, number)
        times = sorted(dice.sample(range(60, 3000), count))
        said = "\n".join(
            f"- {format_timecode(seconds)} -- {_spliced(dice, topics)}" for seconds in times
        )
        found = dice.sample(range(len(links) * 20), _share(LINKS, number))
        listed = [f"- <{links[each // 20].rstrip('/')}/{each % 20}>" for each in found]
        half = len(listed) // 2
        text = "\n\n".join(
            [
                _front(dice, tags, "podcast", number),
                "In this episode of Running in Production, {{ page.guest }} goes over "
                + _spliced(dice, topics),
                *(_spliced(dice, topics) + "." for _ in range(2)),
                "## Topics Include",
                said,
                "## Links\n\n###### 📄 References",
                "\n".join(listed[:half]),
                "###### ⚙️ Tech Stack\n\n{% include services-used.html %}",
                "###### 🛠 Libraries Used",
                "\n".join(listed[half:]),
            ]
        )
        _write_post(root, "podcast", number, text)
    for number in range(1, INTERVIEWS + 1):
        body = interviews[number % len(interviews)].split("\n---\n", 1)[1]
        text = f"{_front(dice, tags, 'interviews', number)}\n{body}"
        _write_post(root, "interviews", number, text)


def _share(total: int, number: int) -> int:
    """This post's part of a total."""
    return total * (number + 1) // PODCASTS - total * number // PODCASTS


def _spliced(dice: random.Random, topics: list[str]) -> str:
    """A topic's first half with another's second."""
    one, other = (dice.choice(topics).split() for _ in range(2))
    return " ".join(one[: len(one) // 2] + other[len(other) // 2 :])


def _write_tags(root: Path) -> list[str]:
    """Add tag files for technologies of the directory; all tags."""
    tags = [path.stem for path in sorted(root.glob("tags/*.md"))]
    named = (slug_for(entry.name) for entry in read_directory())
    for slug in _free(named, set(tags)):
        if len(tags) == TECHNOLOGIES:
            break
        tags.append(slug)
        front = f'layout: "tags"\ntag: "{slug}"\nurl: "https://{slug}.example.org/"\n'
        title = f'title: "Websites Using {slug.title()} in Production"\n'
        about = f"description:\n  Podcast episodes where developers talk about using {slug}.\n"
        (root / "tags" / f"{slug}.md").write_text(f"---\n{front}\n{title}{about}---\n", "utf-8")
    return tags


def _free(slugs: Iterator[str], taken: set[str]) -> Iterator[str]:
    return (slug for slug in slugs if slug not in taken)


def _front(dice: random.Random, tags: list[str], section: str, number: int) -> str:
    given, family = (dice.choice(names.split()) for names in NAMES)
    guests = [f'guest: "{given} {family} {number}"\nguest_twitter: "{given}{number}"']
    if section == "podcast" and number < TWO_GUESTS:
        guests.append(f'guest_2: "{family} {given}"')
    own = [*dice.sample(tags, PER_POST), *tags[number::PODCASTS]]  # each tag at least once
    listed = "\n".join(f'  - "{tag}"' for tag in dict.fromkeys(own))
    audio = 'mp3_bytes: "44222208"\nmp3_duration: "50:03"\n' if section == "podcast" else ""
    return (
        f'---\nlayout: "podcast-or-interview"\n{audio}\n' + "\n".join(guests) + "\n"
        f'category: "{section}"\ntags:\n{listed}\n\ntitle: "{_title(section, number)}"\n'
        f"description:\n  {given} goes over building site {number} with {own[0]}.\n---"
    )


def _title(section: str, number: int) -> str:
    return f"The {section.title()} Number {number} about a Site Made by a Team"


def _write_post(root: Path, section: str, number: int, text: str) -> None:
    day = FIRST_DAY + timedelta(days=7 * number)
    folder = root / "_posts" / section
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{day}-{number}-{slug_for(_title(section, number))}.md"
    (folder / name).write_text(f"{text}\n", "utf-8")
