"""All checks, in the order of the report: whether an installation is fit for visitors.

They change nothing, apart from a few bytes in the storage, which are removed at once.
"""

import time
from collections.abc import Iterator

from ops.doctor.backups import backups, destination, hourly, last_run, programs
from ops.doctor.configuration import (
    debug,
    environment_files,
    hosts,
    hsts,
    names,
    secret_key,
    secrets_of_backups,
)
from ops.doctor.database import database, jumps, role, search
from ops.doctor.diagnosis import Check, Diagnosis, run
from ops.doctor.files import disk, storage
from ops.doctor.jobs import invalidator, pings, tick
from ops.doctor.proxy import certificate, former_domains, reverse_proxy
from ops.doctor.units import sandbox, units
from ops.doctor.visitors import visitors

OF_THE_DATABASE: tuple[Check, ...] = (
    search, jumps, tick, invalidator, backups, last_run, hourly,
)  # fmt: skip
# Of this machine, and cheap enough to ask every ten minutes.
OF_THE_MACHINE: tuple[Check, ...] = (environment_files, disk, certificate)
REMEMBERED_SECONDS = 600

_remembered: tuple[float, list[Diagnosis]] | None = None


def diagnose() -> Iterator[Diagnosis]:
    """Everything, for `manage.py doctor`."""
    yield from run((debug, secret_key, hosts, hsts, names, environment_files, secrets_of_backups))
    yield from database((role, *OF_THE_DATABASE, pings, programs))
    yield from run((destination, sandbox, storage, disk, units))
    yield from run((certificate, reverse_proxy, visitors, former_domains))


def watched() -> Iterator[Diagnosis]:
    """What a web process can check by itself, within its sandbox, as often as it is asked."""
    global _remembered
    yield from database(OF_THE_DATABASE)
    if _remembered is None or time.monotonic() - _remembered[0] > REMEMBERED_SECONDS:
        _remembered = (time.monotonic(), list(run(OF_THE_MACHINE)))
    yield from _remembered[1]
