"""The front's nginx file from its template: for machines without nginx's own image, and tests.

`python3 -m deploy.nginx.render FILE…` prints it, with the values that the files give: lines such as
`FRONT_LISTEN=127.0.0.1:8080`, the last of a name counts.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

TEMPLATE = Path(__file__).parent / "podcast.conf.template"
VARIABLE = re.compile(r"\$\{(FRONT_[A-Z]+)\}")


def render(values: dict[str, str]) -> str:
    """The file with these values. Raises KeyError naming one that is missing."""
    return VARIABLE.sub(lambda match: values[match[1]], TEMPLATE.read_text())


def variables() -> set[str]:
    return set(VARIABLE.findall(TEMPLATE.read_text()))


def given(files: Iterable[Path]) -> dict[str, str]:
    """Each name's value. Raises OSError; ValueError naming a line that gives none."""
    known, values = variables(), dict[str, str]()
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, equals, value = line.partition("=")
            if name not in known or not equals:
                raise ValueError(f"{file}, line {number}: {line}: not one of {sorted(known)}")
            values[name] = value
    return values


if __name__ == "__main__":
    try:
        sys.stdout.write(render(given(map(Path, sys.argv[1:]))))
    except (OSError, ValueError) as error:
        sys.exit(str(error))
