"""Guests, technologies and libraries: what episodes name, and how duplicates are merged."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet

from episodes.models import Appearance, LibraryUse, Use
from guests.models import Guest, GuestName
from stack.models import Library, LibraryAddress, Technology, TechnologyName

Entity = Guest | Technology | Library


@dataclass(frozen=True, slots=True)
class EntityKind:
    """A model, its rows in episodes (`uses`), and the names or addresses notes know it by."""

    model: type[Entity]
    uses: type[Appearance] | type[Use] | type[LibraryUse]
    aliases: type[GuestName] | type[TechnologyName] | type[LibraryAddress]

    @property
    def opts(self) -> Any:
        return self.model._meta

    @property
    def name(self) -> str:
        """The kind's name, which `uses` and `aliases` use for their foreign keys, too."""
        return str(self.opts.verbose_name)

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions to merge: it deletes one row, and changes the other and the episodes."""
        own = (get_permission_codename(action, self.opts) for action in ("delete", "change"))
        return (*(f"{self.opts.app_label}.{name}" for name in own), "episodes.change_episode")

    def route(self, page: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"

    def uses_of(self, row: Entity) -> "QuerySet[Any]":
        return self.uses._base_manager.filter(**{self.name: row})

    def aliases_of(self, row: Entity) -> "QuerySet[Any]":
        return self.aliases._base_manager.filter(**{self.name: row})


KINDS = {
    kind.name: kind
    for kind in (
        EntityKind(Guest, Appearance, GuestName),
        EntityKind(Technology, Use, TechnologyName),
        EntityKind(Library, LibraryUse, LibraryAddress),
    )
}
