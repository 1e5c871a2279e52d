"""Merges what a source says about rows besides episodes, from what it said last time."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import CharField, Model, TextField

from notes.merge import Decisions, merge_values
from notes.models import ImportBase, ImportSource
from show.models import Show
from transfer.importers.columns import write_row
from transfer.importers.conflicts import conflict_warning
from transfer.importers.excerpts import LONGEST_SHOWN
from transfer.importers.report import Report

DEFAULT_TITLE = Show._meta.get_field("title").default
ROW = "row"  # the field that conflicts about a whole row name


class RowMerge:
    """One import's merges into the rows of one model.

    `key` is what the source calls a row. Callers hold a transaction, and report the outcomes.
    """

    def __init__(self, model: type[Model], source: str, markup: bool | None = None) -> None:
        """`markup`: as for `Decisions`; a Jekyll site's texts have it."""
        self.model, self.source = model, source
        self.markup = source == ImportSource.JEKYLL if markup is None else markup
        self.table = model._meta.label
        bases = ImportBase.objects.filter(episode=None, source=source, table=self.table)
        self.bases = {base.key: base for base in bases}
        self.merged: set[str] = set()  # keys
        self.unread: set[str] = set()  # keys of which the source says something unknown

    def row(self, key: str) -> Any:
        """The row that the key brought or was merged into, locked; None if it isn't here."""
        base = self.bases.get(key)
        if base is None or base.row is None:
            return None
        return self.model._base_manager.select_for_update().filter(pk=base.row).first()

    def said(self, key: str) -> Mapping[str, Any]:
        """What the source said about the row last time."""
        return self.bases[key].facts if key in self.bases else {}

    def rename(self, key: str, column: str, value: Any, current: Collection[str]) -> None:
        """Give a base whose key the source has no more this one, if both say the same here."""
        old = next(
            (k for k, b in self.bases.items() if k not in current and b.facts.get(column) == value),
            None,
        )
        if key not in self.bases and old is not None:
            self.bases[key] = self.bases.pop(old)

    def gone(self) -> list[str]:
        """The keys that the source had last time, and has no more."""
        return sorted(self.bases.keys() - self.merged - self.unread)

    def merge(
        self,
        key: str,
        row: Model,
        said: Mapping[str, Any],
        report: Report,
        *,
        quiet: bool = False,
        unedited: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """Write what the source changed since its last import; the outcome.

        A row that isn't stored yet is stored, unless the host has deleted what the key brought.
        `quiet`: the first time, what is here already differs without a word. `unedited`: values
        here that neither the host nor a source gave.
        """
        self.merged.add(key)
        base = self.bases.get(key)
        facts = {name: value for name, value in said.items() if value}
        decisions = self._decisions(base, report)
        if row._state.adding:
            before = base.facts if base else None
            chosen = decisions.choose(ROW, before, None, facts, _no_blend)
            values = None if chosen is None else said
        else:
            stored = {name: _stored(row, name) for name in said}
            before = {**unedited, **(base.facts if base else {})}
            values = merge_values(before if base else before or None, stored, said, decisions)
        if quiet and base is None and not report.theirs:
            decisions.conflicts.clear()
        outcome = "unchanged" if values is None else write_row(row, values)[0]
        _report(decisions, key if values is None else row, report)
        if outcome == "changed":
            report.changes(row, decisions.changes)
        self._store(key, row, facts, decisions)
        return outcome

    def delete(self, key: str, row: Model, report: Report) -> bool:
        """Delete the row, as the source did, if it is still as the source had it. True if so."""
        base = self.bases[key]
        decisions = self._decisions(base, report)
        stored = {name: value for name in self._texts(base) if (value := _stored(row, name))}
        if decisions.choose(ROW, base.facts, stored, None, _no_blend) is not None:
            _report(decisions, row, report)
            return False
        row.delete()
        base.delete()
        return True

    def _texts(self, base: ImportBase) -> list[str]:
        """The columns that the source stated, and all others that a host writes texts into."""
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if field.name in base.facts
            or (field.editable and not field.unique and isinstance(field, CharField | TextField))
        ]

    def _decisions(self, base: ImportBase | None, report: Report) -> Decisions:
        return Decisions(report.theirs, base.unsettled if base else (), self.markup)

    def _store(self, key: str, row: Model, facts: Mapping[str, Any], decisions: Decisions) -> None:
        unsettled = [] if decisions.theirs else sorted(c.digest for c in decisions.conflicts)
        values = {"key": key, "row": row.pk, "facts": facts, "unsettled": unsettled}
        old = self.bases.get(key)
        if old is None:
            ImportBase.objects.create(source=self.source, table=self.table, **values)
        elif any(getattr(old, name) != value for name, value in values.items()):
            ImportBase.objects.filter(pk=old.pk).update(**values)


def merge_show(
    show: Show, source: str, key: str, stated: Mapping[str, Any], report: Report
) -> bool:
    """Merge what a source states about the show; True if that changed anything.

    The first time, it only fills what is empty. What a source leaves unsaid stays.
    """
    rows = RowMerge(Show, source)
    before = rows.said(key)
    if not before and "title" in stated and show.title == DEFAULT_TITLE:
        show.title = ""
    return rows.merge(key, show, {**before, **stated}, report, quiet=True) == "changed"


def _report(decisions: Decisions, what: object, report: Report) -> None:
    report.problems(conflict_warning(c, what, decisions.theirs) for c in decisions.conflicts)
    if not decisions.theirs:
        report.differing.update(conflict.field for conflict in decisions.conflicts)
        return
    for conflict in decisions.conflicts:  # these rows have no revisions that hold the text
        if len(conflict.stored) > LONGEST_SHOWN:
            report.note(f"{what}: your {conflict.field} was:\n{conflict.stored}\n")


def _stored(row: Model, column: str) -> Any:
    """The value; a text without the CRLF that browsers submit, which is nobody's edit."""
    value = getattr(row, column)
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _no_blend(stored: Any, incoming: Any) -> None:
    return None
