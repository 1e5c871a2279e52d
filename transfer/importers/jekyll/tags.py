"""Imports `tags/*.md`: a technology's address, page title, introduction and homepage."""

import re
from dataclasses import replace

from django.db import transaction

from stack.models import Technology
from text.names import SLUG_PATTERN, normalise_name
from text.problems import Problem
from text.urls import is_web_url
from transfer.importers.field_checks import fitting
from transfer.importers.jekyll.front_matter import JekyllFile
from transfer.importers.report import InvalidInput, Report, replaced_values

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
    """Create or update one technology; its name and category stay as the host has them."""
    report = report.within(file.name)
    try:
        stated, problems = read_tag(file)
    except InvalidInput as invalid:
        report.refuse(file.name, invalid.problem)
        return
    report.problems(problems)
    with transaction.atomic():
        technology = Technology.objects.named(stated["slug"])
        outcome, replaced = _update(technology, stated) if technology else _create(stated)
        transaction.set_rollback(report.dry_run)
    report.outcome(file.name, outcome, replaced)


def read_tag(file: JekyllFile) -> tuple[dict[str, str], list[Problem]]:
    """The technology's columns. Raises InvalidInput if the tag can't be an address."""
    slug = file.text("tag") or file.path.stem
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise InvalidInput("A tag that can't be an address.", field="tag", value=slug)
    for problem in fitting(Technology, {"slug": slug})[1]:
        raise InvalidInput(problem.message, file.line_of(slug), field="tag", value=slug)
    problems = []
    if slug != file.path.stem:
        problems.append(file.warning("The tag isn't its file's name.", "tag", slug))
    title = file.text("title")
    name = NAMES.get(slug) or name_in_title(title)
    if title and not name:
        problems.append(file.warning("No name in this title; called by its tag.", "title", title))
    homepage, mended = _homepage(file)
    columns = {"name": name or slug, "homepage": homepage, "title": title}
    fits, too_long = fitting(Technology, columns)
    problems += mended
    problems += [replace(problem, line=file.line_of(problem.value)) for problem in too_long]
    introduction = "\n\n".join(filter(None, (file.text("description"), file.body.strip())))
    return {"slug": slug, "name": slug, **fits, "introduction": introduction}, problems


def name_in_title(title: str) -> str:
    """The technology that a page's title is about; empty if the title has another form."""
    match = NAME_IN_TITLE.fullmatch(title)
    return match["name"] or match["kind"] if match else ""


def _homepage(file: JekyllFile) -> tuple[str, list[Problem]]:
    url = file.text("url")
    if not url or is_web_url(url):
        return url, []
    mended = TYPO.sub("https://", url)
    if is_web_url(mended):
        return mended, [file.warning("A typo in the address was mended.", "url", url, mended)]
    return "", [file.warning("No web address; left out.", "url", url)]


def _create(stated: dict[str, str]) -> tuple[str, list[str]]:
    name = stated["name"]
    if Technology.objects.named(name) or not normalise_name(name):
        name = stated["slug"]
    Technology.objects.create(**stated | {"name": name})
    return "new", []


def _update(technology: Technology, stated: dict[str, str]) -> tuple[str, list[str]]:
    old = {
        name: getattr(technology, name)
        for name in ("homepage", "title", "introduction")
        if stated.get(name) and getattr(technology, name) != stated[name]
    }
    for name in old:
        setattr(technology, name, stated[name])
    if old:
        technology.save()
    return ("changed" if old else "unchanged"), replaced_values(old)
