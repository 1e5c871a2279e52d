"""Two versions of a text as messages show them."""

from os.path import commonprefix

LONGEST_SHOWN = 200  # characters
TYPEWRITTEN = str.maketrans("‘’“”–—", "''\"\"--")  # typography isn't what differs
BEFORE = 40  # characters shown before the place where they differ


def excerpts(one: str, other: str) -> tuple[str, str]:
    """Both in one line each; long ones from shortly before the place where they differ."""
    texts = [" ".join(text.split()) for text in (one, other)]
    common = commonprefix([text.translate(TYPEWRITTEN) for text in texts])
    is_long = max(map(len, texts)) > LONGEST_SHOWN
    start = common.rfind(" ", 0, max(len(common) - BEFORE, 0)) + 1 if is_long else 0
    here, there = (_cut(text, start) for text in texts)
    return here, there


def _cut(text: str, start: int) -> str:
    end = start + LONGEST_SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if text[end:] else ''}"
