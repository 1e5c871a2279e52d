"""The database is killed while the site works: cached pages are served, typed text comes back."""

import html
import http.client
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from desk.tests.outage import retry_fields
from episodes.models import Episode
from episodes.tests import factories
from ops.database import Database, database_at, default_database
from ops.tests.installations import using
from ops.tests.sites import copy_database
from tests.nginx_harness import Deployment, Response, get
from tests.own_postgres import OwnPostgres, own_postgres
from tests.production import REQUIRED, behind_nginx, eventually, listens

pytestmark = pytest.mark.production

PAGES = [f"/podcast/{number}-number-{number}" for number in range(1, 11)]
PASTE = "/admin/paste"
TOKEN = "c" * 32
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@dataclass
class Site:
    """A deployment on a database that may be killed, and a host's session."""

    postgres: OwnPostgres
    database: Database
    deployment: Deployment
    cookie: str

    def post(self, port: int, path: str, **fields: str) -> Response:
        """Submit a form of the desk. Raises OSError."""
        body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN})
        headers = {
            "Cookie": f"csrftoken={TOKEN}; {self.cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as opened:
            opened.request("POST", path, body, headers)
            answer = opened.getresponse()
            return Response(answer.status, answer.headers, answer.read())


@pytest.fixture(scope="module")
def site(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    collected: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("outage")
    with own_postgres() as postgres, django_db_blocker.unblock():
        database = database_at(postgres.url)
        copy_database(default_database(), database, folder / "dump")
        with using(database), override_settings(SECRET_KEY=REQUIRED["SECRET_KEY"]):
            call_command("migrate", verbosity=0)  # when these tests run alone
            factories.show()
            for number in range(1, len(PAGES) + 1):
                factories.episode(f"Number {number}", number)
            client = Client()
            client.force_login(User.objects.create_superuser("nick", "nick@example.org", "word"))
            cookie = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
        env = behind_nginx(postgres.url, collected, folder)
        with Deployment(folder / "deployment", env, workers=1) as deployment:
            eventually(lambda: listens(deployment))
            yield Site(postgres, database, deployment, cookie)


@pytest.mark.parametrize("is_behind_nginx", [False, True], ids=["gunicorn", "nginx"])
@pytest.mark.parametrize("is_busy", [False, True], ids=["idle", "busy"])
def test_a_killed_database_costs_no_cached_page_and_no_typed_text(
    site: Site, is_behind_nginx: bool, is_busy: bool
) -> None:
    """libpq reports the loss of an idle connection otherwise than that of a waiting one."""
    port = site.deployment.port if is_behind_nginx else site.deployment.site_ports[0]
    texts = [f"# Text {number} {port} {is_busy}\n\nTyped “by hand”." for number in range(8)]
    with ThreadPoolExecutor(32) as pool:
        fill_caches(port, pool)
        early = texts[:4] if is_busy else []
        with closing(site.database.connect()) as locking, locking.cursor() as cursor:
            if is_busy:
                cursor.execute("LOCK TABLE show_contentversion, auth_user")
            posts = [pool.submit(site.post, port, PASTE, **paste(text)) for text in early]
            reads = [pool.submit(get, port, path) for path in PAGES if is_busy]
            # nginx asks nobody for pages that it has cached.
            eventually(lambda: waiting(site) >= len(early) + (is_busy and not is_behind_nginx))
            site.postgres.kill()
        reads += [pool.submit(get, port, path) for path in PAGES]
        posts += [pool.submit(site.post, port, PASTE, **paste(t)) for t in texts[len(early) :]]
    site.postgres.start()
    assert [each.result().status for each in reads] == [200] * len(reads)
    answers = [each.result() for each in posts]
    eventually(lambda: get(port, "/podcast/10-number-10?t=1").status == 200)
    for text, answer in zip(texts, answers, strict=True):
        assert answer.status == 503
        again = retry_fields(answer.body)
        assert again["text"] == text
        (action,) = re.findall(r'<form method="post" action="([^"]+)"', answer.body.decode())
        assert site.post(port, html.unescape(action), **again).status == 200
    with using(site.database):
        assert set(texts) <= set(Episode.objects.values_list("draft_text", flat=True))


def paste(text: str) -> dict[str, str]:
    return {"text": text, "do": "preview"}


def waiting(site: Site) -> int:
    """How many connections wait for a lock."""
    with closing(site.database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def fill_caches(port: int, pool: ThreadPoolExecutor) -> None:
    """The site's process, or nginx, has all pages afterwards, and each thread a connection."""

    def is_filled() -> bool:
        return {each.status for each in pool.map(get, [port] * len(PAGES), PAGES)} == {200}

    for _ in range(4):
        eventually(is_filled)
