"""Turns the links of a Jekyll site into follow links, calls to action and promotions."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.db.models import Model

from guests.handles import PROFILES
from notes.models import ImportSource
from show.models import CallToAction, FollowLink, Promotion, Show
from text.urls import bare_host, is_web_url, url_key
from transfer.importers.columns import fitting_or_warn, shown, web_url_or_warn
from transfer.importers.follow_links import close_dead_services
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.jekyll.site_links import JekyllLink, read_links
from transfer.importers.report import Report
from transfer.importers.rows import RowMerge

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
SUPPORT_LABEL = "Support the show"
SUPPORT = re.compile(
    r"\b(?:support|donat\w*|sponsor\w*|patreon|buy ?me ?a ?coffee|ko ?fi|liberapay|"
    r"open ?collective|paypal|tip jar|membership)\b",
    re.IGNORECASE,
)
SUPPORT_SITE = re.compile(
    r"https?://(?:www\.)?(?:patreon\.com|buymeacoffee\.com|ko-fi\.com|liberapay\.com|"
    r"opencollective\.com|paypal\.me|paypal\.com/donate|github\.com/sponsors)(?:/|$)"
)
OFFER = re.compile(
    r"\b(?:courses?|e?books?|workshops?|trainings?|shop|store|merch\w*|academy)\b", re.IGNORECASE
)
# Settings that the show's row and its host's hold.
SETTINGS = {"links.repo", "author.links.website"} | {f"author.links.{key}" for key in PROFILES}


class LinkImport:
    """Merges a site's links into the rows of three models; `untaken` are the others."""

    def __init__(self, config: SiteConfig, report: Report) -> None:
        self.config, self.report = config, report
        self.changed = False
        self.untaken: list[JekyllLink] = []
        self.follow_links = RowMerge(FollowLink, ImportSource.JEKYLL)
        self.calls = RowMerge(CallToAction, ImportSource.JEKYLL)
        self.promotions = RowMerge(Promotion, ImportSource.JEKYLL)

    def run(self, root: Path) -> None:
        """Import all links. Rows whose links are gone go, too, unless the host edited them."""
        failures = self.report.outcomes["failed"]
        for key, value in self.config.nested("links", "subscribe").items():
            self._add_follow_link(key, value)
        for key, value in self.config.nested("links", "forms").items():
            self._add_form(key, value)
        known, links = _stored_urls(), read_links(root, self.config, self.report)
        keys = {link.key for link in links}
        for link in links:
            if not self._add(link, known, keys):
                self.untaken.append(link)
        if self.report.outcomes["failed"] == failures:  # or an unreadable file's would go
            for rows in (self.follow_links, self.calls, self.promotions):
                self._delete_gone(rows)

    def _add_follow_link(self, key: str, value: Any) -> None:
        path = f"links.subscribe.{key}"
        url = web_url_or_warn(value, path, self.report)
        name = APP_NAMES.get(key) or key.replace("_", " ").title()
        rows = FollowLink.objects
        known = rows.filter(url=url).first() or rows.filter(name=name).first()
        new = FollowLink(position=len(self.follow_links.merged))
        link, outcome = self._merge(self.follow_links, path, known or new, name=name, url=url)
        if outcome in ("new", "changed"):
            close_dead_services([link], self.report)

    def _add_form(self, key: str, value: Any) -> None:
        path = f"links.forms.{key}"
        url = web_url_or_warn(value, path, self.report)
        if key not in FORMS:
            self.report.warn("A form without a place here.", field=key, value=shown(value))
            return
        self._add_call(path, *FORMS[key], url)

    def _add_call(
        self, key: str, purpose: CallToAction.Purpose, label: str, url: str
    ) -> CallToAction:
        known = CallToAction.objects.filter(purpose=purpose).first()
        row = known or CallToAction(purpose=purpose)
        call: CallToAction = self._merge(self.calls, key, row, label=label, url=url)[0]
        return call

    def _add(self, link: JekyllLink, known: set[str], keys: set[str]) -> bool:
        """Whether the link is here: as a row of its own or another's, or as a setting."""
        url = urljoin(f"{self.config.url}/", link.url)
        if link.key in SETTINGS or link.url == Show.objects.current().owner_email:
            return True
        if not is_web_url(url) or bare_host(url) == bare_host(self.config.url):
            return url.rstrip("/") == self.config.url
        words = _words(link)
        asks_for_support = SUPPORT.search(words) or SUPPORT_SITE.match(url)
        for rows in (self.calls, self.promotions):
            rows.rename(link.key, "url", url, keys)
        is_call = asks_for_support and not self._has_support(link.key)
        rows = self.calls if is_call or link.key in self.calls.bases else self.promotions
        is_new = link.key not in rows.bases
        if is_new and (url_key(url) in known or not (asks_for_support or OFFER.search(words))):
            return url_key(url) in known
        known.add(url_key(url))
        if rows is self.calls:
            label = link.label or SUPPORT_LABEL
            return self._add_call(link.key, CallToAction.Purpose.SUPPORT, label, url).url == url
        row = Promotion(position=len(rows.merged) + 1)
        promotion = self._merge(rows, link.key, row, title=self._title(link), url=url)[0]
        return bool(promotion.pk) and promotion.url == url

    def _has_support(self, key: str) -> bool:
        """Whether another link has become the call for support, or this one a promotion."""
        forms = {f"links.forms.{name}" for name in FORMS}
        return key in self.promotions.bases or bool(self.calls.merged - forms)

    def _title(self, link: JekyllLink) -> str:
        name = self.config.nested("author").get("name")
        by = f" by {name}" if isinstance(name, str) and link.key.startswith("author.") else ""
        return link.label or f"{_words(link).capitalize()}{by}"

    def _merge(self, rows: RowMerge, key: str, row: Model, **said: str) -> tuple[Any, str]:
        """The row and the outcome; without a valid value nothing is merged."""
        row = rows.row(key) or row
        if not all(said.values()) or fitting_or_warn(rows.model, said, self.report) != said:
            rows.unread.add(key)
            return row, "unchanged"
        outcome = rows.merge(key, row, said, self.report, quiet=True)
        self.changed |= outcome != "unchanged"
        if outcome == "new":
            self.report.note(f"{str(rows.model._meta.verbose_name).capitalize()} from {key}: {row}")
        return row, outcome

    def _delete_gone(self, rows: RowMerge) -> None:
        for key in rows.gone():
            row = rows.row(key)
            if row is not None and rows.delete(key, row, self.report):
                self.report.note(f"{key}: gone from the site, so “{row}” is deleted.")
                self.changed = True


def _words(link: JekyllLink) -> str:
    """What the link is called, else its setting in words."""
    return re.sub(r"[\W_]+", " ", link.label or link.key.rpartition(".")[2])


def _stored_urls() -> set[str]:
    """The keys of all addresses that the show has on its pages."""
    show = Show.objects.current()
    urls = [show.website, show.repository, show.host.website if show.host else ""]
    for model in (FollowLink, CallToAction, Promotion):
        urls += model.objects.values_list("url", flat=True)
    return {url_key(url) for url in urls if url}
