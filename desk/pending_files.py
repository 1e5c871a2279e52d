"""A chosen file waits on the server while another field of its form is mended.

Browsers drop chosen files from a form that comes back with errors.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core import signing
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from episodes.audio_files import UPLOAD_LIFETIME
from episodes.models import DiscardedFile

logger = logging.getLogger(__name__)

FOLDER = "uploads/"
SALT = "desk.pending_files"
LONGEST_NAME = 100


class PendingFileInput(AdminFileWidget):
    """Also takes a file that waits; `pending` is its token, which the form sends again."""

    pending = ""
    is_lost = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        token = data.get(f"{name}-pending", "")
        if value is not None or not token or f"{name}-drop" in data:
            return value
        waiting = _opened(token)
        self.pending, self.is_lost = (token, False) if waiting else ("", True)
        return waiting

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        is_omitted = super().value_omitted_from_data(data, files, name)
        return is_omitted and f"{name}-pending" not in data

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        file = _read(self.pending)
        if file and "data-picture" in self.attrs:
            self.attrs["data-picture"] = default_storage.url(file.stored)
        shown = super().render(name, value, *args, **kwargs)
        context = {"name": name, "token": self.pending, "file": file}
        is_told = bool(file) or self.is_lost
        told = render_to_string("admin/desk/pending_file.html", context) if is_told else ""
        return format_html('<div class="file-field">{}{}</div>', shown, told)


def store_chosen_files(form: forms.BaseForm) -> None:
    """Store the valid files that were chosen in a refused form, for its next submission.

    One that can't be stored has to be chosen again, which its field then says.
    """
    for name, field in form.fields.items():
        file = getattr(form, "cleaned_data", {}).get(name)
        widget = field.widget
        if not isinstance(widget, PendingFileInput) or not isinstance(file, UploadedFile):
            continue
        if widget.pending:
            continue
        try:
            widget.pending = _stored(file)
        except (OSError, SuspiciousFileOperation):
            logger.exception("A chosen file could not be stored")
            widget.is_lost = True


@dataclass(frozen=True, slots=True)
class PendingFile:
    stored: str  # its name in the storage
    name: str  # on the host's computer
    size: int  # bytes


def _stored(file: UploadedFile) -> str:
    """Store the file for UPLOAD_LIFETIME, after which `tick` removes it; its token.

    Raises OSError, and SuspiciousFileOperation for a name without a letter or digit.
    """
    original = file.name or ""
    folder = f"{FOLDER}{secrets.token_hex(16)}"
    name = f"{folder}/{default_storage.get_valid_name(original)[-LONGEST_NAME:]}"
    until = timezone.now() + UPLOAD_LIFETIME + timedelta(hours=1)
    DiscardedFile.objects.create(name=name, keep_until=until)
    file.seek(0)
    stored = default_storage.save(name, file)
    return signing.dumps([stored, original, file.size], salt=SALT)


def _read(token: str) -> PendingFile | None:
    """None for a token that isn't ours, or is too old."""
    try:
        return PendingFile(*signing.loads(token, salt=SALT, max_age=UPLOAD_LIFETIME))
    except signing.BadSignature:
        return None


def _opened(token: str) -> UploadedFile | None:
    """The waiting file. None if it is gone."""
    pending = _read(token)
    if pending is None or not default_storage.exists(pending.stored):
        return None
    return UploadedFile(default_storage.open(pending.stored), pending.name, size=pending.size)
