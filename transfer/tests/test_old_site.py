"""Every address the imported part of the old site has on the web answers, in at most one hop."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from show.models import Show

pytestmark = pytest.mark.django_db

SITE = Path(settings.BASE_DIR) / "transfer" / "tests" / "jekyll"
INDEXES = ("/", "/podcast/", "/interviews/", "/tags/", "/podcast/feed.xml", "/interviews/feed.xml")
MACHINES = ("/sitemap.xml", "/robots.txt", "/health")


def old_addresses() -> list[str]:
    posts = [
        f"/{path.parent.name}/{path.stem.split('-', 3)[3]}" for path in SITE.glob("_posts/*/*.md")
    ]
    tags = [f"/tags/{path.stem}" for path in SITE.glob("tags/*.md")]
    leaves = [*posts, *tags]
    return [*INDEXES, *MACHINES, *leaves, *(f"{leaf}.html" for leaf in leaves)]


@pytest.mark.slow
def test_old_addresses_answer_and_lead_to_the_audio(client: Client) -> None:
    Show.objects.create(timezone="America/New_York")
    call_command("import_jekyll", str(SITE), stdout=StringIO())
    assert len(old_addresses()) == 163
    statuses, targets = {}, set()
    for address in old_addresses():
        response = client.get(address)
        if response.status_code == 301:
            targets.add(response["Location"])
        else:
            statuses[address] = response.status_code
    for address in targets - set(statuses):
        statuses[address] = client.get(address).status_code
    assert {address: status for address, status in statuses.items() if status != 200} == {}

    response = client.get("/assets/podcast/running-in-production-37.mp3")
    assert response.status_code == 302
    assert response["Location"].endswith("/assets/podcast/running-in-production-37.mp3")
    assert client.get("/assets/podcast/running-in-production-72.mp3").status_code == 404
