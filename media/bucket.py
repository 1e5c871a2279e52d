"""Uploads in an S3 bucket, which the environment names (podcast/settings.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from media.storages import IMMUTABLE, StoredFile, Writes

# By a name's ending, what browsers play or show; they download all others, as behind our nginx.
# The uploader's type counts for nothing: a page would run scripts in the bucket's domain.
TYPES = {
    ".avif": "image/avif", ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg",
    ".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".ogg": "audio/ogg",
    ".opus": "audio/ogg", ".png": "image/png", ".wav": "audio/wav", ".webp": "image/webp",
}  # fmt: skip
DOWNLOADED = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}

# boto3's defaults let a dead endpoint hold a thread for minutes.
CONNECT_SECONDS = 5
READ_SECONDS = 20


class Bucket(S3Storage):
    """An S3 bucket that answers or fails within seconds."""

    signature_version = "s3v4"  # the library's default, v2, is refused by newer regions
    file_overwrite = False
    querystring_auth = False  # a signature would expire in the caches of apps and proxies
    object_parameters = {"CacheControl": IMMUTABLE}
    client_config: Config

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        timeouts = {"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS}
        limits = Config(**timeouts, retries={"total_max_attempts": 2})
        self.client_config = self.client_config.merge(limits)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        kind = TYPES.get(PurePosixPath(name).suffix.lower())
        return super().get_object_parameters(name) | ({"ContentType": kind} if kind else DOWNLOADED)

    def save(self, name: str | None, content: File, max_length: int | None = None) -> str:
        """The name it was stored under. Raises OSError."""
        with self._as_os_error(f"store “{name}”"):
            return super().save(name, content, max_length)

    def copy(self, name: str, to: str) -> str:
        """Copy an object of up to 5 GB, with its headers. Raises FileNotFoundError and OSError."""
        source = {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}
        with self._as_os_error(f"copy “{name}”"):
            self.connection.meta.client.copy_object(
                Bucket=self.bucket_name, Key=self._normalize_name(to), CopySource=source
            )
        return to

    def fetch(self, name: str, file: Writes) -> None:
        """Write an object into a file, block by block. Raises FileNotFoundError and OSError."""
        with self._as_os_error(f"read “{name}”"):
            self.bucket.download_fileobj(self._normalize_name(name), file)

    def listing(self, below: str = "") -> Iterator[StoredFile]:
        """Every object whose name begins so. Raises OSError."""
        start = f"{self.location}/" if self.location else ""
        with self._as_os_error("list its objects"):
            for found in self.bucket.objects.filter(Prefix=start + below):
                modified = f"{found.last_modified.isoformat()} {found.e_tag}"
                yield StoredFile(found.key.removeprefix(start), found.size, modified)

    def delete(self, name: str) -> None:
        """Raises OSError."""
        with self._as_os_error(f"delete “{name}”"):
            super().delete(name)

    @contextmanager
    def _as_os_error(self, what: str) -> Iterator[None]:
        """Turn S3's errors into an OSError that names bucket and endpoint."""
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            place = f"bucket “{self.bucket_name}” at {self.endpoint_url or 'AWS'}"
            message = f"The {place} couldn't {what}: {error}"
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
            missing = code in ("NoSuchKey", "404")
            raise (FileNotFoundError if missing else OSError)(message) from error
