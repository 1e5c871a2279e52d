"""The requirements files: made from *.in with uv, and compared with them without a network.

Run in the virtual environment: `python -m deploy.local.pins compile|compare`.
"""

import re
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

SOURCES = [Path(f"requirements{part}.in") for part in ("", "-local", "-dev", "-audit")]
UV_OPTIONS = [
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--python-version=3.11",  # the oldest; --universal adds what newer ones need
    "--universal",
]


def compile_all(arguments: list[str]) -> int:
    """Pin every source; pins that still fit stay, unless the arguments say --upgrade."""
    for source in SOURCES:
        output = ["-o", str(source.with_suffix(".txt")), "--quiet"]
        command = [sys.executable, "-m", "uv", "pip", "compile", *UV_OPTIONS, str(source)]
        if code := subprocess.run([*command, *output, *arguments]).returncode:
            return code
    return 0


def compare_all() -> int:
    """Print where the pins don't fit their sources."""
    problems = [problem for source in SOURCES for problem in compare(source)]
    for problem in problems:
        print(problem)
    if problems:
        print("./run lock pins them anew.")
    return 1 if problems else 0


def compare(source: Path) -> list[str]:
    """What is asked for and not pinned, or pinned for the source and not asked for any more."""
    pins, asked_by_pins = read_pins(source.with_suffix(".txt"), source.name)
    asked = read_source(source)
    problems = [
        f"{source}: {name} is not pinned in {source.stem}.txt"
        for name in sorted(asked.keys() - asked_by_pins)
    ]
    problems += [
        f"{source.stem}.txt: {name} is not asked for by {source} any more"
        for name in sorted(asked_by_pins - asked.keys())
    ]
    problems += [
        f"{source}: asks for {requirement}, pinned is {pins[name]}"
        for name, requirement in asked.items()
        if name in pins and not requirement.specifier.contains(pins[name], prereleases=True)
    ]
    shared, _ = read_pins(Path("requirements.txt"), "requirements.in")
    problems += [
        f"{source.stem}.txt: pins {name} {version}, requirements.txt {shared[name]}"
        for name, version in pins.items()
        if shared.get(name, version) != version
    ]
    return problems


def read_source(source: Path) -> dict[NormalizedName, Requirement]:
    """The packages that an .in file asks for."""
    lines = [line.partition("#")[0].strip() for line in source.read_text().splitlines()]
    requirements = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {canonicalize_name(found.name): found for found in requirements}


def read_pins(path: Path, source: str) -> tuple[dict[NormalizedName, Version], set[NormalizedName]]:
    """All pinned versions, and which of them uv says the source asked for (`# via -r ...`)."""
    pins: dict[NormalizedName, Version] = {}
    asked: set[NormalizedName] = set()
    for block in re.split(r"\n(?=\S)", path.read_text()):
        found = re.match(r"([\w.-]+)==([^\s;\\]+)", block)
        if not found:
            continue
        name = canonicalize_name(found[1])
        pins[name] = Version(found[2])
        if re.search(rf"-r {re.escape(source)}$", block, re.MULTILINE):
            asked.add(name)
    return pins, asked


if __name__ == "__main__":
    action, *rest = sys.argv[1:]
    sys.exit(compile_all(rest) if action == "compile" else compare_all())
