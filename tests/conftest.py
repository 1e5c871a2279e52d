"""When tests run that need more than Python and a Chromium."""

import os

import pytest

ASKED_FOR = ("production", "clients")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip these unless they were asked for: they need Debian's packages, and npm's."""
    for mark in ASKED_FOR:
        if os.environ.get("CI") or mark in config.option.markexpr:
            continue
        skip = pytest.mark.skip(reason=f"CI runs it, or ./run test -m {mark}")
        for item in items:
            if item.get_closest_marker(mark):
                item.add_marker(skip)
