"""Whose backups lie at a place: another installation's aren't thinned out, nor added to."""

from urllib.parse import urlsplit

from django.conf import settings

from ops.backups.destinations import Place
from ops.backups.errors import BackupError
from ops.backups.manifest import Owner
from ops.backups.repository import backups
from ops.models import Installation


def ours() -> Owner:
    """The key is the catalogue's, and comes back with it; the host tells a copy of it apart."""
    installation, _ = Installation.objects.get_or_create(pk=1)
    return Owner(str(installation.key), urlsplit(settings.SITE_URL).netloc)


def refuse_others(place: Place) -> None:
    """Raises BackupError where the newest backup of the place is another installation's."""
    own = ours()
    theirs = _newest(place)
    if theirs is None or theirs == own:
        return
    if theirs.site != own.site:
        which = f"backups of {theirs.site}, and this is {own.site}"
    else:
        which = f"backups of another catalogue of {theirs.site}: this one isn't made of them"
    raise BackupError(
        f"In {place} lie {which}. Two installations would remove each other's backups, so nothing "
        "was done. Name a place of its own by BACKUP_URL. If the other one is gone and this takes "
        "its place: manage.py backup --take-over, once."
    )


def _newest(place: Place) -> Owner | None:
    for backup in backups(place):
        try:
            return backup.manifest.owner
        except BackupError:  # it can't be read; the one before it says the same
            continue
    return None
