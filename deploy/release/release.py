"""`./run release X.Y.Z`: numbers what is unreleased, and commits and tags it."""

import re
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

from deploy.local.environment import ROOT

PROJECT = "pyproject.toml"
CHANGELOG = "CHANGELOG.md"
UPGRADES = "docs/upgrade.md"
UNRELEASED = re.compile(r"(?<=^## \[Unreleased\]\n)(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# The comment says who adds to the section, and stays above it.
NEXT = re.compile(
    r"(?<=^## To the next version\n)(\n<!--.*?-->\n)(.*?)(?=^## )", re.MULTILINE | re.DOTALL
)


def release(version: str = "") -> int:
    """Make the version of that number from this checkout."""
    make_release(ROOT, version, datetime.now(UTC).date())
    print(f"{version} is committed and tagged. Publish it: git push --follow-tags origin main")
    return 0


def make_release(root: Path, version: str, today: date) -> None:
    """Number the sections, commit and tag; exits with the reason if that can't be."""
    texts = {name: (root / name).read_text(encoding="utf-8") for name in (PROJECT, CHANGELOG)}
    former: str = tomllib.loads(texts[PROJECT])["project"]["version"]
    if problem := find_problem(root, version, former, texts[CHANGELOG]):
        sys.exit(f"No release: {problem}")
    texts[PROJECT] = texts[PROJECT].replace(f'\nversion = "{former}"', f'\nversion = "{version}"')
    texts[CHANGELOG] = UNRELEASED.sub(rf"\n## [{version}] - {today}\n\1", texts[CHANGELOG])
    texts[UPGRADES] = NEXT.sub(
        lambda found: f"{found[1]}\n## To {version}\n{found[2]}" if found[2].strip() else found[0],
        (root / UPGRADES).read_text(encoding="utf-8"),
    )
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    git(root, "commit", "--quiet", "--all", f"--message=Version {version}")
    git(root, "tag", "--annotate", version, f"--message=Version {version}")


def find_problem(root: Path, version: str, former: str, changelog: str) -> str:
    """What stands in the way of this version, or nothing."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        return f"./run release X.Y.Z, such as {former} with a number raised."
    if numbers(version) <= numbers(former):
        return f"{version} isn't newer than {former}, the version in {PROJECT}."
    if (branch := git(root, "branch", "--show-current")) != "main":
        return f"this is {branch or 'no branch'}, and versions are made of main."
    if changes := git(root, "status", "--porcelain"):
        return f"commit or remove these first:\n{changes}"
    if git(root, "tag", "--list", version):
        return f"there is a tag {version} already."
    found = UNRELEASED.search(changelog)
    if not found or not re.search(r"^- ", found[1], re.MULTILINE):
        return f"{CHANGELOG} has no entries under “## [Unreleased]”."
    return ""


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def git(root: Path, *arguments: str) -> str:
    """What git prints; where it fails, its own message is on the terminal."""
    ran = subprocess.run(["git", *arguments], cwd=root, stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        sys.exit(f"git {arguments[0]} failed, as it says above.")
    return ran.stdout.rstrip("\n")
