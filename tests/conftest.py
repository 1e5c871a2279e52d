"""When tests of the production set-up run."""

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip production tests unless they were asked for: they need Debian's packages."""
    if os.environ.get("CI") or "production" in config.option.markexpr:
        return
    skip = pytest.mark.skip(reason="production set-up: CI runs it, or ./run test -m production")
    for item in items:
        if item.get_closest_marker("production"):
            item.add_marker(skip)
