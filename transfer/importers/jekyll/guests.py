"""What posts say about their guests beside the name."""

from dataclasses import dataclass
from pathlib import Path

from guests.models import Guest
from notes.grammar.draft import GuestFacts
from transfer.importers.jekyll.images import Pictures, read_picture

FOLDERS = ("guests", "avatars", "podcast/guests", "")


@dataclass(slots=True)
class GuestDetails:
    """Fills guests' rows; what the host has set stays. `missing` counts pictures not found."""

    pictures: Pictures
    missing: int = 0

    def add(self, facts: GuestFacts) -> list[tuple[str, str, str]]:
        """Fill what the guest's row doesn't say yet.

        Returns what another source, or the host, already says differently: the column, what
        these facts say and what is kept.
        """
        known = Guest.objects.by_name([facts.name])[facts.name]
        guest = Guest.objects.select_for_update().get(pk=known.pk)
        stated = {
            name: value
            for name in ("website", "website_href", "twitter", "avatar_source")
            if (value := getattr(facts, name))
        }
        new = {name: value for name, value in stated.items() if not getattr(guest, name)}
        for name, value in new.items():
            setattr(guest, name, value)
        changed = bool(new) | self._add_avatar(guest)
        if changed:
            guest.save()
        return [
            (name, value, getattr(guest, name))
            for name, value in stated.items()
            if getattr(guest, name) != value
        ]

    def _add_avatar(self, guest: Guest) -> bool:
        if guest.avatar or not guest.avatar_source:
            return False
        found = self._find(guest.avatar_source)
        content = read_picture(found) if found else None
        if not found or not content:
            self.missing += 1
            return False
        guest.avatar.save(found.name, content, save=False)
        return True

    def _find(self, name: str) -> Path | None:
        paths = (self.pictures.find(f"{folder}/{name}") for folder in FOLDERS)
        return next((path for path in paths if path), None)
