"""Fixtures every package's tests may use. `./run test` brings the environment and PostgreSQL."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from deploy.local.doctor import BROWSERS
from podcast import bodies
from tests.database import copied_after_commits, drop_copy

# Playwright keeps an event loop running in this thread, by which Django takes us for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# Playwright's five seconds are too few for a slow machine.
expect.set_options(timeout=30_000)

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Pages reach this machine only. A route would do that, too, but slows each request down.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

# The same examples everywhere: a suite that fails by chance tells nobody anything. Examples share
# one test's database and client; tests clean up where that matters.
SHARED = [hypothesis.HealthCheck.function_scoped_fixture]
hypothesis.settings.register_profile(
    "suite", max_examples=60, deadline=None, derandomize=True, suppress_health_check=SHARED
)
hypothesis.settings.register_profile(
    "thorough", max_examples=2000, deadline=None, suppress_health_check=SHARED
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# No collectstatic before a test run, and no slow hashes for its passwords.
project.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
project.STATIC_ROOT = None
# Most tests edit within one transaction, so that the content's version can't tell pages apart.
project.CACHES["site"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
project.PAGE_CACHE_BYTES = 0
project.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# `./run test` brings a database with all migrations; workers copy it.
if template := os.environ.get("TEST_DATABASE_TEMPLATE"):
    project.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template


def pytest_collection_finish() -> None:
    """What was imported and collected stays; the collector took a tenth of the time over it."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's, with our way to clean up after tests that commit."""
    with copied_after_commits():
        yield
    with django_db_blocker.unblock():
        drop_copy()


@pytest.fixture(autouse=True)
def _own_media_and_cache(settings, tmp_path: Path) -> None:
    """Uploads land in the test's own folder; nothing is remembered from another test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()


@pytest.fixture(autouse=True)
def _large_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients signed in without a page have the cookie that the desk would give them."""
    sign_in = Client._login  # type: ignore[attr-defined]

    def signed_in(self: Client, user: User, *arguments: Any, **named: Any) -> None:
        sign_in(self, user, *arguments, **named)
        self.cookies[bodies.COOKIE] = bodies.cookie_value(user)

    monkeypatch.setattr(Client, "_login", signed_in)


@pytest.fixture
def host_user(db) -> User:
    return User.objects.create_superuser("nick", "nick@example.org", "password")


@pytest.fixture
def host(host_user: User) -> Client:
    """A client signed in to the desk."""
    client = Client()
    client.force_login(host_user)
    return client


def chromium_path() -> str | None:
    """The Chromium of this machine: `CHROMIUM` if set, else the first on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium, or set CHROMIUM")
    launcher = request.getfixturevalue("playwright").chromium
    running = launcher.launch(executable_path=path, args=CHROMIUM_OPTIONS)
    yield running
    running.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Chromium, which reaches this machine only. What a test leaves open in it is closed."""
    yield chromium
    for context in chromium.contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")  # an answer that no one waits for any more
        context.close()


@pytest.fixture
def browser_page(browser: Browser) -> Page:
    """A page in a context of its own."""
    return browser.new_context().new_page()


@pytest.fixture
def strict_page(browser_page: Page) -> Iterator[Page]:
    """A page on which no script fails and nothing breaches the Content-Security-Policy."""
    complaints: list[str] = []
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.on(
        "console",
        lambda message: complaints.append(message.text) if "Security" in message.text else None,
    )
    yield browser_page
    if complaints:
        pytest.fail("\n".join(complaints))
