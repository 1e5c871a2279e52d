"""The doctor as on Debian: HTTPS by Caddy with the shipped Caddyfile, nginx, and the site."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator

import pytest
from django.utils import timezone

from episodes.tests.factories import episode, show
from ops.models import BackupRecord
from tests.nginx_harness import Deployment, free_port, wait_for
from tests.production import MACHINE, ROOT, behind_nginx, database_url, eventually, listens, python

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]
HOST = "localhost"  # for which Caddy makes a certificate of its own authority


@pytest.fixture
def site(collected: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a site in which nothing is wrong."""
    program = shutil.which("caddy") or pytest.skip("caddy isn't here")
    show()
    episode("One", 1)
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    env = behind_nginx(database_url(), collected, folder) | {
        "SITE_URL": f"https://{HOST}:{port}",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "TRUST_PROXY": "1",
        "SECRET_KEY": "qV8m2zR4tY6uW1xB9nC3dF5gH7jK0lP-aSeDrFtGyHuJ_iKoLp-ZxCv",
        "BACKUP_URL": f"file://{folder}",
        "SSL_CERT_FILE": f"{folder}/caddy/pki/authorities/local/root.crt",
    }
    now = timezone.now()
    BackupRecord.objects.create(name="newest", made_at=now, checked_at=now)
    with Deployment(folder / "nginx", env) as deployment:
        eventually(lambda: listens(deployment))
        assert python("manage.py", "tick", **env).returncode == 0
        python("manage.py", "rebuild_search", "--missing", **env)
        (folder / "Caddyfile").write_text(caddyfile(deployment, port))
        process = subprocess.Popen(
            [program, "run", "--adapter=caddyfile", f"--config={folder}/Caddyfile"],
            env=MACHINE | {"HOME": str(folder), "XDG_DATA_HOME": str(folder)},
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            eventually(lambda: has_certificate(port, env["SSL_CERT_FILE"]))
            yield env
        finally:
            process.terminate()
            process.wait(timeout=60)


def has_certificate(port: int, authority: str) -> bool:
    """Whether Caddy has made its own: of the authority at once, of the site a little later."""
    context = ssl.create_default_context(cafile=authority)
    try:
        with socket.create_connection((HOST, port)) as plain:
            context.wrap_socket(plain, server_hostname=HOST).close()
    except ssl.SSLError:
        return False
    return True


def caddyfile(deployment: Deployment, port: int) -> str:
    """Debian's, with this site, and without questions about the machine's certificates."""
    text = (ROOT / "deploy/systemd/Caddyfile").read_text()
    text = text.replace(":8080 {", f":{deployment.port} {{")
    text = text.replace(
        "\tadmin off\n", "\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n"
    )
    return text.replace("\npodcast.example {", f"\n{HOST}:{port} {{")


def test_nothing_is_wrong_behind_caddy(site: dict[str, str]):
    said = python("manage.py", "doctor", **site)
    wrong = [line for line in said.stdout.splitlines() if line.startswith("!!")]
    assert wrong == [], said.stdout
    assert said.returncode == 0
    assert f"Proxy       {site['SITE_URL']} answers" in said.stdout
    assert "Certificate ends on" in said.stdout


def test_without_the_authority_its_certificate_is_named(site: dict[str, str]):
    said = python("manage.py", "doctor", **site | {"SSL_CERT_FILE": None})
    wrong = [line for line in said.stdout.splitlines() if line.startswith("!!")]
    assert any("its certificate isn't trusted" in line for line in wrong), said.stdout
