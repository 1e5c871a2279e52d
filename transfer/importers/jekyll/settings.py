"""Imports what `_config.yml` says about the show and its host."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guests.handles import PROFILES
from guests.models import Guest
from notes.models import ImportSource
from notes.new_rows import free_slug
from show.models import Show
from text.urls import is_web_url
from transfer.importers.columns import fill_empty, fitting_or_warn, web_url_or_warn
from transfer.importers.jekyll.front_matter import read_yaml
from transfer.importers.report import InvalidInput, Report
from transfer.importers.rows import RowMerge

CONFIG = "_config.yml"


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


def import_settings(config: SiteConfig, report: Report) -> bool:
    """Merge the show's addresses, and fill in its host; True if anything changed."""
    if not is_web_url(config.audio_prefix):
        report.warn("Without it no episode gets its audio.", field="mp3_url_path")
    show = Show.objects.current()
    if show._state.adding:
        show.save()
    repository = web_url_or_warn(config.nested("links").get("repo"), "links.repo", report)
    stated = fitting_or_warn(Show, {"website": config.url, "repository": repository}, report)
    rows = RowMerge(Show, ImportSource.JEKYLL)
    outcome = rows.merge(CONFIG, show, stated, report, quiet=True)
    name = config.nested("author").get("name")
    if show.host is not None or not isinstance(name, str) or not name:
        return outcome == "changed"
    if not fitting_or_warn(Guest, {"name": name}, report):
        return outcome == "changed"
    show.host = _host(name, config.nested("author", "links"), report)
    show.save()
    report.note(f"Host from author.name: {show.host}")
    return True


def _host(name: str, links: dict[str, Any], report: Report) -> Guest:
    existing = Guest.objects.by_name([name]).get(name)
    host = existing or Guest(name=name, slug=free_slug(name, Guest.objects))
    handles = {
        key: read(value)
        for key, read in PROFILES.items()
        if isinstance(value := links.get(key), str)
    }
    website = web_url_or_warn(links.get("website"), "author.links.website", report)
    stated = fitting_or_warn(Guest, {"website": website, **handles}, report)
    if fill_empty(host, stated) or not existing:
        host.save()
    return host
