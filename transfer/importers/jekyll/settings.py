"""Imports `_config.yml`: the show's address, its host, follow links and forms."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Model

from guests.models import Guest
from notes.write_rows import free_slug
from show.models import CallToAction, FollowLink, Show
from text.urls import is_web_url
from transfer.importers.columns import fill_empty, fitting_or_warn, shown, web_url_or_warn
from transfer.importers.follow_links import close_dead_services
from transfer.importers.jekyll.front_matter import read_yaml
from transfer.importers.report import InvalidInput, Report

CONFIG = "_config.yml"
# Keys of links.subscribe whose names aren't simply their words in title case.
APP_NAMES = {
    "itunes": "Apple Podcasts",
    "google_podcast": "Google Podcasts",
    "google_play": "Google Play Music",
}
FORMS = {
    "become_guest": (CallToAction.Purpose.BECOME_GUEST, "Become a guest"),
    "get_interviewed": (CallToAction.Purpose.GET_INTERVIEWED, "Be interviewed in writing"),
    "recommend_guest": (CallToAction.Purpose.RECOMMEND_GUEST, "Recommend a guest"),
}


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """What the import needs of the configuration; `values` is all of it, for Liquid."""

    values: dict[str, Any]
    url: str
    audio_prefix: str

    def nested(self, *keys: str) -> dict[str, Any]:
        value: Any = self.values
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}


def read_config(root: Path) -> SiteConfig:
    """Raises InvalidInput, and OSError if there is no such file."""
    values = read_yaml((root / CONFIG).read_text("utf-8-sig", errors="replace"), CONFIG)
    url, prefix = (
        value if isinstance(value := values.get(key), str) else ""
        for key in ("url", "mp3_url_path")
    )
    if not is_web_url(url):
        message = "No web address of the site: GUIDs are made of it."
        raise InvalidInput(message, field="url", value=url)
    return SiteConfig(values, url.rstrip("/"), prefix)


def import_settings(config: SiteConfig, report: Report) -> None:
    """Fill what the show's own rows don't say yet; what the host has set stays."""
    if not is_web_url(config.audio_prefix):
        report.warn("Without it no episode gets its audio.", field="mp3_url_path")
    show = Show.objects.current()
    repository = web_url_or_warn(config.nested("links").get("repo"), "links.repo", report)
    stated = {"website": config.url, "repository": repository}
    changed = fill_empty(show, fitting_or_warn(Show, stated, report))
    name = config.nested("author").get("name")
    if isinstance(name, str) and _fits(Guest, {"name": name}, report) and show.host is None:
        show.host = _host(name, config.nested("author", "links"), report)
        changed = True
    if changed:
        show.save()
    added = _follow_links(config, report) + _calls_to_action(config, report)
    report.outcome("Settings", "changed" if changed or added else "unchanged")


def _fits(model: type[Model], stated: dict[str, str], report: Report) -> bool:
    """Whether every value is stated and fits its column."""
    return all(stated.values()) and fitting_or_warn(model, stated, report) == stated


def _host(name: str, links: dict[str, Any], report: Report) -> Guest:
    existing = Guest.objects.by_name([name]).get(name)
    host = existing or Guest(name=name, slug=free_slug(name, Guest.objects))
    handles = {
        key: value.lstrip("@")
        for key in ("twitter", "github")
        if isinstance(value := links.get(key), str)
    }
    website = web_url_or_warn(links.get("website"), "author.links.website", report)
    stated = fitting_or_warn(Guest, {"website": website, **handles}, report)
    if fill_empty(host, stated) or not existing:
        host.save()
    return host


def _follow_links(config: SiteConfig, report: Report) -> int:
    urls = set(FollowLink.objects.values_list("url", flat=True))
    names = set(FollowLink.objects.values_list("name", flat=True))
    added = []
    for position, (key, value) in enumerate(config.nested("links", "subscribe").items()):
        url = web_url_or_warn(value, f"links.subscribe.{key}", report)
        name = APP_NAMES.get(key) or key.replace("_", " ").title()
        if url in urls or name in names:
            continue
        if _fits(FollowLink, {"url": url, "name": name}, report):
            added.append(FollowLink.objects.create(name=name, url=url, position=position))
    close_dead_services(added, report)
    return len(added)


def _calls_to_action(config: SiteConfig, report: Report) -> int:
    added = 0
    for key, value in config.nested("links", "forms").items():
        url = web_url_or_warn(value, f"links.forms.{key}", report)
        if key not in FORMS:
            report.warn("A form without a place here.", field=key, value=shown(value))
            continue
        purpose, label = FORMS[key]
        if CallToAction.objects.filter(purpose=purpose).exists():
            continue
        if _fits(CallToAction, {"url": url}, report):
            CallToAction.objects.create(purpose=purpose, label=label, url=url)
            added += 1
    return added
