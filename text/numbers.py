"""Counts in words short enough to read at a glance."""

EXACT_UP_TO = 1_000


def short_count(count: int) -> str:
    """`999`, `1,000`, and `1,000+` for whatever is more."""
    return f"{min(count, EXACT_UP_TO):,}{'+' if count > EXACT_UP_TO else ''}"
