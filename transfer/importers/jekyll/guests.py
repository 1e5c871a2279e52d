"""Details of guests that posts state besides the name."""

from dataclasses import dataclass, field
from pathlib import Path

from guests.models import Guest
from notes.grammar.draft import GuestFacts
from notes.models import ImportSource
from text.names import normalise_name
from transfer.importers.jekyll.images import Images, read_image
from transfer.importers.report import Report
from transfer.importers.rows import RowMerge

LONGEST_KEY = 200
COLUMNS = ("website", "website_href", "twitter", "avatar_source")
FOLDERS = ("guests", "avatars", "podcast/guests", "")


@dataclass(slots=True)
class GuestDetails:
    """Merges details into guests' rows; the host's own values stay."""

    images: Images
    rows: RowMerge = field(default_factory=lambda: RowMerge(Guest, ImportSource.JEKYLL))
    missing_avatars: int = 0

    def add(self, facts: GuestFacts, post: str, report: Report) -> list[tuple[str, str, str]]:
        """Merge what the post states; what it leaves unsaid stays, for another may say it.

        Returns what differs the first time: the column, this value, the stored one.
        """
        named = Guest.objects.filter(names__normalised=normalise_name(facts.name))
        guest = named.select_for_update(of=("self",)).first()
        if guest is None:  # the host took the guest out
            return []
        stated = {name: value for name in COLUMNS if (value := getattr(facts, name))}
        key = f"{facts.name}: {post}"[:LONGEST_KEY]
        before = self.rows.said(key)
        if stated or before:
            self.rows.merge(key, guest, {**before, **stated}, report, quiet=True)
        if self._add_avatar(guest):
            guest.save()
        return (
            []
            if before
            else [
                (name, value, getattr(guest, name))
                for name, value in stated.items()
                if getattr(guest, name) != value
            ]
        )

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
