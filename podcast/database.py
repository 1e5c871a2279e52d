"""How the site connects to its database: for Django's settings, and for programs without Django."""

import os
from typing import Any

import psycopg2
from dj_database_url import parse
from psycopg2.extensions import connection as Connection

# Seconds: give up early on a machine that is gone.
OPTIONS: dict[str, Any] = {
    "connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
}  # fmt: skip
# What libpq and Django's settings call the same.
NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def parameters(url: str) -> dict[str, Any]:
    """libpq's parameters of a DATABASE_URL, as Django has them. Raises ValueError."""
    settings: dict[str, Any] = dict(parse(url))
    named = {name: settings[key] for key, name in NAMES.items() if settings[key]}
    return OPTIONS | settings.get("OPTIONS", {}) | named | {"client_encoding": "UTF8"}


def connect() -> Connection:
    """A connection to the database of DATABASE_URL. Raises the driver's errors."""
    return psycopg2.connect(**parameters(os.environ["DATABASE_URL"]))
