"""Clocks, spreads, and a table of figures beside their targets."""

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection

Item = TypeVar("Item")


@dataclass(slots=True)
class Figures:
    """Measurements beside their targets."""

    lines: list[tuple[str, str, str, str]] = field(default_factory=list)

    def at_most(self, what: str, value: float, most: float, unit: str) -> None:
        self._add(what, value, f"≤ {most:g} {unit}", unit, met=value <= most)

    def at_least(self, what: str, value: float, least: float, unit: str) -> None:
        self._add(what, value, f"≥ {least:g} {unit}", unit, met=value >= least)

    def print(self) -> None:
        print(f"\n{'':46} {'measured':>12} {'target':>12}  met")
        for what, value, target, met in self.lines:
            print(f"{what:46} {value:>12} {target:>12}  {met}")

    def _add(self, what: str, value: float, target: str, unit: str, *, met: bool) -> None:
        self.lines.append((what, f"{value:.3g} {unit}", target, "yes" if met else "NO"))


class Clock:
    """Milliseconds of all database statements, and of those that contain `watched`.

    Without COMMIT, which a wrapper doesn't see.
    """

    def __init__(self, watched: str = "") -> None:
        self.watched = watched
        self.ms = self.watched_ms = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            ms = ms_since(started)
            self.ms += ms
            self.watched_ms += ms if self.watched and self.watched in sql else 0

    def __enter__(self) -> "Clock":
        connection.execute_wrappers.append(self)
        return self

    def __exit__(self, *exception: object) -> None:
        connection.execute_wrappers.remove(self)


def ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def interleaved(actions: Sequence[Callable[[], Any]], rounds: int) -> list[float]:
    """The median ms of each action; each round runs all of them once."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for times, action in zip(taken, actions, strict=True):
            started = time.perf_counter()
            action()
            times.append(ms_since(started))
    return [statistics.median(times) for times in taken]


def progressing(items: Sequence[Item]) -> Iterator[Item]:
    """The items, with their count on a terminal."""
    for place, item in enumerate(items, 1):
        if sys.stderr.isatty():
            print(f"\r{place}/{len(items)} ", end="", file=sys.stderr, flush=True)
        yield item


def p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def spread(values: Sequence[float]) -> str:
    """p50/p95/max."""
    return "/".join(
        f"{value:.3g}" for value in (statistics.median(values), p95(values), max(values))
    )


def print_kinds(kinds: Sequence[str], columns: dict[str, Sequence[float]]) -> None:
    """A line for each kind, and one for all: p50/p95/max in every column."""
    print(f"{'':28}" + "".join(f"{name:>20}" for name in columns))
    names = [*dict.fromkeys(kinds)]
    for kind in names if len(names) == 1 else [*names, "all"]:
        cells = (spread(of_kind(values, kinds, kind)) for values in columns.values())
        print(f"{kind:28}" + "".join(f"{cell:>20}" for cell in cells))


def of_kind(values: Sequence[float], kinds: Sequence[str], kind: str) -> list[float]:
    return [value for value, its in zip(values, kinds, strict=True) if kind in (its, "all")]


def print_slowest(ms: Sequence[float], names: Sequence[str], most: int) -> None:
    for taken, name in sorted(zip(ms, names, strict=True), reverse=True)[:most]:
        print(f"  {taken:8.1f} {name}")
