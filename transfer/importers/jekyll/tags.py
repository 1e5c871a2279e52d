"""`tags/*.md`: a technology's address, page title, introduction and homepage."""

import re
from dataclasses import replace

from django.db import transaction

from notes.grammar.draft import TechnologyFacts
from stack.models import Technology
from text.names import SLUG_PATTERN, normalise_name
from text.problems import Problem, error, has_errors, warning
from text.urls import is_web_url
from transfer.importers.column_limits import fitting
from transfer.importers.jekyll.front_matter import JekyllFile
from transfer.importers.report import Report

# “Websites Using PostgreSQL in Production” → PostgreSQL. Tag files state no name of their own.
NAME_IN_TITLE = re.compile(
    r"(?:(?:Websites?|Building .+?|Web Apps?|Sites?) (?:Using|with) |Using (?:an? |the )?)"
    r"(?P<name>.+?)(?: (?:in Production|for|to|as)\b.*)?"
    r"|(?P<kind>.+?) (?:Websites|Web Apps|Sites) in Production",
    re.IGNORECASE,
)
# Titles that name no technology, or not as people call it.
NAMES = {
    "open-source": "Open source",
    "static-site": "Static site generator",
    "electron": "Electron",
}
TYPO = re.compile(r"^h+t*ps?(s?)://", re.IGNORECASE)


def read_tag(file: JekyllFile) -> tuple[TechnologyFacts | None, list[Problem]]:
    """The technology a tag file describes; None when its address is unusable."""
    slug = file.text("tag") or file.path.stem
    if not re.fullmatch(SLUG_PATTERN, slug):
        problem = error("A tag that can't be an address.", field="tag", value=slug, file=file.name)
        return None, [problem]
    problems = []
    if slug != file.path.stem:
        message = "The tag isn't its file's name."
        line = file.line_of(slug)
        problems.append(warning(message, line, field="tag", value=slug, file=file.name))
    homepage, found = _homepage(file)
    title = file.text("title")
    name, doubts = _name(slug, title)
    introduction = "\n\n".join(filter(None, (file.text("description"), file.body.strip())))
    kept, too_long = fitting(
        Technology, {"slug": slug, "name": name, "homepage": homepage, "title": title}
    )
    if "slug" not in kept:
        return None, [problem.at(file.name) for problem in too_long]
    problems += found + [
        replace(problem, line=file.line_of(problem.value), file=file.name)
        for problem in (*doubts, *too_long)
    ]
    return TechnologyFacts(**{"name": slug, **kept}, introduction=introduction), problems


def _name(slug: str, title: str) -> tuple[str, list[Problem]]:
    """The technology's name: by hand, else as the title tells it, else its tag."""
    name = NAMES.get(slug) or name_in_title(title)
    if name or not title:
        return name or slug, []
    message = "No name in this title; called by its tag."
    return slug, [warning(message, field="title", value=title)]


def name_in_title(title: str) -> str:
    """The technology a page title is about; empty when the title has another shape."""
    match = NAME_IN_TITLE.fullmatch(title)
    return match["name"] or match["kind"] if match else ""


def _homepage(file: JekyllFile) -> tuple[str, list[Problem]]:
    url = file.text("url")
    if not url or is_web_url(url):
        return url, []
    line = file.line_of(url)
    mended = TYPO.sub("https://", url)
    if is_web_url(mended):
        message = "A typo in the address was mended."
        return mended, [
            warning(message, line, field="url", value=url, repair=mended, file=file.name)
        ]
    return "", [warning("No web address; left out.", line, field="url", value=url, file=file.name)]


def import_tag(file: JekyllFile, report: Report) -> None:
    """Create or update one technology; its name and category stay as the host has them."""
    facts, problems = read_tag(file)
    for problem in problems:
        report.problem(problem)
    if facts is None or has_errors(problems):
        report.outcome(file.name, "failed")
        return
    with transaction.atomic():
        technology = Technology.objects.named(facts.slug)
        outcome, replaced = _update(technology, facts) if technology else _create(facts)
        transaction.set_rollback(report.dry_run)
    report.outcome(file.name, outcome, replaced)


def _create(facts: TechnologyFacts) -> tuple[str, list[str]]:
    taken = Technology.objects.named(facts.name) is not None
    name = facts.slug if taken or not normalise_name(facts.name) else facts.name
    Technology.objects.create(
        name=name,
        slug=facts.slug,
        homepage=facts.homepage,
        title=facts.title,
        introduction=facts.introduction,
    )
    return "new", []


def _update(technology: Technology, facts: TechnologyFacts) -> tuple[str, list[str]]:
    stated = {
        "homepage": facts.homepage,
        "title": facts.title,
        "introduction": facts.introduction,
    }
    old = {name: getattr(technology, name) for name in stated}
    changed = {name: value for name, value in stated.items() if value and old[name] != value}
    replaced = [f"{name}: “{old[name][:60]}”" for name in changed if old[name]]
    for name, value in changed.items():
        setattr(technology, name, value)
    if changed:
        technology.save()
    return ("changed" if changed else "unchanged"), replaced
