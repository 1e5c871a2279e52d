"""Imports pages at the root of the checkout, such as /thanks, in Markdown or HTML."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from notes.models import ImportSource
from show.models import PAGE_SLUG, Page, is_reserved
from transfer.importers.checkout import ENDINGS, is_file, read_each
from transfer.importers.columns import fitting
from transfer.importers.html_to_markdown import escaped, to_markdown
from transfer.importers.jekyll.front_matter import JekyllFile, read_file
from transfer.importers.jekyll.images import Images
from transfer.importers.jekyll.liquid import Liquid
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.report import Report
from transfer.importers.rows import RowMerge

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


def import_pages(root: Path, config: SiteConfig, images: Images, report: Report) -> None:
    """Create the pages, and merge what changed in their files into those that are here.

    A page whose file is gone is deleted, unless it was edited.
    """
    rows = RowMerge(Page, ImportSource.JEKYLL)
    failures = report.outcomes["failed"]
    for file in read_each(page_files(root, report), read_file, report):
        rows.unread.add(file.path.stem)
        import_page(file, rows, config, images, report)
    if report.outcomes["failed"] == failures:  # or an unreadable file would count as gone
        for slug in rows.gone():
            _import_absence(slug, rows, report)


def import_page(
    file: JekyllFile, rows: RowMerge, config: SiteConfig, images: Images, report: Report
) -> None:
    """Create or merge a page. HTML becomes Markdown, without the heading that the page has."""
    report = report.within(file.name)
    slug = file.text("permalink").strip("/").removesuffix(".html") or file.path.stem
    if slug in rows.merged:
        report.warn("Another file has this address; left out.", field="page", value=slug)
        return
    rows.unread.add(slug)
    if not file.text("title") or not re.fullmatch(PAGE_SLUG, slug):
        report.warn("No page: it has no title or no plain address.")
        return
    if is_reserved(slug):
        report.warn("No page: this is an address of the site itself.", field="page", value=slug)
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
        page = rows.row(slug) or Page.objects.filter(slug=slug).first() or Page(slug=slug)
        outcome = rows.merge(slug, page, stated, report)
    report.outcome(file.name, outcome)


def _import_absence(slug: str, rows: RowMerge, report: Report) -> None:
    with transaction.atomic():
        page = rows.row(slug)
        is_deleted = page is not None and rows.delete(slug, page, report.within(f"/{slug}"))
    if is_deleted:
        report.outcome(f"/{slug} (deleted: its file is gone)", "changed")


def _from_html(body: str, config: SiteConfig, file: JekyllFile) -> str:
    """The page in Markdown; its first heading repeats the title that every page shows."""
    lines = to_markdown(body, f"{config.url}/").split("\n")
    if lines and lines[0].lstrip("# ") == escaped(file.text("title")):
        del lines[0]
    return "\n".join(lines).strip()
