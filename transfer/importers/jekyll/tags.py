"""Imports `tags/*.md`: a technology's address, page title, introduction and homepage."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from notes.models import ImportSource
from stack.directory import entry_named, fill_from_directory
from stack.models import Technology
from text.names import SLUG_PATTERN, normalise_name
from text.problems import error
from text.urls import is_web_url
from transfer.importers.checkout import markdown_files, read_each
from transfer.importers.columns import fitting, longest
from transfer.importers.jekyll.front_matter import JekyllFile, read_file
from transfer.importers.report import Report
from transfer.importers.rows import RowMerge

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
TEXTS = ("homepage", "title", "introduction")  # what a file states besides the name
TYPO = re.compile(r"^h+t*ps?(s?)://", re.IGNORECASE)


def import_tags(root: Path, report: Report) -> None:
    """Create the technologies, and merge what changed in their files into those that are here.

    A file that is gone takes with it what it stated and nobody edited; the technology stays.
    """
    rows = RowMerge(Technology, ImportSource.JEKYLL)
    failures = report.outcomes["failed"]
    for file in read_each(markdown_files(root, "tags", report), read_file, report):
        rows.unread.add(file.path.stem)
        import_tag(file, rows, report)
    if report.outcomes["failed"] == failures:  # or an unreadable file would count as gone
        for slug in rows.gone():
            _import_absence(slug, rows, report)


def import_tag(file: JekyllFile, rows: RowMerge, report: Report) -> None:
    """Create or merge one technology; its category stays as the host has it.

    A new one takes from the directory what its file doesn't state.
    """
    report = report.within(file.name)
    slug = file.text("tag") or file.path.stem
    if not re.fullmatch(SLUG_PATTERN, slug) or len(slug) > longest(Technology, "slug"):
        report.refuse(file.name, error("A tag that can't be an address.", field="tag", value=slug))
        return
    if slug != file.path.stem:
        report.problem(file.warning("The tag isn't its file's name.", "tag", slug))
    if slug in rows.merged:
        report.problem(file.warning("Another file has this tag; left out.", "tag", slug))
        return
    title = file.text("title")
    name = NAMES.get(slug) or name_in_title(title)
    if title and not name and not entry_named(slug):
        report.problem(file.warning("No name in this title; called by its tag.", "title", title))
    columns = {"name": name, "homepage": _homepage(file, report), "title": title}
    fits, problems = fitting(Technology, columns)
    report.problems(replace(problem, line=file.line_of(problem.value)) for problem in problems)
    paragraphs = (file.text("description"), file.body.strip())
    fits["introduction"] = "\n\n".join(filter(None, paragraphs))
    stated = {column: fits.get(column, "") for column in TEXTS}
    with transaction.atomic():
        name = fits.get("name", "")
        known = Technology.objects.by_name({slug, name})
        technology = rows.row(slug) or known.get(slug) or Technology(slug=slug)
        unedited = _of_directory(technology, stated | {"name": name})
        said = {n: unedited[n] for n in ("name",) if n in unedited} | dict(rows.said(slug))
        stated |= _name(technology, name, known.get(name), said)
        outcome = rows.merge(slug, technology, stated, report, unedited=unedited)
        if outcome == "new":
            fill_from_directory(technology)
    report.outcome(file.name, outcome)


def _of_directory(technology: Technology, stated: Mapping[str, str]) -> dict[str, str]:
    """Of the columns that the file states, those that are here as the directory has them."""
    entry = entry_named(technology.name) or entry_named(technology.slug)
    if technology._state.adding or entry is None:
        return {}
    known = {"name": entry.name, "homepage": entry.homepage}
    return {
        column: value
        for column, value in known.items()
        if stated[column] and getattr(technology, column) == value
    }


def _name(
    technology: Technology, stated: str, other: Technology | None, said: Mapping[str, str]
) -> dict[str, str]:
    """The name as a column, if the file states one that can be the technology's.

    `other` is the technology that has the name already.
    """
    if not normalise_name(stated) or (other and other != technology) or other and not said:
        stated = ""
    stated = stated or said.get("name", "")
    if technology._state.adding:
        return {"name": stated or technology.slug}
    return {"name": stated} if stated else {}


def _import_absence(slug: str, rows: RowMerge, report: Report) -> None:
    with transaction.atomic():
        technology = rows.row(slug)
        if technology is None:
            return
        outcome = rows.merge(
            slug, technology, dict.fromkeys(TEXTS, ""), report.within(f"tags/{slug}")
        )
    if outcome == "changed":
        report.outcome(f"{technology} (its file is gone)", outcome)


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
