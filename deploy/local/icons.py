"""`./run icons`: writes the icons of the technology directory into static/icons.

Needs npm. The site itself never fetches an icon. To update, raise SIMPLE_ICONS and run it again.
"""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.environment import ROOT

SIMPLE_ICONS = "simple-icons@16.37.0"
SVGO = "svgo@4.1.0"
DECIMALS = "2"  # of 24 units: half the bytes, and no visible difference at 64 pixels

DIRECTORY = ROOT / "stack" / "directory.tsv"
ICONS = ROOT / "static" / "icons"
LICENCES = ROOT / "docs" / "icons.tsv"
# Not for every show: without commercial use, without changes, or only beside code of that licence.
UNSUITABLE = re.compile(r"-N[CD]\b|GPL")
PATH = re.compile(r'<path[^>]* d="([^"]+)"')
# A page displays the file as an image; a chart uses `#i` in its own colour.
FILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<path id="i" fill="currentColor" d="{}"/></svg>\n'
)


def icons() -> int:
    """Write a file for each slug in the directory, remove the others; 1 if one doesn't exist."""
    slugs = read_slugs()
    with TemporaryDirectory() as folder:
        package, small = fetch(Path(folder), slugs)
        found = {
            slug: path.read_text() for slug in slugs if (path := small / f"{slug}.svg").exists()
        }
        licences = read_licences(package / "data" / "simple-icons.json")
        found = {slug: svg for slug, svg in found.items() if is_suitable(licences.get(slug))}
        write_files(found)
        write_licences(licences, found)
    for slug in sorted(slugs - found.keys()):
        print(
            f"{SIMPLE_ICONS} has no icon {slug}, or its owner's licence doesn't suit: remove it "
            f"from {DIRECTORY.relative_to(ROOT)}."
        )
    print(f"{len(found)} icons of {SIMPLE_ICONS} in {ICONS.relative_to(ROOT)}")
    return 0 if found.keys() == slugs else 1


def read_slugs() -> set[str]:
    with DIRECTORY.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["icon"] for row in rows if row["icon"]}


def fetch(folder: Path, slugs: Iterable[str]) -> tuple[Path, Path]:
    """The npm package, and a folder with the icons' smaller versions."""
    options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]
    run(["npm", "install", *options, "--prefix", str(folder), SIMPLE_ICONS, SVGO])
    package, chosen, small = folder / "node_modules" / "simple-icons", folder / "in", folder / "out"
    chosen.mkdir()
    for slug in slugs:
        if (original := package / "icons" / f"{slug}.svg").exists():
            original.rename(chosen / original.name)
    program = folder / "node_modules" / ".bin" / "svgo"
    run([str(program), "-q", "--multipass", "-p", DECIMALS, "-f", str(chosen), "-o", str(small)])
    return package, small


def run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        sys.exit(f"There is no {command[0]}: apt-get install npm")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{Path(command[0]).name} failed with {error.returncode}; nothing was written.")


def write_files(found: dict[str, str]) -> None:
    contents = {f"{slug}.svg": FILE.format(outline(slug, svg)) for slug, svg in found.items()}
    ICONS.mkdir(exist_ok=True)
    for path in ICONS.iterdir():
        if path.name not in contents:
            path.unlink()
    for name, content in contents.items():
        (ICONS / name).write_text(content)


def outline(slug: str, svg: str) -> str:
    """The one path of an icon."""
    paths = PATH.findall(svg)
    if len(paths) != 1:
        sys.exit(f"The icon {slug} has {len(paths)} paths instead of one; nothing was written.")
    return paths[0]


@dataclass(frozen=True, slots=True)
class Licence:
    """What an owner states about their logo, and where it comes from."""

    stated: str
    source: str


def read_licences(path: Path) -> dict[str, Licence]:
    """By slug; most owners state none."""
    return {
        entry["slug"]: Licence(
            licence["url"] if licence["type"] == "custom" else licence["type"], entry["source"]
        )
        for entry in json.loads(path.read_text())
        if (licence := entry.get("license"))
    }


def is_suitable(licence: Licence | None) -> bool:
    return licence is None or not UNSUITABLE.search(licence.stated)


def write_licences(licences: dict[str, Licence], found: Iterable[str]) -> None:
    """List the icons whose owner states a licence."""
    rows = [
        f"{slug}\t{licences[slug].stated}\t{licences[slug].source}"
        for slug in sorted(licences.keys() & found)
    ]
    LICENCES.write_text("\n".join(["icon\towner's licence\tsource", *rows]) + "\n")
