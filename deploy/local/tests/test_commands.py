"""What `./run bench` does before it measures."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from deploy.local import commands
from deploy.local.installation import Installation


@pytest.mark.parametrize("is_private", [True, False])
def test_a_benchmark_finds_its_own_site_ready_and_leaves_another_alone(
    monkeypatch: pytest.MonkeyPatch, is_private: bool
):
    done: list[str] = []

    @contextmanager
    def installation(command: str) -> Iterator[Installation]:
        yield Installation({}, cast(Any, object()) if is_private else None)

    def run(command: list[str], env: dict[str, str], cwd: Any) -> int:
        done.append(command[-1])
        return 0

    monkeypatch.setattr(commands, "installation", installation)
    monkeypatch.setattr(commands, "prepare", lambda here, *options: done.extend(options))
    monkeypatch.setattr(commands, "run_in_foreground", run)
    assert commands.bench("listeners") == 0
    assert done == (["--static", "listeners"] if is_private else ["listeners"])
