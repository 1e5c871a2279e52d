"""What can be merged: guests, technologies, libraries; how each hangs on episodes."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from episodes.models import Appearance, LibraryUse, Use
from guests.models import Guest, GuestName
from stack.models import Library, LibraryAddress, Technology, TechnologyName

Named = Guest | Technology | Library
# Follow from others, or are what is merged.
OWN = {"id", "name", "slug", "introduction_html", "renderer", "avatar_source"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One model, its rows in episodes (`uses`), and the names or addresses notes know it by."""

    model: type[Named]
    uses: type[Appearance] | type[Use] | type[LibraryUse]
    relation: str  # of a use to the row
    names: type[GuestName] | type[TechnologyName] | type[LibraryAddress]

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def permission(self) -> str:
        """Who may delete one may merge two: either way a row goes."""
        meta = self.model._meta
        return f"{meta.app_label}.delete_{meta.model_name}"

    @property
    def names_label(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def list_name(self) -> str:
        """Of the list's address."""
        return f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist"

    @property
    def form_name(self) -> str:
        return f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change"

    def uses_of(self, row: Named) -> "models.QuerySet[Any]":
        return self.uses._base_manager.filter(**{self.relation: row})

    def names_of(self, row: Named) -> "models.QuerySet[Any]":
        return self.names._base_manager.filter(**{self.relation: row})

    def blank_fields(self, row: Named) -> list[Any]:
        """Columns that say what a new row would."""
        columns = [field for field in row._meta.concrete_fields if field.name not in OWN]
        return [field for field in columns if not _is_stated(row, field)]


def _is_stated(row: Named, field: Any) -> bool:
    value = getattr(row, field.name)
    return bool(value) and value != field.get_default()


def taken_over(kind: Kind, gone: Named, kept: Named) -> list[Any]:
    """Columns that only the row that goes has filled in."""
    return [field for field in kind.blank_fields(kept) if _is_stated(gone, field)]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(Guest, Appearance, "guest", GuestName),
        Kind(Technology, Use, "technology", TechnologyName),
        Kind(Library, LibraryUse, "library", LibraryAddress),
    )
}
