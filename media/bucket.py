"""Uploads in an S3 bucket. Which one is a matter of the environment, see podcast/settings.py."""

from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from media.storages import IMMUTABLE

# The library's own limits let a dead endpoint hold a thread for minutes.
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
        limits = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": 2},
        )
        self.client_config = self.client_config.merge(limits)

    def save(self, name: str | None, content: File, max_length: int | None = None) -> str:
        """The name it was stored under.

        Raises OSError, naming bucket and endpoint, when S3 refuses or can't be reached.
        """
        try:
            return super().save(name, content, max_length)
        except (BotoCoreError, ClientError) as error:
            place = f"bucket “{self.bucket_name}” at {self.endpoint_url or 'AWS'}"
            raise OSError(f"The {place} did not take “{name}”: {error}") from error
