"""Sitemaps as their schemas demand, https://www.sitemaps.org/protocol.html."""

import re
from pathlib import Path

import pytest

from tests.clients.conftest import fetch
from tests.clients.programs import CLIENTS, ask, npm_module, program

pytestmark = pytest.mark.clients


def test_sections(site: str, tmp_path: Path) -> None:
    index = fetch(f"{site}/sitemap.xml").decode()
    addresses = re.findall("<loc>(.+?)</loc>", index)
    assert len(addresses) >= 5
    for number, address in enumerate(addresses):
        (tmp_path / f"{number}.xml").write_bytes(fetch(address))
    validate(npm_module("sitemap") / "schema" / "sitemap.xsd", *tmp_path.glob("*.xml"))


def test_index(site: str, tmp_path: Path) -> None:
    schema = CLIENTS / "siteindex.xsd"
    if not schema.exists():
        pytest.skip(f"no {schema}: .ci/run fetches it from www.sitemaps.org")
    (tmp_path / "index.xml").write_bytes(fetch(f"{site}/sitemap.xml"))
    validate(schema, tmp_path / "index.xml")


def validate(schema: Path, *files: Path) -> None:
    """Raises AssertionError with xmllint's words for a file that isn't valid."""
    ask(program("xmllint", "libxml2-utils"), "--nonet", "--noout", "--schema", schema, *files)
