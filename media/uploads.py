"""The size limit of uploads."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class SizeLimit(FileUploadHandler):
    """Refuses a request too large before it reaches the disk. Only staff upload recordings."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length <= small:
            return
        user = getattr(self.request, "user", None)
        most = settings.UPLOAD_MAX_BYTES if user and user.is_staff else small
        if content_length > most:
            raise RequestDataTooBig(f"More than {most // 1024**2} MB can’t be sent here.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
