"""Imports `tags/*.md`: a technology's address, page title, introduction and homepage."""

import re
from dataclasses import replace

from django.db import transaction

from stack.directory import entry_named, fill_from_directory
from stack.models import Technology
from text.names import SLUG_PATTERN, normalise_name
from text.problems import error
from text.urls import is_web_url
from transfer.importers.columns import fitting, longest, write_row
from transfer.importers.jekyll.front_matter import JekyllFile
from transfer.importers.report import Report, replaced_values

# “Websites Using PostgreSQL in Production” → PostgreSQL. Tag files state no name of their own.
NAME_IN_TITLE = re.compile(
    r"(?:(?:Websites?|Building .+?|Web Apps?|Sites?) (?:Using|with) |Using (?:an? |the )?)"
    r"(?P<name>.+?)(?: (?:in Production|for|to|as)\b.*)?"
    r"|(?P<kind>.+?) (?:Websites|Web Apps|Sites) in Production",
    re.IGNORECASE,
)
# Titles that don't name the technology, or not as people call it.
NAMES = {
    "open-source": "Open source",
    "static-site": "Static site generator",
    "electron": "Electron",
}
TYPO = re.compile(r"^h+t*ps?(s?)://", re.IGNORECASE)


def import_tag(file: JekyllFile, report: Report) -> None:
    """Create or update one technology; its name and category stay as the host has them.

    A new one takes from the directory what its file doesn't state.
    """
    report = report.within(file.name)
    slug = file.text("tag") or file.path.stem
    if not re.fullmatch(SLUG_PATTERN, slug) or len(slug) > longest(Technology, "slug"):
        report.refuse(file.name, error("A tag that can't be an address.", field="tag", value=slug))
        return
    if slug != file.path.stem:
        report.problem(file.warning("The tag isn't its file's name.", "tag", slug))
    title = file.text("title")
    name = NAMES.get(slug) or name_in_title(title)
    if title and not name and not entry_named(slug):
        report.problem(file.warning("No name in this title; called by its tag.", "title", title))
    columns = {"name": name, "homepage": _homepage(file, report), "title": title}
    fits, problems = fitting(Technology, columns)
    report.problems(replace(problem, line=file.line_of(problem.value)) for problem in problems)
    name = fits.pop("name", slug)
    if Technology.objects.named(name) or not normalise_name(name):
        name = slug
    fits["introduction"] = "\n\n".join(filter(None, (file.text("description"), file.body.strip())))
    with transaction.atomic():
        technology = Technology.objects.named(slug) or Technology(slug=slug, name=name)
        stated = {column: value for column, value in fits.items() if value}
        outcome, old = write_row(technology, stated)
        if outcome == "new":
            fill_from_directory(technology)
        transaction.set_rollback(report.dry_run)
    report.outcome(file.name, outcome, replaced_values(old))


def name_in_title(title: str) -> str:
    """The technology that a page's title is about; empty if the title has another form."""
    match = NAME_IN_TITLE.fullmatch(title)
    return match["name"] or match["kind"] if match else ""


def _homepage(file: JekyllFile, report: Report) -> str:
    url = file.text("url")
    if not url or is_web_url(url):
        return url
    fixed = TYPO.sub("https://", url)
    if is_web_url(fixed):
        report.problem(file.warning("A typo in the address was fixed.", "url", url, fixed))
        return fixed
    report.problem(file.warning("No web address; left out.", "url", url))
    return ""
