"""Details of guests that posts state besides the name."""

from dataclasses import dataclass
from pathlib import Path

from guests.models import Guest
from notes.grammar.draft import GuestFacts
from transfer.importers.columns import fill_empty
from transfer.importers.jekyll.images import Images, read_image

COLUMNS = ("website", "website_href", "twitter", "avatar_source")
FOLDERS = ("guests", "avatars", "podcast/guests", "")


@dataclass(slots=True)
class GuestDetails:
    """Fills empty columns of guests' rows; the host's own values stay."""

    images: Images
    missing_avatars: int = 0

    def add(self, facts: GuestFacts) -> list[tuple[str, str, str]]:
        """Fill empty columns. Returns differing ones: the column, this value, the stored one."""
        pk = Guest.objects.by_name([facts.name])[facts.name].pk
        guest = Guest.objects.select_for_update().get(pk=pk)
        stated = {name: getattr(facts, name) for name in COLUMNS}
        filled = fill_empty(guest, stated)
        if self._add_avatar(guest) or filled:
            guest.save()
        return [
            (name, value, getattr(guest, name))
            for name, value in stated.items()
            if value and getattr(guest, name) != value
        ]

    def _add_avatar(self, guest: Guest) -> bool:
        if guest.avatar or not guest.avatar_source:
            return False
        found = self._find(guest.avatar_source)
        content = read_image(found) if found else None
        if not found or not content:
            self.missing_avatars += 1
            return False
        if self.images.dry_run:
            return False
        guest.avatar.save(found.name, content, save=False)
        return True

    def _find(self, name: str) -> Path | None:
        paths = (self.images.find(f"{folder}/{name}") for folder in FOLDERS)
        return next(filter(None, paths), None)
