"""The site, as gunicorn serves it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podcast.settings")
# Nobody waits longer than this for the database, in milliseconds; commands may. libpq's own
# variable: what DATABASE_URL says for itself goes before it.
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=20000 -c lock_timeout=10000")

application = get_wsgi_application()
