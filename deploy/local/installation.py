"""The private installation: its packages and environment, and its database running."""

import math
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import packages
from deploy.local.binaries import Binaries, account_for, find
from deploy.local.environment import completed, given, state_folder
from deploy.local.postgres import PrivateDatabase

SERVERS = ("serve", "dev")


@dataclass
class Installation:
    """What a command runs with. No `database`: the caller gave DATABASE_URL."""

    env: dict[str, str]
    database: PrivateDatabase | None = None


@contextmanager
def installation(command: str, site: str = "") -> Iterator[Installation]:
    """Everything ready for `command`; a database that we started is stopped afterwards.

    Servers want the database to themselves; other commands share it with whoever has it.
    """
    env = given()
    if url := env.get("DATABASE_URL"):
        packages.install(*packages.needed(env))
        yield Installation(completed(env, url))
        return
    database = PrivateDatabase(state_folder())
    try:
        if command in SERVERS:
            claim(database, command, site)
            url = None
        else:
            url = claim_or_attach(database, command)
            if served := database.holder().get("url"):
                env.setdefault("SITE_URL", served)
        packages.install(*packages.needed(env))
        binaries = programs(env, database.data)
        url = url or database.start(binaries)
        env = completed({**env, "PRIVATE": "1"}, url)
        yield Installation(binaries.first_on_path(env), database)
    finally:
        database.stop(patience=5 if command in SERVERS else math.inf)


def programs(env: Mapping[str, str], data: Path | None = None) -> Binaries:
    """PostgreSQL's programs, run as the one to whom the data folder belongs."""
    return find(packages.venv_folder(), env, account_for(data), copies=state_folder())


def claim(database: PrivateDatabase, command: str, site: str) -> None:
    """Own the database, or leave saying who does."""
    if database.claim(command, site, wait=0.5):
        return
    holder = database.holder()
    if holder.get("command") not in SERVERS:
        print(f"Waiting for {described(holder)}.", flush=True)
        if database.claim(command, site, wait=10):
            return
        holder = database.holder()
    sys.exit(f"Already running: {described(holder)}.")


def claim_or_attach(database: PrivateDatabase, command: str) -> str | None:
    """The URL of the server that runs already, or None when it is ours to start."""
    patience = time.monotonic() + 3
    while not database.claim(command):
        if url := database.attach():
            return url
        if time.monotonic() > patience:
            print(f"Waiting for {described(database.holder())}.", flush=True)
            patience = math.inf
        time.sleep(0.1)
    return None


def described(holder: Mapping[str, str]) -> str:
    """The owner of a database, for messages."""
    if not holder:
        return "Another ./run"
    place = f" at {holder['url']}" if holder["url"] else ""
    return f"./run {holder['command']} (pid {holder['pid']}){place}"
