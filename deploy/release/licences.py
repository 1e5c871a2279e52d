"""The licences of the pinned packages, of which `./run audit` accepts only permissive ones.

Run in the virtual environment: `python -m deploy.release.licences`.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

SITE = (Path("requirements.txt"), Path("requirements-local.txt"))
TOOLS = (Path("requirements-dev.txt"), Path("requirements-audit.txt"))
# By SPDX, and as classifiers and licences' own first lines name them.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "PSF-2.0", "Unlicense",
    "Apache Software License", "BSD License", "ISC License", "ISC License (ISCL)", "MIT License",
    "Python Software Foundation License", "The MIT License (MIT)",
}  # fmt: skip
# Other licences that may be in an image, each with its reason.
SITE_EXCEPTIONS = {
    "certifi": "MPL-2.0 binds whoever changes its list of certificates; nobody does",
    "psycopg2-binary": "the LGPL lets any program import an unchanged library",
}
# Nobody is given these: they run on developers' machines.
TOOL_EXCEPTIONS = {
    "certifi": "as above",
    "djlint": "GPL-3.0-or-later, for a program that only reads our templates",
    "fqdn": "MPL-2.0, for a library that nobody changes",
    "hypothesis": "MPL-2.0, for a library that nobody changes",
    "pathspec": "MPL-2.0, for a library that nobody changes",
}


def main() -> int:
    """Print each package whose licence isn't accepted; 1 if there is one."""
    problems = [*unaccepted(SITE, SITE_EXCEPTIONS), *unaccepted(TOOLS, TOOL_EXCEPTIONS)]
    print("\n".join(problems) or "The licences of all packages are permissive, or exceptions.")
    return 1 if problems else 0


def unaccepted(files: Iterable[Path], exceptions: Iterable[str]) -> Iterator[str]:
    """The pinned packages with a licence that is neither permissive nor an exception."""
    for path in files:
        for name in pinned(path):
            licences = find_licences(name)
            if name not in exceptions and not all(map(is_permissive, licences)):
                yield (
                    f"{path}: {name} has the licence {', '.join(licences)}. Take another package, "
                    "or give a reason in deploy/release/licences.py."
                )


def pinned(path: Path) -> list[str]:
    """The packages of a requirements file that are installed on a machine like this one."""
    lines = re.findall(r"^[\w.-]+==[^\\\n]*", path.read_text(), re.MULTILINE)
    requirements = [Requirement(line) for line in lines]
    return [each.name for each in requirements if not each.marker or each.marker.evaluate()]


def find_licences(name: str) -> list[str]:
    """What an installed package says of its licence, in the most exact of four ways."""
    distribution = metadata.distribution(name)
    about = distribution.metadata
    if "License-Expression" in about:
        return [about["License-Expression"]]
    classifiers = [each.split(" :: ") for each in about.get_all("Classifier", [])]
    if licences := [each[-1] for each in classifiers if each[0] == "License"]:
        return licences
    if "License" in about:
        return [about["License"]]
    files = [path for path in distribution.files or [] if path.name.startswith("LICEN")]
    return [path.read_text().strip().partition("\n")[0] for path in files] or ["none"]


def is_permissive(licence: str) -> bool:
    """Whether one of an SPDX expression's alternatives is. Parentheses aren't understood."""
    choices = licence.split(" OR ")
    return any(all(part in PERMISSIVE for part in choice.split(" AND ")) for choice in choices)


if __name__ == "__main__":
    sys.exit(main())
