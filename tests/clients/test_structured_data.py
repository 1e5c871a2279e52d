"""JSON-LD by the vocabulary of schema.org: its types for TypeScript know every property."""

import json
import re
from pathlib import Path

import pytest

from pages.tests.factories import odd_catalogue
from tests.clients.conftest import fetch
from tests.clients.programs import ask, npm_module, program

pytestmark = pytest.mark.clients

SCRIPT = re.compile(r'<script type="application/ld\+json">(.+?)</script>', re.DOTALL)
LOCATION = re.compile("<loc>(.+?)</loc>")
OPTIONS = "--noEmit --strict --skipLibCheck --pretty false --module nodenext".split()
TYPES = {"Article", "BreadcrumbList", "PodcastEpisode", "PodcastSeries", "WebSite"}


def test_every_page_keeps_to_the_vocabulary(site: str, tmp_path: Path) -> None:
    compiler = npm_module("typescript") / "bin" / "tsc"
    odd_catalogue()
    documents = structured_data(site)
    assert {
        node["@type"] for document in documents.values() for node in document["@graph"]
    } >= TYPES

    (tmp_path / "node_modules").symlink_to(npm_module("schema-dts").parent)
    lines = ['import type { Graph } from "schema-dts";']
    for number, (address, document) in enumerate(documents.items()):
        text = json.dumps(document, indent=1)
        lines.append(f"// {address}\nexport const page{number}: Graph = {text};")
    (tmp_path / "pages.ts").write_text("\n".join(lines))
    ask(program("node", "nodejs"), compiler, *OPTIONS, tmp_path / "pages.ts")


def structured_data(site: str) -> dict[str, dict]:
    """What each page of the sitemap says of itself, by its address."""
    sections = LOCATION.findall(fetch(f"{site}/sitemap.xml").decode())
    pages = [page for section in sections for page in LOCATION.findall(fetch(section).decode())]
    return {
        page: json.loads(script, object_hook=without_constraints)
        for page in pages
        for script in SCRIPT.findall(fetch(page).decode())
    }


def without_constraints(node: dict) -> dict:
    """Actions may say what they want to be told, https://schema.org/docs/actions.html#part-4.

    Such names are no properties, and no part of the types.
    """
    return {name: value for name, value in node.items() if not name.endswith("-input")}
