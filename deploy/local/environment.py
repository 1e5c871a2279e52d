"""What `./run` passes to Django: the caller's variables, then .env, then private defaults."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER_STATE = Path("/var/lib/podcast-catalogue")


def state_folder() -> Path:
    """Where the private installation keeps its database, secret and locks; made if missing.

    A user keeps it in the clone. Root can't: PostgreSQL must run as somebody else, who may
    not be able to reach the clone (it may lie below /root).
    """
    if os.geteuid() != 0:
        folder = ROOT / "var"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    folder = SERVER_STATE / hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
    if not folder.exists():
        # Whatever the umask: PostgreSQL's user must get through to its data.
        folder.mkdir(parents=True, exist_ok=True)
        SERVER_STATE.chmod(0o755)
        folder.chmod(0o711)
    (folder / "clone").write_text(f"{ROOT}\n")
    return folder


def given() -> dict[str, str]:
    """The variables of .env, overridden by the caller's environment."""
    return {**read_dotenv(ROOT / ".env"), **os.environ}


def read_dotenv(path: Path) -> dict[str, str]:
    """KEY=VALUE lines; # comments, `export` and quotes are allowed, empty values left out."""
    if not path.exists():
        return {}
    values = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        line = line.strip().removeprefix("export ").lstrip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_]\w*", key.strip()):
            raise SystemExit(f"{path}:{number}: expected KEY=VALUE, found {line!r}")
        values[key.strip()] = unquote(value.strip())
    return {key: value for key, value in values.items() if value}


def unquote(value: str) -> str:
    """A value without the quotes around it; unquoted, without a trailing # comment."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return re.split(r"\s+#", value, maxsplit=1)[0]


def address(env: Mapping[str, str]) -> tuple[str, int]:
    """HOST and PORT to listen on."""
    port = env.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SystemExit(f"PORT={port} isn't a port number.")
    return env.get("HOST") or "127.0.0.1", int(port)


def local_url(host: str, port: int) -> str:
    """The address to type into this machine's browser."""
    if host in ("0.0.0.0", "::", "[::]"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"http://{host}:{port}"


def completed(env: dict[str, str], database_url: str) -> dict[str, str]:
    """`env` with what Django's settings demand and the caller didn't give."""
    host, port = address(env)
    hosts = dict.fromkeys(["127.0.0.1", "localhost", "[::1]", host])
    defaults = {
        "DJANGO_SETTINGS_MODULE": "podcast.settings",
        "SECRET_KEY": secret(state_folder(), "secret-key"),
        "BACKUP_PASSWORD": secret(state_folder(), "backup-password"),
        "ALLOWED_HOSTS": ",".join(hosts),
        "SITE_URL": local_url(host, port),
        # Pages cached before a start may name files of another version of the code.
        "RELEASE": f"{int(time.time()):x}",
    }
    return {**defaults, **env, "DATABASE_URL": database_url}


def for_tests(database_url: str) -> dict[str, str]:
    """An environment that is the same everywhere: no setting of the caller's gets in."""
    # Compiling what is imported, and the tests' assertions, takes longer than many a test.
    foreign = documented_variables() - {"PGBIN"} | {"PYTHONDONTWRITEBYTECODE"}
    inherited = {name: value for name, value in os.environ.items() if name not in foreign}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "podcast.settings",
        "SECRET_KEY": "for-tests-only-" + "x" * 50,  # pragma: allowlist secret
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost,[::1]",
        "SITE_URL": "http://testserver",
        "DATABASE_URL": database_url,
        "LOG_REQUESTS": "0",  # among which a failing test's own lines are hard to find
    }


def documented_variables() -> set[str]:
    """The names in .env.example."""
    example = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))


def secret(state: Path, name: str) -> str:
    """A secret of the private installation, made once and readable by its owner only."""
    path = state / name
    if not path.exists():
        draft = state / f"{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # unlike rename, keeps the key of whoever came first
        except FileExistsError:
            pass  # another ./run made it in the meantime; we use that one
        finally:
            draft.unlink()
    return path.read_text().strip()
