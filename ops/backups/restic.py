"""restic, which encrypts, deduplicates and stores backups: running it on what BACKUP_URL names."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from ops.backups.errors import BackupError
from ops.backups.programs import ProgramFailed, run
from ops.owner import system_user

EXAMPLES = "file:///srv/backups, s3://bucket/prefix or sftp://USER@HOST/FOLDER"
NO_DESTINATION = f"BACKUP_URL is not set. It says where backups go: {EXAMPLES}."
NO_RESTIC = "restic isn't installed, which makes backups. Debian: apt-get install restic"
UNENCRYPTED = (
    "BACKUP_PASSWORD is not set. It encrypts backups: docs/backups.md says where to put it, and to "
    "save a copy elsewhere, without which no backup can be read."
)
# A short command gets this long: newer versions try for 15 minutes to reach a bucket that is none.
REACHED_WITHIN = 60  # seconds
# What restic says, as patterns, and what to say instead.
EXPLAINED = {
    r"(?<!\S){url}(/\S*)?: permission denied": "{user} can't read or write everything in {url}: "
    "chown -R {user} {url}",
    "wrong password": "BACKUP_PASSWORD isn't the password of the backups in {url}. Write the one "
    "that you saved, and once: of several lines in a file, the last one counts.",
    "bucket does not exist": "The bucket of BACKUP_URL, {url}, doesn't exist. Make it.",
    "already locked": "Another restic works in {url}, or was killed there. Wait; if none runs any "
    "more, on any machine: manage.py restic unlock --remove-all",
    "no space left": "No room left in {url}. Complete backups remain valid. Free some space there, "
    "or name another destination in BACKUP_URL.",
}


class NoRepository(BackupError):
    pass


@dataclass(frozen=True, slots=True)
class Repository:
    """`folder` is where it is, if it is on this machine; `environment` has its secrets."""

    url: str
    folder: Path | None
    options: tuple[str, ...]
    environment: Mapping[str, str]

    def __str__(self) -> str:
        return str(self.folder or self.url)

    def run(self, *arguments: str, folder: Path | None = None, seconds: int | None = None) -> str:
        """restic's output. Raises BackupError, such as ProgramFailed."""
        if "RESTIC_PASSWORD" not in self.environment:
            raise BackupError(UNENCRYPTED)
        try:
            command = (*self.options, *arguments)
            return run(program(), command, self.environment, folder, seconds)
        except ProgramFailed as error:
            for pattern, sentence in EXPLAINED.items():
                if re.search(pattern.replace("{url}", re.escape(str(self))), error.message):
                    raise BackupError(sentence.format(url=self, user=system_user())) from error
            if "unable to open config file" in error.message:
                raise NoRepository(f"There is no backup in {self}.") from error
            raise


def program() -> Path:
    """Raises BackupError."""
    if found := shutil.which("restic"):
        return Path(found)
    raise BackupError(NO_RESTIC)


def repository() -> Repository:
    """The repository of BACKUP_URL. Raises BackupError if there can't be one."""
    if not settings.BACKUP_URL:
        raise BackupError(NO_DESTINATION)
    folder, location = located(settings.BACKUP_URL)
    s3 = {"addressing_style": "auto", **settings.BACKUP_S3}
    environment = {
        "RESTIC_REPOSITORY": location,
        "RESTIC_PASSWORD": settings.BACKUP_PASSWORD,
        "AWS_ACCESS_KEY_ID": s3.get("access_key"),
        "AWS_SECRET_ACCESS_KEY": s3.get("secret_key"),
        "AWS_DEFAULT_REGION": s3.get("region_name"),
        "TZ": "UTC",
        # Less memory, for some more computing; both are variables of Go.
        "GOGC": "20",
        "GOMEMLIMIT": "40MiB",
    }
    lookup = {"virtual": "dns"}.get(s3["addressing_style"], s3["addressing_style"])
    cache = "--no-cache" if folder else f"--cache-dir={settings.BACKUP_CACHE / 'restic'}"
    options = (cache, f"--option=s3.bucket-lookup={lookup}")
    given = {name: value for name, value in environment.items() if value}
    return Repository(settings.BACKUP_URL, folder, options, given)


def located(url: str) -> tuple[Path | None, str]:
    """The folder, if it is one, and the address as restic writes it."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme == "file" and not parts.netloc and path.strip("/"):
        if Path(path).is_dir():
            return Path(path), path
        # It isn't made: its disk may not be mounted just now.
        raise BackupError(
            f"The folder {path} of BACKUP_URL doesn't exist. Mount its disk, or make it: "
            f"install -d -m 700 -o {system_user()} {path}"
        )
    if parts.scheme == "s3" and parts.netloc:
        endpoint = settings.BACKUP_S3.get("endpoint_url") or "https://s3.amazonaws.com"
        return None, f"s3:{endpoint.rstrip('/')}/{parts.netloc}/{path.strip('/')}".rstrip("/")
    if parts.scheme == "sftp" and parts.hostname and path.strip("/"):
        return None, f"sftp://{parts.netloc}/{parts.path}"
    raise BackupError(f"BACKUP_URL is “{url}”, which isn't a destination: {EXAMPLES}.")


def remove_packs(repository: Repository, packs: list[str]) -> None:
    """As `restic repair packs`, which 0.14 hasn't got: the next backup stores again what it can."""
    listed = repository.run("list", "packs", "--no-lock").split()
    for pack in set(packs).intersection(listed):
        _delete(repository, f"data/{pack[:2]}/{pack}")
    repository.run("rebuild-index")


def _delete(repository: Repository, name: str) -> None:
    parts = urlsplit(repository.url)
    path = unquote(parts.path)
    if repository.folder:
        (repository.folder / name).unlink()
    elif parts.scheme == "s3":
        options = {option: value for option, value in settings.BACKUP_S3.items() if value}
        bucket = import_string("media.bucket.Bucket")  # S3's client costs 9 MB of memory
        bucket(bucket_name=parts.netloc, location=path.strip("/"), **options).delete(name)
    else:
        host = parts.netloc.removesuffix(f":{parts.port}")
        port = ["-P", str(parts.port)] if parts.port else []
        with NamedTemporaryFile("w") as batch:
            batch.write(f'rm "{path}/{name}"\n')
            batch.flush()
            run(Path("sftp"), ["-b", batch.name, *port, host], {})
