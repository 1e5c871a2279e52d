"""The checks of `manage.py doctor`: whether an installation is fit for visitors.

They cover settings, database, storage, clock, disk, backups and the reverse proxy. Only the
storage is written to, a few bytes that are removed at once.
"""

import http.client
import secrets
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPMessage
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

from ops.models import BackupRecord
from ops.monitoring import Unhealthy, check_migrations
from search.vectors import VectorState, vector_state
from show.clock.reading import current_clock, jump

OLDEST_POSTGRESQL = 15
FEW_CONNECTIONS = 5
MAX_CLOCK_SKEW = timedelta(seconds=2)
OLD_BACKUP = timedelta(hours=48)
ENOUGH_SPACE = 1024**3
SHORTEST_KEY = 50
TIMEOUT_SECONDS = 10
GUESSABLE = ("insecure", "change", "secret", "example", "password", "key-for")
DATABASE = """
SELECT pg_database_size(current_database()),
       current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity),
       clock_timestamp()
"""

# Whether this role may change more than rows.
ROLE = """
SELECT rolname, rolsuper, EXISTS (SELECT FROM pg_tables WHERE tableowner = rolname
                                  AND tablename = 'django_migrations')
FROM pg_roles WHERE rolname = current_user
"""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PRIVATE_SOCKET = "/catalogue-socket-"  # of the server that `./run` starts (deploy.local.postgres)


class Diagnosis(NamedTuple):
    """A line of the report. Without a remedy, nothing is wrong."""

    subject: str
    text: str
    remedy: str = ""


def diagnose() -> Iterator[Diagnosis]:
    yield debug()
    yield secret_key()
    yield hosts()
    yield from database()
    yield storage()
    yield disk()
    yield from reverse_proxy()


def debug() -> Diagnosis:
    if settings.DEBUG:
        return Diagnosis("Debugging", "visitors see errors with their causes", "unset DEBUG")
    return Diagnosis("Debugging", f"off; this is release {settings.RELEASE}")


def secret_key() -> Diagnosis:
    key = settings.SECRET_KEY
    remedy = "set SECRET_KEY to the output of `openssl rand -base64 48`; everyone signs in again"
    if len(key) < SHORTEST_KEY:
        return Diagnosis("Secret key", f"{len(key)} characters long", remedy)
    if len(set(key)) < len(key) // 4 or any(word in key.lower() for word in GUESSABLE):
        return Diagnosis("Secret key", "can be guessed", remedy)
    return Diagnosis("Secret key", f"{len(key)} characters that look random")


def hosts() -> Diagnosis:
    host = urlsplit(settings.SITE_URL).hostname or ""
    allowed = settings.ALLOWED_HOSTS
    names = ", ".join(allowed)
    if "*" in allowed:
        return Diagnosis("Hosts", "any name is allowed", "name only the site's in ALLOWED_HOSTS")
    if not any(host == each or (each[0] == "." and host.endswith(each)) for each in allowed):
        return Diagnosis("Hosts", names, f"add {host}, the host of SITE_URL, to ALLOWED_HOSTS")
    if settings.PRIVATE and host in LOOPBACK:
        return Diagnosis("Hosts", f"{settings.SITE_URL}, for this machine alone")
    if not settings.HTTPS:
        text = f"{settings.SITE_URL} is not encrypted"
        return Diagnosis("Hosts", text, "use https:// in SITE_URL")
    return Diagnosis("Hosts", f"{settings.SITE_URL}, allowed: {names}")


