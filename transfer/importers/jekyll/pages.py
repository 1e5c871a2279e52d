"""Imports pages at the root of the checkout, such as /thanks, in Markdown or HTML."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from show.models import PAGE_SLUG, Page
from transfer.importers.checkout import ENDINGS, is_file
from transfer.importers.columns import fitting, write_row
from transfer.importers.html_to_markdown import escaped, to_markdown
from transfer.importers.jekyll.front_matter import JekyllFile
from transfer.importers.jekyll.images import Images
from transfer.importers.jekyll.liquid import Liquid
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.report import Report, replaced_values

# Pages that this site has in its own way, and files that no site publishes.
NOT_PAGES = {"index", "404", "feed", "sitemap", "robots", "search"}
DOCUMENTS = {"readme", "license", "changelog", "contributing"}


def page_files(root: Path, report: Report) -> Iterator[tuple[Path, str]]:
    """Files that Jekyll makes pages of. The others are named once."""
    for path in sorted(root.iterdir()):
        if path.suffix not in (*ENDINGS, ".html") or not is_file(path, root):
            continue
        if path.name.startswith("_") or path.stem.lower() in DOCUMENTS:
            continue
        if path.stem.lower() in NOT_PAGES:
            report.within(path.name).warn("This site has its own; left out.", field="page")
        elif path.read_bytes()[:3] != b"---":
            message = "A static file without front matter; left out."
            report.within(path.name).warn(message, field="page")
        else:
            yield path, path.name


def import_page(file: JekyllFile, config: SiteConfig, images: Images, report: Report) -> None:
    """Create or update a page. HTML becomes Markdown, without the heading that the page has."""
    report = report.within(file.name)
    slug = file.text("permalink").strip("/").removesuffix(".html") or file.path.stem
    if not file.text("title") or not re.fullmatch(PAGE_SLUG, slug):
        report.warn("No page: it has no title or no plain address.")
        return
    stated = {"title": file.text("title"), "description": file.text("description")}
    for problem in fitting(Page, {"slug": slug, **stated})[1]:
        report.refuse(file.name, replace(problem, severity="error"))
        return
    page_values = {**file.values, "url": f"/{slug}"}
    images = replace(images, problems=[])
    liquid = Liquid(page_values, config.values, images.markdown, images.link)
    body = liquid.expand(file.body, file.body_line).strip()
    stated["body"] = body if file.path.suffix in ENDINGS else _from_html(body, config, file)
    report.problems(liquid.problems + images.problems)
    with transaction.atomic():
        page = Page.objects.filter(slug=slug).first() or Page(slug=slug)
        outcome, old = write_row(page, stated)
        transaction.set_rollback(report.dry_run)
    report.outcome(file.name, outcome, replaced_values(old))


def _from_html(body: str, config: SiteConfig, file: JekyllFile) -> str:
    """The page in Markdown; its first heading repeats the title that every page shows."""
    lines = to_markdown(body, f"{config.url}/").split("\n")
    if lines and lines[0].lstrip("# ") == escaped(file.text("title")):
        del lines[0]
    return "\n".join(lines).strip()
