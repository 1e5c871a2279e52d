"""The settings of `manage.py invalidate_nginx`, which runs without the site's secrets.

It needs DATABASE_URL, whose role may be one that reads little (ops.database_roles), and SITE_URL.
"""

import os
import secrets
from urllib.parse import urlsplit

# Signs nothing: no request is answered.
os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
os.environ["ALLOWED_HOSTS"] = urlsplit(os.environ.get("SITE_URL", "")).hostname or "localhost"

from podcast.settings import *  # noqa: F403
