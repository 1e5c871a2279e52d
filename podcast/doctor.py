"""Whether an installation is fit for its visitors: what `manage.py doctor` prints.

It looks at what it is asked to serve with: settings, database, storage, clock, disk, backups and
the way in. Only the storage is written to, a few bytes that go at once.
"""

import http.client
import secrets
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince

from ops.health import Unhealthy, check_migrations
from ops.models import BackupRecord

OLDEST_POSTGRESQL = 15
FEW_CONNECTIONS = 5
CLOCK = timedelta(seconds=2)
OLD_BACKUP = timedelta(hours=48)
ENOUGH_SPACE = 1024**3
SHORTEST_KEY = 50
FRONT_SECONDS = 10
KNOWN_WORDS = ("insecure", "change", "secret", "example", "password", "key-for")
DATABASE = """
SELECT now(), pg_database_size(current_database()),
       current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity)
"""


class Finding(NamedTuple):
    """One line of the report. Without `mend`, nothing is wrong."""

    subject: str
    text: str
    mend: str = ""


def examine() -> Iterator[Finding]:
    """All that is looked at, in the order in which it is needed."""
    yield debug()
    yield secret_key()
    yield hosts()
    yield from database()
    yield storage()
    yield disk()
    yield from front()


def debug() -> Finding:
    if settings.DEBUG:
        return Finding("Debugging", "errors are shown with their causes", "unset DEBUG")
    return Finding("Debugging", f"off; this is release {settings.RELEASE}")


def secret_key() -> Finding:
    key = settings.SECRET_KEY
    mend = "set SECRET_KEY to what `openssl rand -base64 48` prints; everyone signs in again"
    if len(key) < SHORTEST_KEY:
        return Finding("Secret key", f"{len(key)} characters long", mend)
    if len(set(key)) < len(key) // 4 or any(word in key.lower() for word in KNOWN_WORDS):
        return Finding("Secret key", "can be guessed", mend)
    return Finding("Secret key", f"{len(key)} characters that look random")


def hosts() -> Finding:
    host = urlsplit(settings.SITE_URL).hostname or ""
    allowed = settings.ALLOWED_HOSTS
    if "*" in allowed:
        return Finding("Hosts", "any name is answered to", "name the site's in ALLOWED_HOSTS")
    if not any(host == each or (each[0] == "." and host.endswith(each)) for each in allowed):
        mend = f"add {host}, the host of SITE_URL, to ALLOWED_HOSTS"
        return Finding("Hosts", ", ".join(allowed), mend)
    if not settings.HTTPS:
        return Finding("Hosts", f"{settings.SITE_URL} is not encrypted", "use https:// in SITE_URL")
    return Finding("Hosts", f"{settings.SITE_URL}, and to the names {', '.join(allowed)}")


