"""Settings, and the files that they come from."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from ops.doctor.diagnosis import Diagnosis
from ops.variables import misspelt

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 10  # different ones; random hexadecimal digits may lack some of the sixteen
GUESSABLE = ("insecure", "change", "secret", "example", "password", "key-for")
PRELOAD_SECONDS = 31_536_000  # what hstspreload.org requires
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ENVIRONMENT = Path("/etc/podcast")  # as deploy/systemd/install has it
# Who may read each: the site's group reads only the first.
FORBIDDEN = {"env": 0o027, "owner.env": 0o077, "invalidator.env": 0o077}
NO_SECRETS = ("nginx.env", "front.env")
OF_BACKUPS = ("BACKUP_PASSWORD", "BACKUP_ACCESS_KEY_ID", "BACKUP_SECRET_ACCESS_KEY")


def debug() -> Diagnosis:
    if settings.DEBUG:
        return Diagnosis("Debugging", "visitors see errors with their causes", "unset DEBUG")
    return Diagnosis("Debugging", f"off; this is {settings.VERSION}, release {settings.RELEASE}")


def secret_key() -> Diagnosis:
    key = settings.SECRET_KEY
    remedy = "set SECRET_KEY to the output of `openssl rand -base64 48`; everyone signs in again"
    if len(key) < SHORTEST_KEY:
        return Diagnosis("Secret key", f"{len(key)} characters long", remedy)
    if len(set(key)) < FEWEST_CHARACTERS or any(word in key.lower() for word in GUESSABLE):
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


def hsts() -> Iterator[Diagnosis]:
    """What browsers remember, and whether their list of preloaded domains would take it."""
    if not settings.HTTPS:
        return
    seconds, subdomains = settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
    host = urlsplit(settings.SITE_URL).hostname
    names = f"{host} and all its subdomains" if subdomains else host
    text = f"browsers use only HTTPS for {names}, for {seconds} s"
    if settings.SECURE_HSTS_PRELOAD and not (subdomains and seconds >= PRELOAD_SECONDS):
        text = "SECURE_HSTS_PRELOAD has no effect without subdomains and a whole year"
        remedy = "unset it, or set SECURE_HSTS_INCLUDE_SUBDOMAINS=1, too (.env.example)"
        yield Diagnosis("HSTS", text, remedy)
    else:
        yield Diagnosis("HSTS", text if seconds else "off")


def names() -> Iterator[Diagnosis]:
    """Variables that nothing reads, as their names are spelt wrongly."""
    for name, similar in misspelt().items():
        remedy = f"if you mean {similar}, call it so; .env.example has all names"
        yield Diagnosis("Settings", f"nothing reads {name}", remedy)


def environment_files() -> Iterator[Diagnosis]:
    """Whether nobody else can read or change the files with the secrets of an installation, copies
    of them included, nor replace them."""
    try:
        files = sorted(path for path in ENVIRONMENT.iterdir() if path.is_file())
        folder = stat.S_IMODE(ENVIRONMENT.stat().st_mode)
    except OSError:  # there is none, or we can't enter it
        return
    if folder & 0o022:
        text = f"others can write in {ENVIRONMENT}, whose mode is {folder:o}"
        yield Diagnosis("Secrets", text, f"chmod 755 {ENVIRONMENT}")
    for path in files:
        forbidden = FORBIDDEN.get(path.name, 0o027)
        if (mode := stat.S_IMODE(path.stat().st_mode)) & forbidden and path.name not in NO_SECRETS:
            text = f"others can read {path}, whose mode is {mode:o}"
            allowed = 0o640 if path.name == "env" else 0o600
            yield Diagnosis("Secrets", text, f"chmod {allowed:o} {path}")


def secrets_of_backups() -> Iterator[Diagnosis]:
    """On Debian, whether the site can't read what only backups need."""
    if not os.path.exists(ENVIRONMENT / "env"):
        return
    for name in filter(os.environ.get, OF_BACKUPS):
        remedy = f"move its line from {ENVIRONMENT}/env to {ENVIRONMENT}/owner.env"
        yield Diagnosis("Secrets", f"the site can read {name}", remedy)
