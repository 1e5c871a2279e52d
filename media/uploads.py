"""Limits of uploads: their size, and the disk."""

import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.db import Error

logger = logging.getLogger(__name__)

RESERVED = 20  # one part of so many of the disk stays free for the database and the logs


class SizeLimit(FileUploadHandler):
    """Refuses a request too large before it reaches the disk, and a file that would fill it.

    Only staff upload recordings.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length <= small:
            return
        most = settings.UPLOAD_MAX_BYTES if self._is_from_staff() else small
        if content_length > most:
            raise RequestDataTooBig(f"More than {most // 1024**2} MB can’t be sent here.")

    def _is_from_staff(self) -> bool:
        """Also without a database: the view then returns what was typed beside the file."""
        user = getattr(self.request, "user", None)
        try:
            return bool(user and user.is_staff)
        except Error:
            logger.warning("Nobody knows who uploads: the database doesn't answer", exc_info=True)
            return True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        # At each chunk: nobody knows how many other uploads are being written.
        if len(raw_data) > free_bytes(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()):
            raise RequestDataTooBig("The disk is nearly full.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def free_bytes(folder: Path | str) -> int:
    """What uploads may still take of the disk that this folder is on, or will be on."""
    folder = Path(folder).absolute()
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    disk = shutil.disk_usage(existing)
    return max(0, disk.free - disk.total // RESERVED)
