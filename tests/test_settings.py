"""One settings file, configured by the environment alone."""

import json

import pytest

from tests.production import REQUIRED, python

TOLD = """
import json
from django.conf import settings
names = ("DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE",
         "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS",
         "SECURE_PROXY_SSL_HEADER", "RELEASE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME",
         "HOSTS_NEED_SECOND_STEP", "MAIL", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS")
print(json.dumps({name: getattr(settings, name) for name in names}
    | {"storage": settings.STORAGES["default"]["BACKEND"].split(".")[-1],
       "options": settings.STORAGES["default"].get("OPTIONS", {})}))
"""


def settings(**environment: str) -> dict:
    ran = python("-c", TOLD, **environment)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_production_by_https():
    values = settings()
    assert values["DEBUG"] is False
    assert values["SECURE_SSL_REDIRECT"] is True
    assert values["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert values["SESSION_COOKIE_SECURE"] is values["CSRF_COOKIE_SECURE"] is True
    assert values["SESSION_COOKIE_HTTPONLY"] is True
    assert values["CSRF_TRUSTED_ORIGINS"] == ["https://podcast.example.org"]
    assert values["SECURE_PROXY_SSL_HEADER"] is None
    assert values["storage"] == "AtomicWrites"
    assert values["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert values["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert values["HOSTS_NEED_SECOND_STEP"] is True
    assert values["MAIL"] is False


def test_plain_http_enforces_nothing():
    values = settings(SITE_URL="http://podcast.example.org/")
    assert values["SECURE_SSL_REDIRECT"] is False
    assert values["SECURE_HSTS_SECONDS"] == 0
    assert values["SESSION_COOKIE_SECURE"] is False
    assert values["SESSION_COOKIE_NAME"] == "sessionid"
    assert values["HOSTS_NEED_SECOND_STEP"] is False


def test_spaces_between_hosts_are_none_of_their_names():
    hosts = settings(ALLOWED_HOSTS="podcast.example.org, www.podcast.example.org ")["ALLOWED_HOSTS"]
    assert hosts == ["podcast.example.org", "www.podcast.example.org"]


def test_hosts_can_do_without_a_second_step():
    assert settings(HOSTS_NEED_SECOND_STEP="0")["HOSTS_NEED_SECOND_STEP"] is False


@pytest.mark.parametrize("scheme", ["submission", "smtp+tls"])
def test_mail_goes_where_the_environment_says(scheme: str):
    values = settings(EMAIL_URL=f"{scheme}://ann:secret@mail.example.org:587")
    assert values["MAIL"] is True
    assert (values["EMAIL_HOST"], values["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert values["EMAIL_USE_TLS"] is True


def test_a_proxy_is_trusted_only_by_configuration():
    values = settings(TRUST_PROXY="1")
    assert values["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_a_bucket_replaces_the_folder():
    values = settings(AWS_STORAGE_BUCKET_NAME="audio", AWS_S3_CUSTOM_DOMAIN="cdn.example.org")
    assert values["storage"] == "Bucket"
    assert values["options"]["custom_domain"] == "cdn.example.org"


def test_what_is_not_configured_takes_no_memory():
    """The clients of Sentry and S3 are large, and each of the site's processes would have them."""
    names = ("sentry_sdk", "boto3", "botocore")
    program = (
        "import django, sys; django.setup(); import podcast.wsgi, podcast.urls; "
        f"print([name for name in {names} if name in sys.modules])"
    )
    ran = python("-c", program)
    assert ran.stdout.strip() == "[]", ran.stderr


@pytest.mark.parametrize("missing", [(name,) for name in REQUIRED] + [tuple(REQUIRED)])
@pytest.mark.parametrize("value", [None, ""])
def test_missing_variables_are_named(missing: tuple, value: str | None):
    ran = python("-c", TOLD, **dict.fromkeys(missing, value))
    assert ran.returncode != 0
    said = ran.stderr.splitlines()[-1]
    assert "Missing from the environment" in said
    named = said.split(": ", 2)[2].split(". ")[0].split(", ")
    assert set(named) == set(missing)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SITE_URL", "podcast.example.org", "SITE_URL is “podcast.example.org”: begin it with"),
        ("FORMER_DOMAINS", "https://old.example/", "“https://old.example/” is no domain"),
        ("FORMER_DOMAINS", "Podcast.example.org", "is the host of SITE_URL"),
        ("DATABASE_URL", "sqlite:///db.sqlite3", "must name a PostgreSQL database"),
        ("DEBUG", "perhaps", "DEBUG"),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL: begin it with submission://"),
        ("SENTRY_TRACES_SAMPLE_RATE", "often", "SENTRY_TRACES_SAMPLE_RATE"),
        ("PING_URL", "127.0.0.1:9999/{job}", "PING_URL: begin it with https://"),
        ("LOG_LEVEL", "INFO\nPING_URL=https://ping.example", "LOG_LEVEL: a line break. Is a quote"),
        ("DEFAULT_FROM_EMAIL", "Podcast", "DEFAULT_FROM_EMAIL: “Podcast” is no address"),
        ("DEFAULT_FROM_EMAIL", "The Podcast, Ltd <a@b.example>", "is no address"),
        ("DEFAULT_FROM_EMAIL", "The Podcast <a@b.example", "is no address"),
        ("OPERATOR_EMAIL", "a@b.example, ops", "OPERATOR_EMAIL: “ops” is no address"),
    ],
)
def test_invalid_values_are_refused(name: str, value: str, message: str):
    """By `check`, too, before an operator restarts the site with them (docs/deploy.md)."""
    ran = python("manage.py", "check", **{name: value})
    assert ran.returncode == 1
    assert message in ran.stderr


@pytest.mark.parametrize(
    "sender",
    ["a@b.example", "Jörg’s Podcast <a@b.example>", '"The Podcast, Ltd" <a@b.example>', ""],
)
def test_whom_mail_comes_from_and_who_operates(sender: str):
    show = "from django.conf import settings as s; print(s.DEFAULT_FROM_EMAIL, s.OPERATOR_EMAIL)"
    ran = python("-c", show, DEFAULT_FROM_EMAIL=sender, OPERATOR_EMAIL="a@b.example, c@d.example")
    assert ran.stdout == f"{sender or 'noreply@localhost'} ['a@b.example', 'c@d.example']\n"


def test_secrets_are_in_no_error_message():
    ran = python("-c", TOLD, SITE_URL="nonsense")
    for name in ("SECRET_KEY", "DATABASE_URL"):
        assert REQUIRED[name] not in ran.stderr


def test_djangos_own_deployment_checks():
    ran = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert ran.returncode == 0, ran.stderr
