"""Markdown pages at the root of the checkout: /thanks, /affiliate-links."""

import re
from dataclasses import replace

from django.db import transaction

from show.models import PAGE_SLUG, Page
from text.problems import error, warning
from transfer.importers.column_limits import fitting
from transfer.importers.jekyll.front_matter import JekyllFile
from transfer.importers.jekyll.images import Pictures
from transfer.importers.jekyll.liquid import Liquid
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.report import Report

ENDINGS = (".md", ".markdown", ".html")
# The old site's own machinery, which this one has in its own way.
NOT_PAGES = {
    "index", "404", "readme", "license", "changelog", "feed", "sitemap", "robots", "search",
}  # fmt: skip


def is_page(name: str) -> bool:
    stem, _, ending = name.rpartition(".")
    return f".{ending}" in ENDINGS and stem.lower() not in NOT_PAGES and not stem.startswith("_")


def import_page(file: JekyllFile, config: SiteConfig, pictures: Pictures, report: Report) -> None:
    """Create or update one page of the host's. HTML pages are reported: we hold Markdown."""
    slug = file.text("permalink").strip("/").removesuffix(".html") or file.path.stem
    if not file.text("title") or not re.fullmatch(PAGE_SLUG, slug):
        report.problem(warning("No page: it has no title or no plain address.", file=file.name))
        return
    if file.path.suffix == ".html" and "<" in file.body:
        message = "A page in HTML: paste its text into the desk's Pages."
        report.problem(error(message, file.body_line, field="page", value=slug, file=file.name))
        report.outcome(file.name, "failed")
        return
    stated = {"title": file.text("title"), "description": file.text("description")}
    for problem in fitting(Page, {"slug": slug, **stated})[1]:
        report.problem(replace(problem, severity="error", file=file.name))
        report.outcome(file.name, "failed")
        return
    page_values = {**file.values, "url": f"/{slug}"}
    liquid = Liquid(page_values, config.values, pictures.markdown, pictures.link)
    body = liquid.expand(file.body, file.body_line).strip()
    for problem in liquid.problems:
        report.problem(problem.at(file.name))
    stated["body"] = body
    with transaction.atomic():
        page = Page.objects.filter(slug=slug).first()
        old = {name: getattr(page, name) for name in stated} if page else {}
        replaced = [
            f"{name}: “{value[:60]}”"
            for name, value in old.items()
            if value not in ("", stated[name])
        ]
        if old != stated:
            Page.objects.update_or_create(slug=slug, defaults=stated)
        transaction.set_rollback(report.dry_run)
    outcome = "new" if page is None else "unchanged" if old == stated else "changed"
    report.outcome(file.name, outcome, replaced)
