"""`_config.yml`: the show's address, its host, where to follow it, and its forms."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Model

from guests.models import Guest
from notes.write_rows import free_slug
from show.models import CallToAction, FollowLink, Show
from text.problems import Problem, error, warning
from text.urls import is_web_url
from transfer.importers.column_limits import fitting
from transfer.importers.jekyll.front_matter import read_yaml, shown
from transfer.importers.report import Report

CONFIG = "_config.yml"
# Keys of links.subscribe whose names aren't simply their words in title case.
APP_NAMES = {
    "itunes": "Apple Podcasts",
    "google_podcast": "Google Podcasts",
    "google_play": "Google Play Music",
}
# Services that have shut down since: kept, no longer shown.
CLOSED = {"google_podcast", "google_play", "stitcher"}
FORMS = {
    "become_guest": (CallToAction.Purpose.BECOME_GUEST, "Become a guest"),
    "get_interviewed": (CallToAction.Purpose.GET_INTERVIEWED, "Be interviewed in writing"),
    "recommend_guest": (CallToAction.Purpose.RECOMMEND_GUEST, "Recommend a guest"),
}


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """What the import needs of the configuration; `values` is the whole, for Liquid."""

    values: dict[str, Any]
    url: str
    audio_prefix: str

    def nested(self, *keys: str) -> dict[str, Any]:
        value: Any = self.values
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}


def read_config(root: Path) -> SiteConfig:
    """Raises UnreadableFile, and OSError where there is no such file."""
    values = read_yaml((root / CONFIG).read_text("utf-8-sig", errors="replace"), CONFIG)
    url = values.get("url", "")
    prefix = values.get("mp3_url_path", "")
    return SiteConfig(
        values=values,
        url=url.rstrip("/") if isinstance(url, str) else "",
        audio_prefix=prefix if isinstance(prefix, str) else "",
    )


def check_config(config: SiteConfig) -> list[Problem]:
    problems = []
    if not is_web_url(config.url):
        problems.append(
            error(
                "No web address of the site: GUIDs are made of it.",
                field="url",
                value=config.url,
                file=CONFIG,
            )
        )
    if not is_web_url(config.audio_prefix):
        problems.append(
            warning("Without it no episode gets its audio.", field="mp3_url_path", file=CONFIG)
        )
    return problems


def import_settings(config: SiteConfig, report: Report) -> None:
    """Fill what the show's own rows don't say yet; what the host has set stays."""
    show = Show.objects.current()
    stated = {"website": config.url, "repository": _link(config, "repo", report)}
    changed = _fill(show, stated, report)
    author = config.nested("author")
    name = author.get("name")
    if isinstance(name, str) and _fits(Guest, {"name": name}, report) and show.host is None:
        show.host = _host(name, author, report)
        changed = True
    if changed:
        show.save()
    added = _follow_links(config, report) + _calls_to_action(config, report)
    report.outcome("Settings", "changed" if changed or added else "unchanged")


def _fits(model: type[Model], stated: dict[str, str], report: Report) -> bool:
    """Whether all of this is stated and can be held."""
    return all(stated.values()) and len(_fitting(model, stated, report)) == len(stated)


def _fitting(model: type[Model], stated: dict[str, str], report: Report) -> dict[str, str]:
    kept, problems = fitting(model, stated)
    for problem in problems:
        report.problem(problem.at(CONFIG))
    return kept


def _fill(row: Model, stated: dict[str, str], report: Report) -> bool:
    fits = _fitting(type(row), stated, report)
    new = {name: value for name, value in fits.items() if value and not getattr(row, name)}
    for name, value in new.items():
        setattr(row, name, value)
    return bool(new)


def _link(config: SiteConfig, key: str, report: Report) -> str:
    return _web_url(config.nested("links").get(key), f"links.{key}", report)


def _web_url(value: Any, field: str, report: Report) -> str:
    if isinstance(value, str) and is_web_url(value):
        return value
    if value:
        report.problem(
            warning("No web address; left out.", field=field, value=shown(value), file=CONFIG)
        )
    return ""


def _host(name: str, author: dict[str, Any], report: Report) -> Guest:
    links = author.get("links")
    links = links if isinstance(links, dict) else {}
    known = Guest.objects.by_name([name]).get(name)
    host = known or Guest(name=name, slug=free_slug(name, Guest.objects))
    handles = {
        key: value.lstrip("@")
        for key in ("twitter", "github")
        if isinstance(value := links.get(key), str)
    }
    website = _web_url(links.get("website"), "author.links.website", report)
    if _fill(host, {"website": website, **handles}, report) or not known:
        host.save()
    return host


def _follow_links(config: SiteConfig, report: Report) -> int:
    known = set(FollowLink.objects.values_list("url", flat=True))
    names = set(FollowLink.objects.values_list("name", flat=True))
    added = 0
    for position, (key, value) in enumerate(config.nested("links", "subscribe").items()):
        url = _web_url(value, f"links.subscribe.{key}", report)
        name = APP_NAMES.get(key) or key.replace("_", " ").title()
        if url in known or name in names:
            continue
        if not _fits(FollowLink, {"url": url, "name": name}, report):
            continue
        FollowLink.objects.create(name=name, url=url, position=position, closed=key in CLOSED)
        if key in CLOSED:
            message = "This service has shut down: kept, no longer shown."
            report.problem(warning(message, field=name, value=url, file=CONFIG))
        added += 1
    return added


def _calls_to_action(config: SiteConfig, report: Report) -> int:
    added = 0
    for key, value in config.nested("links", "forms").items():
        url = _web_url(value, f"links.forms.{key}", report)
        if key not in FORMS:
            report.problem(
                warning("A form without a place here.", field=key, value=shown(value), file=CONFIG)
            )
            continue
        purpose, label = FORMS[key]
        if CallToAction.objects.filter(purpose=purpose).exists():
            continue
        if _fits(CallToAction, {"url": url}, report):
            CallToAction.objects.create(purpose=purpose, label=label, url=url)
            added += 1
    return added
