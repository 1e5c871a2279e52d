"""A crawler goes through the sample catalogue and what was imported of the old site."""

from io import StringIO

import pytest
from django.core.management import call_command

from deploy.local.prepare import load_sample
from tests.crawl import crawl
from tests.production import ROOT

pytestmark = pytest.mark.clients

SITE = ROOT / "transfer" / "tests" / "jekyll"
# Moments show their episode's page once more, with the same links.
LEFT = ["/*?t="]


def test_no_link_is_broken_and_the_sitemap_lists_what_is_to_be_found(running: str) -> None:
    load_sample()
    call_command("import_jekyll", str(SITE), stdout=StringIO())
    found = crawl(running, leave=LEFT)
    assert found.problems == []
    assert len(found.answers) > 300

    sections = [answer for address, answer in found.answers.items() if "/sitemap-" in address]
    listed = [link.address for section in sections for link in section.links]
    answers = {address: found.answers[address] for address in listed}
    assert len(answers) > 100
    assert {address: it.status for address, it in answers.items() if it.status != 200} == {}
    assert [address for address, it in answers.items() if "noindex" in it.robots] == []
    assert {address: it.canonical for address, it in answers.items()} == {
        address: address for address in listed
    }
