"""Imports Markdown pages at the root of the checkout, such as /thanks."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from show.models import PAGE_SLUG, Page
from text.problems import error
from transfer.importers.checkout import ENDINGS, is_file
from transfer.importers.columns import fitting, write_row
from transfer.importers.jekyll.front_matter import JekyllFile
from transfer.importers.jekyll.images import Images
from transfer.importers.jekyll.liquid import Liquid
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.report import Report, replaced_values

# The old site's own machinery, which this one has in its own way.
NOT_PAGES = {
    "index", "404", "readme", "license", "changelog", "feed", "sitemap", "robots", "search",
}  # fmt: skip


def page_files(root: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(root.iterdir()):
        is_page = path.suffix in (*ENDINGS, ".html") and path.stem.lower() not in NOT_PAGES
        if is_page and not path.name.startswith("_") and is_file(path, root):
            yield path, path.name


def import_page(file: JekyllFile, config: SiteConfig, images: Images, report: Report) -> None:
    """Create or update a page. One in HTML is an error: pages here are Markdown."""
    report = report.within(file.name)
    slug = file.text("permalink").strip("/").removesuffix(".html") or file.path.stem
    if not file.text("title") or not re.fullmatch(PAGE_SLUG, slug):
        report.warn("No page: it has no title or no plain address.")
        return
    if file.path.suffix == ".html" and "<" in file.body:
        message = "A page in HTML: paste its text into the desk's Pages."
        report.refuse(file.name, error(message, file.body_line, field="page", value=slug))
        return
    stated = {"title": file.text("title"), "description": file.text("description")}
    for problem in fitting(Page, {"slug": slug, **stated})[1]:
        report.refuse(file.name, replace(problem, severity="error"))
        return
    page_values = {**file.values, "url": f"/{slug}"}
    images = replace(images, problems=[])
    liquid = Liquid(page_values, config.values, images.markdown, images.link)
    stated["body"] = liquid.expand(file.body, file.body_line).strip()
    report.problems(liquid.problems + images.problems)
    with transaction.atomic():
        page = Page.objects.filter(slug=slug).first() or Page(slug=slug)
        outcome, old = write_row(page, stated)
        transaction.set_rollback(report.dry_run)
    report.outcome(file.name, outcome, replaced_values(old))
