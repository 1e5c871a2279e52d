"""How many chips of technologies a phone shows in one line before “+14”."""

from collections.abc import Iterable

# Pixels: what a phone of 390 leaves beside “+14”, what each chip takes besides its letters.
LINE = 290
CHIP, LETTER = 62, 8
FEWEST_FOLDED = 2  # “+1” would take as much room as the one


def first_line(names: Iterable[str]) -> int:
    """How many of these names fit: at least one, or all of them if hardly any would be folded."""
    widths = [CHIP + LETTER * len(name) for name in names]
    fitting = max(1, sum(sum(widths[: place + 1]) <= LINE for place in range(len(widths))))
    return fitting if len(widths) - fitting >= FEWEST_FOLDED else len(widths)
