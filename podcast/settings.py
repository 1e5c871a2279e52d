"""All settings, read from the environment (see .env.example). Secrets and addresses have no
defaults: `./run` sets them for the private installation, and production has to."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from ops.variables import refuse_line_breaks
from podcast import version
from podcast.database import OPTIONS
from podcast.domains import former_domains
from podcast.logs import logging_settings
from podcast.mail import mail_server, operators, sender

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

required = ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "SITE_URL")
if missing := [name for name in required if not os.environ.get(name)]:
    raise ImproperlyConfigured(
        f"Missing from the environment: {', '.join(missing)}. `./run serve` and `./run test` "
        "supply them; .env.example explains each."
    )
refuse_line_breaks()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", subcast=str.strip)
SITE_URL = env.str("SITE_URL").rstrip("/")
VERSION, RELEASE = version.VERSION, version.RELEASE
PRIVATE = env.bool("PRIVATE", False)  # `./run` sets it, with a database of its own
SITE_SCHEME = urlsplit(SITE_URL).scheme
if SITE_SCHEME not in ("http", "https"):
    raise ImproperlyConfigured(f"SITE_URL is “{SITE_URL}”: begin it with https:// (or http://).")
HTTPS = SITE_SCHEME == "https"
FORMER_DOMAINS = former_domains(env.list("FORMER_DOMAINS", []), SITE_URL)
ALLOWED_HOSTS += FORMER_DOMAINS  # to be redirected

INSTALLED_APPS = [
    "desk.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
    "storages",
    "csp",
    "stack",
    "guests",
    "show",
    "episodes",
    "topics",
    "search",
    "notes",
    "caching",
    "ops",
    "transfer",
    "linkcheck",
    "accounts",
    "pages",
    "feeds",
    "desk",
    "podcast",
]

MIDDLEWARE = [
    "podcast.middleware.log_requests",
    "podcast.bodies.refuse_large_bodies",
    "podcast.middleware.http_semantics",
    # Above compression and security headers, which it caches, too.
    "caching.page_cache.page_cache_middleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "podcast.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Below WhiteNoise, whose files are compressed already. Skips audio and images.
    "django_http_compression.middleware.HttpCompressionMiddleware",
    "podcast.middleware.refuse_malformed",
    "podcast.middleware.answer_monitoring",
    "podcast.domains.redirect_former_domains",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Lazy, as the line above: pages that never ask for the user cost no query.
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "podcast.urls"
WSGI_APPLICATION = "podcast.wsgi.application"
# Leaf pages have no trailing slash; pages.redirects sends the other spelling on.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://…")
DATABASES["default"]["OPTIONS"] = OPTIONS | DATABASES["default"].get("OPTIONS", {})
DATABASE_POOLER = env.bool("DATABASE_POOLER", False)  # it lends connections for a transaction
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLER
# Persistent connections, one for each gunicorn thread: opening one costs more than most pages.
DATABASES["default"]["CONN_MAX_AGE"] = 0 if DATABASE_POOLER else env.int("CONN_MAX_AGE", 600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Site-wide data of pages (caching.http).
    "site": {
        "BACKEND": f"django.core.cache.backends.{'dummy.Dummy' if DEBUG else 'locmem.LocMem'}Cache",
        "LOCATION": "site",
    },
}
# The page cache of each process (caching.page_cache).
PAGE_CACHE_BYTES = 0 if DEBUG else 10 * 1024**2

VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
    {
        "NAME": "accounts.passwords.GuessablePasswordValidator",
        "OPTIONS": {"words": "desk.accounts.words.show_words"},
    },
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # without ?next, or if it leads to another site
# Superusers and users with the role Host then set up a second step before they open the desk.
HOSTS_NEED_SECOND_STEP = env.bool("HOSTS_NEED_SECOND_STEP", HTTPS)
SECURITY_LOG_DAYS = env.int("SECURITY_LOG_DAYS", 90)
SESSION_ENGINE = "accounts.session_store"
# Browsers accept such a cookie only over HTTPS from this very host, not from a sibling domain.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# Passkeys belong to the host that is asked (accounts.passkeys), so no setting names it.
OTP_WEBAUTHN_HELPER_CLASS = "accounts.passkeys.PasskeyHelper"
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = True
OTP_WEBAUTHN_EXCEPTION_LOGGER_NAME = None
SILENCED_SYSTEM_CHECKS = ["otp_webauthn.E010", "otp_webauthn.E011", "otp_webauthn.E030"]

LANGUAGE_CODE = "en"
# How an operator types `manage.py` here, for the doctor's remedies.
MANAGE_COMMAND = env.str("MANAGE_COMMAND", "") or "./run manage"
LOCALE_PATHS = [BASE_DIR / "locale"]  # the admin’s texts in the words of a host
FORMAT_MODULE_PATH = ["podcast.formats"]
TIME_ZONE = "UTC"  # pages and desk show times in Show.timezone

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
S3_BUCKET = env.str("AWS_STORAGE_BUCKET_NAME", "")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "media.storages.AtomicWrites"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "media.storages.HashedStaticFiles"
    },
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "media.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("AWS_S3_ENDPOINT_URL", None),
            "custom_domain": env.str("AWS_S3_CUSTOM_DOMAIN", None),
            "region_name": env.str("AWS_S3_REGION_NAME", None),
            "addressing_style": env.str("AWS_S3_ADDRESSING_STYLE", "auto"),
            "querystring_auth": env.bool("AWS_QUERYSTRING_AUTH", False),
        },
    }
# The destination of backups, and its options if it is a bucket; unset, those of the media bucket.
BACKUP_URL = env.str("BACKUP_URL", "")
BACKUP_DAYS = env.int("BACKUP_DAYS", 30)  # until one is removed, and with it an erased name
BACKUP_PASSWORD = env.str("BACKUP_PASSWORD", "")
BACKUP_CACHE = Path(env.str("BACKUP_CACHE", str(BASE_DIR / "var" / "backup")))
BACKUP_S3: dict[str, str] = {
    "endpoint_url": env.str("BACKUP_S3_ENDPOINT_URL", env.str("AWS_S3_ENDPOINT_URL", "")),
    "region_name": env.str("BACKUP_S3_REGION_NAME", env.str("AWS_S3_REGION_NAME", "")),
    "addressing_style": env.str("AWS_S3_ADDRESSING_STYLE", "auto"),
    "access_key": env.str("BACKUP_ACCESS_KEY_ID", ""),
    "secret_key": env.str("BACKUP_SECRET_ACCESS_KEY", ""),
}
PGBIN = env.str("PGBIN", "")  # the folder of PostgreSQL's programs, if not on the PATH
GUNICORN_THREADS = env.int("GUNICORN_THREADS", 4)  # half of them may stream files (media.ranges)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # enough for show notes of 5 MB
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", 500) * 1024 * 1024  # three hours have some 200 MB
FILE_UPLOAD_HANDLERS = [
    "media.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # 300 topics of a dozen fields

MAIL = bool(env.str("EMAIL_URL", ""))
vars().update(mail_server(env))
DEFAULT_FROM_EMAIL = sender(env)
OPERATOR_EMAIL = operators(env)

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^metrics$"]  # load balancers and Prometheus use plain HTTP
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
# Other subdomains may have no HTTPS; only the domain's owner can decide for all of them.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]  # so `check --deploy` asks for neither
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUST_PROXY = env.bool("TRUST_PROXY", False)  # where no proxy sets the header, any client can
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The header in which that proxy sends the visitor's address, where that isn't X-Forwarded-For.
CLIENT_ADDRESS_HEADER = env.str("CLIENT_ADDRESS_HEADER", "")

# What public pages and their headers show. A change of one changes all ETags (caching.http).
SHOWN_SETTINGS = [
    "SITE_URL", "STORAGES", "MEDIA_URL", "STATIC_URL", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_REFERRER_POLICY",
    "CONTENT_SECURITY_POLICY", "SENTRY_DSN", "METRICS_TOKEN", "S3_BUCKET",
]  # fmt: skip

# Nothing inline and no nonce, so that cached pages are valid for everyone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "https:"],
        "media-src": [SELF, "https:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = logging_settings(
    "plain" if DEBUG else "json",
    env.str("LOG_LEVEL", "INFO"),
    requests=env.bool("LOG_REQUESTS", not DEBUG),  # Django's development server has its own log
)

# /.well-known/security.txt (RFC 9116). Without a contact there is none.
SECURITY_CONTACT: list[str] = env.list("SECURITY_CONTACT", [], subcast=str.strip)
SECURITY_POLICY = env.str("SECURITY_POLICY", "")
SECURITY_LANGUAGES: list[str] = env.list("SECURITY_LANGUAGES", ["en"], subcast=str.strip)
for address in filter(None, [*SECURITY_CONTACT, SECURITY_POLICY]):
    if not re.fullmatch(r"(?:https://|mailto:|tel:)[!-~]+", address):
        raise ImproperlyConfigured(
            f"“{address}” is no address for security.txt: begin it with https://, mailto: or tel:."
        )
if wrong := [each for each in SECURITY_LANGUAGES if not re.fullmatch(r"[A-Za-z0-9-]+", each)]:
    raise ImproperlyConfigured(f"SECURITY_LANGUAGES: “{wrong[0]}” is no language, such as en.")

DOWNLOADS_LOG = env.str("DOWNLOADS_LOG", "")  # nginx's, in which `tick` counts downloads
PING_URL = env.str("PING_URL", "")  # a dead man's switch (ops.jobs), and a secret
if PING_URL and urlsplit(PING_URL).scheme not in ("http", "https"):
    raise ImproperlyConfigured("PING_URL: begin it with https:// (or http://).")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # of /metrics; without one there are no metrics
SENTRY_DSN = env.str("SENTRY_DSN", "")
SENTRY_TRACING = {
    "share": env.float("SENTRY_TRACES_SAMPLE_RATE", 0.0),
    "slow_seconds": env.float("SENTRY_SLOW_SECONDS", 1.0),
}
if SENTRY_DSN:
    from podcast.sentry import start_sentry  # costs memory in every process

    start_sentry(SENTRY_DSN, RELEASE, ALLOWED_HOSTS, **SENTRY_TRACING)
