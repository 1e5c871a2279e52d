"""A site that starts again with other settings, such as after a change of its domain."""

import time
from collections.abc import Iterator

import pytest

from episodes.tests.factories import episode, show
from tests.nginx_harness import Deployment
from tests.production import behind_nginx, database_url, eventually, listens

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]
PATHS = ("/podcast/1-one", "/podcast/feed.xml", "/sitemap.xml")


@pytest.fixture
def deployment(collected: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    show()
    episode("One", 1)
    folder = tmp_path_factory.mktemp("site")
    env = behind_nginx(database_url(), collected, folder)
    env |= {"SITE_URL": "http://former.example.org", "HOSTS_NEED_SECOND_STEP": "0"}
    with Deployment(folder / "nginx", env) as deployment:
        eventually(lambda: listens(deployment))
        yield deployment


def start_again(deployment: Deployment) -> None:
    """As systemd and compose do: the invalidator ends before the site, and starts after it."""
    deployment.kill("invalidator")
    (deployment.folder / "invalidator.log").unlink()
    deployment.kill("site 0")
    deployment.start_site(0)
    deployment.start_invalidator()
    eventually(lambda: listens(deployment))


def test_nobody_gets_the_former_address_from_a_cache(deployment: Deployment):
    time.sleep(1.1)  # within a second of an edit, feeds have no Last-Modified
    before = {path: deployment.get(path, Host="former.example.org") for path in PATHS}
    for path, page in before.items():
        assert b"http://former.example.org/" in page.body, path
        known = deployment.get(path, If_None_Match=page.headers["ETag"])
        assert known.status == 304, path
    feed_date = before["/podcast/feed.xml"].headers["Last-Modified"]
    assert deployment.get("/podcast/feed.xml", If_Modified_Since=feed_date).status == 304
    time.sleep(1)

    deployment.env["SITE_URL"] = "http://www.example.org"
    start_again(deployment)
    for path, page in before.items():
        known = deployment.get(path, If_None_Match=page.headers["ETag"])
        assert known.status == 200, path
        assert b"former.example.org" not in known.body, path
        assert b"http://www.example.org/" in known.body, path
        assert b"former.example.org" not in deployment.get(path).body
    known = deployment.get("/podcast/feed.xml", If_Modified_Since=feed_date)
    assert known.status == 200


def test_cached_pages_stay_until_the_site_can_render_others(deployment: Deployment):
    """As when a setting is wrong, with which the site doesn't start."""
    path = PATHS[0]
    assert deployment.get(path).status == 200
    deployment.kill("invalidator")
    (deployment.folder / "invalidator.log").unlink()
    deployment.kill("site 0")
    deployment.start_invalidator()
    time.sleep(3)
    assert deployment.get(path).status == 200
    assert not listens(deployment)
    deployment.env["SITE_URL"] = "http://www.example.org"
    deployment.start_site(0)
    eventually(lambda: listens(deployment))
    assert b"former.example.org" not in deployment.get(path).body
