"""The front's nginx file from its template: for machines without nginx's own image, and tests."""

import re
from pathlib import Path

TEMPLATE = Path(__file__).parent / "podcast.conf.template"
VARIABLE = re.compile(r"\$\{(FRONT_[A-Z]+)\}")


def render(values: dict[str, str]) -> str:
    """The file with these values. Raises KeyError naming one that is missing."""
    return VARIABLE.sub(lambda match: values[match[1]], TEMPLATE.read_text())


def variables() -> set[str]:
    return set(VARIABLE.findall(TEMPLATE.read_text()))
