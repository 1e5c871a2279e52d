"""The menu that somebody sees on a page: what they may open, where they are, what needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse

from desk.sections import SECTIONS, DeskSection, Entry


@dataclass(frozen=True, slots=True)
class MenuLink:
    """`current` is the value of `aria-current`: page, true for pages below it, or empty."""

    label: str
    path: str
    current: str


@dataclass(frozen=True, slots=True)
class MenuCount:
    count: int
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class MenuSection:
    link: MenuLink
    others: list[MenuLink]
    count: MenuCount | None

    @property
    def is_current(self) -> bool:
        return any(each.current for each in (self.link, *self.others))


def menu(request: HttpRequest) -> list[MenuSection]:
    """The sections of which somebody may open anything. One query, for the counts."""
    paths = {entry: path for section in SECTIONS for entry in section.entries
             if (path := path_of(entry, request))}  # fmt: skip
    current = _current(paths, request.path)
    counts = _counts(list(paths))
    return [
        _section(section, shown, paths, current, counts, request.path)
        for section in SECTIONS
        if (shown := [entry for entry in section.entries if entry in paths])
    ]


def first_list(request: HttpRequest, app_label: str) -> str:
    """The address of the app's first list in the menu; empty if this account may open none."""
    entries = (entry for section in SECTIONS for entry in section.entries)
    own = (each for each in entries if _app_of(each) == app_label)
    return next(filter(None, (path_of(entry, request) for entry in own)), "")


def _app_of(entry: Entry) -> str:
    model = entry.stands_for if isinstance(entry.place, str) else entry.place
    return model._meta.app_label if model else ""


def path_of(entry: Entry, request: HttpRequest) -> str:
    """The address of the list or page; empty if this account may not open it."""
    if isinstance(entry.place, str):
        return reverse(entry.place) if entry.allows and entry.allows(request.user) else ""
    model_admin, meta = admin.site._registry[entry.place], entry.place._meta
    route = f"admin:{meta.app_label}_{meta.model_name}"
    if model_admin.has_view_permission(request):
        return reverse(f"{route}_changelist")
    return reverse(f"{route}_add") if model_admin.has_add_permission(request) else ""


def _current(paths: dict[Entry, str], path: str) -> Entry | None:
    """The entry whose addresses begin this path: the longest, if several do."""
    found = [
        (len(start), entry)
        for entry, own in paths.items()
        for start in (own.removesuffix("add/"), *entry.also)
        if path.startswith(start)
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def _section(
    section: DeskSection,
    shown: Sequence[Entry],
    paths: dict[Entry, str],
    current: Entry | None,
    counts: dict[str, int],
    path: str,
) -> MenuSection:
    first, *others = (
        MenuLink(
            entry.label, paths[entry],
            "" if entry is not current else "page" if paths[entry] == path else "true",
        )
        for entry in shown
    )  # fmt: skip
    is_inside = any(each.current for each in others)
    link = MenuLink(section.label, first.path, first.current or "true" * is_inside)
    return MenuSection(link, others, _count(shown, paths, counts))


def _count(
    shown: Sequence[Entry], paths: dict[Entry, str], counts: dict[str, int]
) -> MenuCount | None:
    urgent_first = sorted(shown, key=lambda each: not (each.attention and each.attention.is_urgent))
    for entry in urgent_first:
        if entry.attention and (count := counts.get(entry.label)):
            path = f"{paths[entry]}{entry.attention.query}"
            return MenuCount(count, entry.attention.words, path)
    return None


def _counts(entries: Sequence[Entry]) -> dict[str, int]:
    """How many rows need attention, by the entry's label. One query, or none."""
    parts: list[QuerySet[Any]] = [
        entry.attention.rows()
        .order_by()
        .values(entry=Value(entry.label))
        .annotate(count=Count("pk"))
        for entry in entries
        if entry.attention
    ]
    if not parts:
        return {}
    first, *others = parts
    # In Django 6, a union has the first query's default order.
    rows = first.union(*others, all=True).order_by() if others else first
    return {row["entry"]: row["count"] for row in rows}