def database() -> Iterator[Diagnosis]:
    """The server, its clock, the schema and the last backup, if it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(DATABASE)
            size, free, now = cursor.fetchone()
            ahead = timezone.now() - now
    except Error as error:
        message = str(error).strip().splitlines()[0]
        yield Diagnosis("Database", message, "start it, or correct DATABASE_URL")
        return
    yield server(size, free)
    yield clock(ahead)
    yield migrations()
    yield role()
    yield from of_this_schema()


def server(size: int, free: int) -> Diagnosis:
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    text = f"PostgreSQL {major}, {filesizeformat(size)}, {free} connections free"
    remedy = "raise max_connections, or start fewer workers" if free < FEW_CONNECTIONS else ""
    if major < OLDEST_POSTGRESQL:
        remedy = f"upgrade to PostgreSQL {OLDEST_POSTGRESQL} or newer"
    return Diagnosis("Database", text, remedy)


def clock(ahead: timedelta) -> Diagnosis:
    """Compares this machine's clock, by which episodes are published, with the database's."""
    if abs(ahead) > MAX_CLOCK_SKEW:
        text = f"{abs(ahead.total_seconds()):.0f} seconds apart from the database's"
        return Diagnosis("Clock", text, "synchronise both machines (timedatectl)")
    return Diagnosis("Clock", "agrees with the database's")


def migrations() -> Diagnosis:
    try:
        check_migrations()
    except Unhealthy:
        return Diagnosis("Migrations", "some are not applied", "./run manage migrate")
    return Diagnosis("Migrations", "all applied")


def role() -> Diagnosis:
    """Whether the site could do more to its database than read and write rows."""
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        name, is_superuser, is_owner = cursor.fetchone()
    if not is_superuser and not is_owner:
        return Diagnosis("Role", f"{name} reads and writes rows, nothing else")
    text = f"{name} {'is a superuser' if is_superuser else 'owns the tables'}"
    if PRIVATE_SOCKET in connection.settings_dict["HOST"]:
        return Diagnosis("Role", f"{text}, which suits a private installation alone")
    return Diagnosis("Role", text, "give the site its own: docs/deploy.md, “Database roles”")


def of_this_schema() -> Iterator[Diagnosis]:
    try:
        found = [search(), *jumps(), *backups()]
    except Error:
        unknown = "unknown: the schema is not this release's"
        found = [Diagnosis("Backups", unknown, "fix that first")]
    yield from found


def search() -> Diagnosis:
    """Whether it finds by meaning what was asked in other words."""
    with connection.cursor() as cursor:
        state = vector_state(cursor)
    where = "docs/deploy.md, “Search by meaning”"
    if state == VectorState.NO_EXTENSION:
        return Diagnosis("Search", f"by words alone: the database has no pgvector ({where})")
    if state == VectorState.USELESS_EXTENSION:
        text = "by words alone: pgvector is older than 0.7, or its files are gone"
        return Diagnosis("Search", text, f"install it: {where}")
    if state == VectorState.INCOMPLETE:
        text = "vectors are missing, or of another release's words"
        return Diagnosis("Search", text, "./run manage rebuild_search")
    return Diagnosis("Search", "by words and by meaning")


def jumps() -> Iterator[Diagnosis]:
    """What `tick` and `backup` have noticed of the clock (show.clock.jumps)."""
    read = current_clock()
    if not read.is_settled:
        text = f"{jump(read)} Nothing is removed by its age until it has been right for a day"
        yield Diagnosis("Clock", text, "check it: date, timedatectl")


def backups() -> Iterator[Diagnosis]:
    made_at = BackupRecord.objects.last_verified_at()
    remedy = "./run manage backup --check, and schedule it nightly"
    if made_at is None and settings.PRIVATE and not settings.BACKUP_URL:
        yield Diagnosis("Backups", "none, as BACKUP_URL is unset: docs/backups.md")
    elif made_at is None:
        yield Diagnosis("Backups", "there is no verified backup", remedy)
    else:
        is_old = timezone.now() - made_at > OLD_BACKUP
        text = f"the last verified one is {timesince(made_at)} old"
        yield Diagnosis("Backups", text, remedy if is_old else "")
    if future := ", ".join(map(str, BackupRecord.objects.future())):
        text = f"dated in the future, and so not counted: {future}"
        yield Diagnosis("Backups", text, "correct the clock; if it is right, move them away")


def storage() -> Diagnosis:
    """Writes, reads and removes a few bytes in the storage of uploads."""
    where = settings.S3_BUCKET or str(settings.MEDIA_ROOT)
    content = secrets.token_bytes(16)
    try:
        name = default_storage.save(f"doctor-{secrets.token_hex(8)}", ContentFile(content))
        try:
            with default_storage.open(name) as file:
                is_same = file.read() == content
        finally:
            default_storage.delete(name)
    except Exception as error:  # boto3's exceptions and the disk's have no common class
        text = f"{where}: {type(error).__name__}: {error}"
        bucket = "check the bucket's name, keys and rights"
        return Diagnosis("Storage", text, bucket if settings.S3_BUCKET else f"see {where}")
    if not is_same:
        return Diagnosis("Storage", f"{where} returned other bytes", "do not rely on it")
    return Diagnosis("Storage", f"{where} can be written to and read")


def disk() -> Diagnosis:
    """Space for uploads, which pass through the folder for temporary files."""
    folders = [Path(tempfile.gettempdir())]
    if not settings.S3_BUCKET:
        media = Path(settings.MEDIA_ROOT)
        folders.append(next(path for path in (media, *media.parents) if path.exists()))
    free, folder = min((shutil.disk_usage(path).free, str(path)) for path in folders)
    text = f"{filesizeformat(free)} free at {folder}"
    return Diagnosis("Disk", text, "" if free > ENOUGH_SPACE else "free some space there")


def reverse_proxy() -> Iterator[Diagnosis]:
    """Requests SITE_URL as visitors do, through whatever is in front of the site."""
    url = settings.SITE_URL
    try:
        status, headers = get("/health")
        metrics, _ = get("/metrics")
    except ssl.SSLCertVerificationError as error:
        text = f"{url}: its certificate isn't trusted: {error.verify_message}"
        remedy = "Caddy's log says why; before DNS points here, “tls internal” is the reason"
        yield Diagnosis("Proxy", text, remedy)
        return
    except (OSError, http.client.HTTPException) as error:
        remedy = "start nginx (docs/deploy.md), or correct SITE_URL"
        remedy = "./run serve" if settings.PRIVATE else remedy
        yield Diagnosis("Proxy", f"{url} doesn't answer: {error}", remedy)
        return
    if status != http.HTTPStatus.OK:
        yield Diagnosis("Proxy", f"/health answers {status}", f"curl {url}/health")
    elif "X-Request-ID" not in headers:
        yield Diagnosis("Proxy", f"{url} is another program", "correct SITE_URL")
    else:
        yield Diagnosis("Proxy", f"{url} answers")
    if metrics != http.HTTPStatus.NOT_FOUND:
        text = f"/metrics answers {metrics} to everybody"
        yield Diagnosis("Metrics", text, "let only Prometheus reach it")
    else:
        yield Diagnosis("Metrics", "not public")


def get(path: str) -> tuple[int, HTTPMessage]:
    """Status and headers, whose names proxies spell as they like. Raises OSError, HTTPException."""
    site = urlsplit(settings.SITE_URL)
    connect = http.client.HTTPSConnection if site.scheme == "https" else http.client.HTTPConnection
    with closing(connect(site.hostname or "", site.port, timeout=TIMEOUT_SECONDS)) as opened:
        opened.request("GET", path)
        response = opened.getresponse()
        response.read(1000)
        return response.status, response.headers