def database() -> Iterator[Finding]:
    """The server, its clock, the schema and the last backup, if it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(DATABASE)
            now, size, free = cursor.fetchone()
    except Error as error:
        words = str(error).strip().splitlines()[0]
        yield Finding("Database", words, "start it, or mend DATABASE_URL")
        return
    yield server(size, free)
    yield clock(timezone.now() - now)
    yield migrations()
    yield backup()


def server(size: int, free: int) -> Finding:
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    text = f"PostgreSQL {major}, {filesizeformat(size)}, {free} connections free"
    if major < OLDEST_POSTGRESQL:
        return Finding("Database", text, f"move to PostgreSQL {OLDEST_POSTGRESQL} or newer")
    if free < FEW_CONNECTIONS:
        return Finding("Database", text, "raise max_connections, or start fewer workers")
    return Finding("Database", text)


def clock(ahead: timedelta) -> Finding:
    """The database's and this machine's: episodes appear by the latter."""
    seconds = abs(ahead.total_seconds())
    if abs(ahead) > CLOCK:
        text = f"{seconds:.0f} seconds apart from the database's"
        return Finding("Clock", text, "let both machines ask a time server (timedatectl)")
    return Finding("Clock", "agrees with the database's")


def migrations() -> Finding:
    try:
        check_migrations()
    except Unhealthy:
        return Finding("Migrations", "some are not applied", "./run manage migrate")
    return Finding("Migrations", "all applied")


def backup() -> Finding:
    try:
        made_at = BackupRecord.objects.last_verified_at()
    except Error:
        return Finding("Backups", "unknown: the schema is not this release's", "mend that first")
    mend = "./run manage backup --check, and let it run nightly"
    if made_at is None:
        return Finding("Backups", "none was made and read back", mend)
    text = f"the last verified one is {timesince(made_at)} old"
    return Finding("Backups", text, mend if timezone.now() - made_at > OLD_BACKUP else "")


def storage() -> Finding:
    """Writes, reads and removes a few bytes where uploads lie."""
    where = settings.S3_BUCKET or str(settings.MEDIA_ROOT)
    word = secrets.token_bytes(16)
    try:
        name = default_storage.save(f"doctor-{secrets.token_hex(8)}", ContentFile(word))
        try:
            with default_storage.open(name) as file:
                same = file.read() == word
        finally:
            default_storage.delete(name)
    except Exception as error:  # boto3's have no class in common with the disk's
        mend = "check the bucket's name, keys and rights" if settings.S3_BUCKET else f"see {where}"
        return Finding("Storage", f"{where}: {type(error).__name__}: {error}", mend)
    if not same:
        return Finding("Storage", f"{where} gave back other bytes", "do not rely on it")
    return Finding("Storage", f"{where} can be written to and read")


def disk() -> Finding:
    """Room for uploads, which pass through the folder for temporary files."""
    folders = [Path(tempfile.gettempdir())]
    if not settings.S3_BUCKET:
        media = Path(settings.MEDIA_ROOT)
        folders.append(next(path for path in (media, *media.parents) if path.exists()))
    free, folder = min((shutil.disk_usage(path).free, str(path)) for path in folders)
    text = f"{filesizeformat(free)} free at {folder}"
    return Finding("Disk", text, "" if free > ENOUGH_SPACE else "free some space there")


def front() -> Iterator[Finding]:
    """The way visitors come: SITE_URL, through whatever stands before this program."""
    try:
        status, headers = ask("/health")
        metrics, _ = ask("/metrics")
    except ssl.SSLCertVerificationError as error:
        text = f"{settings.SITE_URL}: nobody vouches for its certificate: {error.verify_message}"
        mend = "Caddy's log says why; before DNS leads here, “tls internal” makes it so"
        yield Finding("Front", text, mend)
        return
    except (OSError, http.client.HTTPException) as error:
        mend = "start nginx (docs/deploy.md), or mend SITE_URL"
        yield Finding("Front", f"{settings.SITE_URL} doesn't answer: {error}", mend)
        return
    if status != http.HTTPStatus.OK:
        yield Finding("Front", f"/health says {status}", f"curl {settings.SITE_URL}/health")
    elif "X-Request-ID" not in headers:
        yield Finding("Front", "answers, but it is not this program", "mend SITE_URL")
    else:
        yield Finding("Front", f"{settings.SITE_URL} answers")
    if metrics != http.HTTPStatus.NOT_FOUND:
        text = f"/metrics answers {metrics} to everybody"
        yield Finding("Figures", text, "let only Prometheus' machine reach it")
    else:
        yield Finding("Figures", "not shown to visitors")


def ask(path: str) -> tuple[int, dict[str, str]]:
    """Status and headers. Raises OSError, HTTPException."""
    place = urlsplit(settings.SITE_URL)
    host, port = place.hostname or "", place.port
    connected: http.client.HTTPConnection
    if place.scheme == "https":
        context = ssl.create_default_context()
        connected = http.client.HTTPSConnection(host, port, timeout=FRONT_SECONDS, context=context)
    else:
        connected = http.client.HTTPConnection(host, port, timeout=FRONT_SECONDS)
    try:
        connected.request("GET", path)
        answer = connected.getresponse()
        answer.read(1000)
        return answer.status, dict(answer.headers)
    finally:
        connected.close()
