"""The doctor beside a whole installation, of which one part after the other breaks."""

import signal
from collections.abc import Iterator

import pytest
from django.utils import timezone

from episodes.tests.factories import episode, show
from ops.models import BackupRecord
from show.models import Show
from tests.nginx_harness import Deployment, get
from tests.production import behind_nginx, database_url, eventually, listens, python

pytestmark = [pytest.mark.production, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def deployment(collected: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    show()
    episode("One", 1)
    folder = tmp_path_factory.mktemp("site")
    env = behind_nginx(database_url(), collected, folder) | {
        "PRIVATE": "1",  # without HTTPS
        "SECRET_KEY": "qV8m2zR4tY6uW1xB9nC3dF5gH7jK0lP-aSeDrFtGyHuJ_iKoLp-ZxCv",
        "BACKUP_URL": f"file://{folder}",
    }
    now = timezone.now()
    BackupRecord.objects.create(name="newest", made_at=now, checked_at=now)
    with Deployment(folder / "nginx", env) as deployment:
        deployment.env["SITE_URL"] = f"http://127.0.0.1:{deployment.port}"
        eventually(lambda: listens(deployment))
        ran = python("manage.py", "tick", **deployment.env)
        assert ran.returncode == 0, ran.stderr
        python("manage.py", "rebuild_search", "--missing", **deployment.env)
        yield deployment


def problems(deployment: Deployment) -> dict[str, str]:
    """What the doctor prints behind !!, by subject."""
    said = python("manage.py", "doctor", **deployment.env).stdout
    wrong = [line[4:] for line in said.splitlines() if line.startswith("!!")]
    return {line[:12].strip(): line[12:] for line in wrong}


def test_what_breaks_is_named_and_nothing_else(deployment: Deployment):
    assert problems(deployment) == {}
    full = get(deployment.site_ports[0], "/health?full")
    assert full.status == 200, full.body
    assert deployment.get("/health?full").body == b'{"status": "ok"}'
    # As a load balancer asks, which knows the machine's address.
    assert deployment.get("/health", Host="192.0.2.7").body == b'{"status": "ok"}'

    invalidator = deployment.processes["invalidator"]
    invalidator.send_signal(signal.SIGSTOP)
    Show.objects.update(title="Another Show")
    eventually(lambda: "1 edits behind" in problems(deployment).get("Invalidator", ""))
    invalidator.send_signal(signal.SIGCONT)
    eventually(lambda: problems(deployment) == {})

    deployment.cache.rename(deployment.cache.with_name("moved"))
    Show.objects.update(title="A Third Show")
    eventually(lambda: "can't purge: No such" in problems(deployment).get("Invalidator", ""))
    deployment.cache.with_name("moved").rename(deployment.cache)
    eventually(lambda: problems(deployment) == {})

    deployment.kill("invalidator")
    assert problems(deployment)["Invalidator"].startswith("none runs")
    assert get(deployment.site_ports[0], "/health?full").status == 503
    deployment.start_invalidator()
    eventually(lambda: problems(deployment) == {})

    deployment.kill("nginx")
    assert set(problems(deployment)) == {"Proxy"}
