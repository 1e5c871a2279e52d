"""The identity of this installation, by which it tells its backups and its storage from others'."""

import os
import pwd
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from ops.models import Installation

OWNER = "owner.json"  # the mark of a storage: whose it is (ops/storage/orphans.py)


class Owner(NamedTuple):
    """The installation's key, and the host of its SITE_URL."""

    installation: str
    site: str


def this_owner() -> Owner:
    """The key comes back with a restored catalogue; the host tells a copy of the site apart."""
    installation, _ = Installation.objects.get_or_create(pk=1)
    return Owner(str(installation.key), urlsplit(settings.SITE_URL).netloc)


def system_user() -> str:
    """The name of the user who runs this; its number where it has none, as in a container."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
