"""Stored files that nothing names: a crash between storing a file and committing leaves them.

Once a day `sweep` compares the storage with the rows. What nothing names is removed days later
(episodes.audio_files.remove_discarded), unless something names it by then.
"""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import chain, islice
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Model, Q
from django.utils import timezone

from episodes.models import DiscardedFile, SocialCard
from media.renditions import FOLDER as RENDITIONS
from media.renditions import original_of
from media.storages import StoredFile, listing, unfinished
from notes.models import Revision
from ops.models import Installation
from ops.owner import OWNER, this_owner
from transfer.export.media import FILE_COLUMNS

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
# Long enough for any upload to be committed, and for apps to forget a former cover.
GRACE = timedelta(days=7)
MOST = 100  # found in one sweep
# The folders in which only files are that rows name; texts name those in pictures/.
FOLDERS = ("audio/", "cards/", "episodes/", "guests/", "show/", "uploads/")
PICTURES = ("episodes/", "guests/", "show/")  # with renditions, which follow their originals
TEXTS = (models.TextField, models.URLField)


def sweep() -> str:
    """Find files that nothing names; says how many, if any. Raises OSError; run it again."""
    if not _is_due() or not _is_ours():
        return ""
    named = set(_named())
    for row in DiscardedFile.objects.exclude(keep_until=None):
        if original_of(row.name) in named or _is_in_a_text(original_of(row.name)):
            row.delete()
    named.update(DiscardedFile.objects.values_list("name", flat=True))
    unnamed = (file.name for file in _stored() if original_of(file.name) not in named)
    found = list(islice((name for name in unnamed if not _is_in_a_text(original_of(name))), MOST))
    until = timezone.now() + GRACE
    DiscardedFile.objects.bulk_create(DiscardedFile(name=name, keep_until=until) for name in found)
    if not found:
        return ""
    return f"Nothing names {len(found)} stored files: they are removed in {GRACE.days} days."


def _is_due() -> bool:
    """Whether the last sweep is a day old; only one of two at once is told so."""
    Installation.objects.get_or_create(pk=1)
    now = timezone.now()
    is_due = Q(swept_at=None) | Q(swept_at__lte=now - EVERY) | Q(swept_at__gt=now)
    return bool(Installation.objects.filter(is_due, pk=1).update(swept_at=now))


def _is_ours() -> bool:
    """Whether the storage is this installation's: to a copy of the site, new files are unknown."""
    owner = this_owner()
    # The file is public, unlike the key.
    own = {"key": sha256(owner.installation.encode()).hexdigest(), "site": owner.site}
    if not default_storage.exists(OWNER):
        default_storage.save(OWNER, ContentFile(json.dumps(own).encode()))
        return True
    with default_storage.open(OWNER) as file:
        theirs = json.load(file)
    if theirs != own:
        where = settings.S3_BUCKET or settings.MEDIA_ROOT
        logger.warning(
            "The storage %s is of another installation, %s, and this is %s: files that nothing "
            "names stay. If that installation is gone, delete %s there.",
            where, theirs["site"], own["site"], OWNER,
        )  # fmt: skip
    return theirs == own


def _stored() -> Iterator[StoredFile]:
    folders = (*FOLDERS, *(f"{RENDITIONS}{folder}" for folder in PICTURES))
    return chain(unfinished(), *(listing(folder) for folder in folders))


def _named() -> Iterator[str]:
    """The files that rows and revisions name, also those of episodes in the bin."""
    columns: tuple[tuple[type[Model], str], ...] = (*FILE_COLUMNS, (SocialCard, "file"))
    for model, column in columns:
        yield from model._base_manager.values_list(column, flat=True)
    for column in ("beside__image", "beside__audio__file"):
        yield from Revision.objects.exclude(**{column: None}).values_list(column, flat=True)


def _is_in_a_text(name: str) -> bool:
    """Whether a text, such as a page's, shows the file."""
    return any(
        model._base_manager.filter(
            Q(**{f"{field.name}__contains": name}) | Q(**{f"{field.name}__contains": quote(name)})
        ).exists()
        for model in apps.get_models()
        if (settings.BASE_DIR / model._meta.app_label).is_dir()
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS) and not field.primary_key
    )
