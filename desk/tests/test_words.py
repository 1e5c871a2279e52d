"""Every text of every screen of the desk, and the words that a host doesn't know."""

import gettext
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.roles import set_roles
from desk.tests.addresses import Address, addresses, secret_draft
from desk.tests.forms import form_data
from desk.tests.test_roles import catalogue
from episodes.models import Episode
from episodes.tests import factories

__all__ = ["catalogue"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Django's words, a programmer's, and those of whoever runs the site.
REFUSED = re.compile(
    r"""
    \bobjects?\b | \bmodels?\b | change\s?list | content\ types? | \bcodenames? | \bquery\s?sets?\b
    | superuser | staff\ status | foreign\ key | primary\ key | \bslugs?\b
    | pbkdf2 | \bargon2 | \bmd5\b | \bsalt: | \bhash: | \biterations:
    | Select\ .{1,40}\ to\ (change|view) | Save\ and | Are\ you\ sure | Yes,\ I’m\ sure
    | take\ me\ back | related\ (items|objects) | successfully | administration\b | \badmin\b
    | SITE_URL | DOWNLOADS_LOG | [A-Z]{3,}_[A-Z_]{3,} | \./run | \bmanage\b | \btick\b
    | change\ history | Date/time | Recent\ actions | Please\ correct\ the | Log\ (in|out)\b
    | \{[#%{] | already\ exists | characters\ or\ fewer | for\ verification | Last\ login
    | \bCan\ (add|change|delete|view)\b | \bThis\ field | ---- | Currently: | \bRun\ the\ selected
    | \b(January|February|March|April|June|July|August|September|October|November|December)\ \d
    | \d\ [ap]\.m\. | ^(noon|midnight)$ | relationship
    """,
    re.VERBOSE,
)
SPOKEN = ("alt", "aria-label", "placeholder", "title")
LISTENERS = ("", "episodes/", "compared/", "apps/", "moments/", "readers/")
SILENT = ("script", "style", "svg")
# Addresses, words that listeners search for, a date as a public text has it, AI models.
QUOTED = re.compile(
    r"/[a-z]+/\S*|https?://\S+|June 29, 2020|text for AI models"
    r"|URL, link, slug.*|ORM, object rel.*|CRM, customer rel.*"
)


class TextReader(HTMLParser):
    """What a page says: its text, its labels for screen readers, its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.silent += tag in SILENT
        self.texts += [given[name] or "" for name in SPOKEN if name in given]
        if given.get("type") in ("submit", "button", "reset"):
            self.texts.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def refused_in(response: Any) -> set[str]:
    """The texts of a page that a host wouldn't understand."""
    if "text/html" not in response.headers.get("Content-Type", ""):
        return set()
    reader = TextReader()
    reader.feed(response.content.decode())
    texts = (" ".join(QUOTED.sub("", text).split()) for text in reader.texts)
    return {text for text in texts if REFUSED.search(text)}


def pages(client: Client, paths: list[str]) -> Iterator[tuple[str, Any]]:
    for path in paths:
        yield path, client.get(path, follow=True)


def submitted(client: Client, path: str) -> Iterator[tuple[str, Any]]:
    """A form's answers to what it shows, to nothing at all, and to nonsense in each field."""
    shown = client.get(path)
    if shown.status_code != 200 or b"<form" not in shown.content:
        return
    values = form_data(shown)
    nonsense = {name: value if name.endswith("_FORMS") or "csrf" in name else "\x01 ?"
                for name, value in values.items()}  # fmt: skip
    for name, data in (("as shown", values), ("empty", {}), ("nonsense", nonsense)):
        with transaction.atomic():
            yield f"{path} ({name})", client.post(path, data, follow=True)
            transaction.set_rollback(True)


@pytest.fixture
def everything(catalogue: Episode) -> list[str]:
    found = [each.path for each in addresses(catalogue, secret_draft()) if is_at_desk(each)]
    factories.episode("Binned", 93, deleted_at=timezone.now())
    return [*dict.fromkeys(found), "/admin/episodes/episode/?state=bin"]


def is_at_desk(address: Address) -> bool:
    out = ("/admin/preview/", "/admin/logout", "/admin/jsi18n")
    return address.path.startswith("/admin/") and not address.path.startswith(out)


def check(found: Iterator[tuple[str, Any]]) -> None:
    """Fail with the refused texts, each with the first page that has it."""
    texts: dict[str, str] = {}
    for path, response in found:
        assert response.status_code < 500, path
        for text in refused_in(response):
            texts.setdefault(text[:200], path)
    assert not texts, "\n".join(f"{text}   [{path}]" for text, path in sorted(texts.items()))


def test_every_screen(everything: list[str], host: Client) -> None:
    check(pages(host, everything))


def test_every_answer_of_a_form(everything: list[str], host: Client) -> None:
    forms = [path for path in everything if re.search(r"/(add|change|delete|password)/$", path)]
    forms += ["/admin/password_change/", "/admin/show/show/1/change/", "/admin/paste"]
    assert len(forms) > 60
    check(each for path in forms for each in submitted(host, path))


def test_every_answer_of_a_list(everything: list[str], host: Client) -> None:
    def answers() -> Iterator[tuple[str, Any]]:
        for model, model_admin in admin.site._registry.items():
            path = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
            keys = list(model._default_manager.values_list("pk", flat=True))
            names = {getattr(each, "__name__", each) for each in model_admin.actions or ()}
            for action in ("", "delete_selected", *names):
                for selected in (keys, []):
                    with transaction.atomic():
                        data = {"action": action, "_selected_action": selected}
                        yield f"{path} {action}", host.post(path, data, follow=True)
                        yield path, host.post(path, data | {"post": "yes"}, follow=True)
                        transaction.set_rollback(True)
            yield path, host.get(f"{path}?q=nothing+like+it", follow=True)
            yield path, host.get(f"{path}?_popup=1", follow=True)

    check(answers())


def test_an_empty_desk(db: None, host: Client) -> None:
    set_roles()
    lists = [
        f"/admin/{model._meta.label_lower.replace('.', '/')}/" for model in admin.site._registry
    ]
    paths = [
        "/admin/",
        "/admin/links/",
        *(f"/admin/listeners/{page}" for page in LISTENERS),
        "/admin/stack/categories/",
        *lists,
    ]
    paths += [f"{path}add/" for path in lists]
    check(pages(host, paths))


def test_the_catalogue_is_compiled() -> None:
    """Django reads the compiled file, people the other."""
    folder = settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES"
    text = (folder / "django.po").read_text()
    entries = re.findall(
        r'^msgid "(.+)"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? "(.+)"$', text, re.M
    )
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert len(entries) > 60
    found = {one: compiled.ngettext(compiled.gettext(one), "", 1) for one, _ in entries}
    assert found == dict(entries)


def test_what_is_not_there_or_not_allowed(catalogue: Episode) -> None:
    someone = Client()
    someone.force_login(User.objects.create_user("ann", is_staff=True))
    paths = ["/admin/", "/admin/nothing", "/admin/guests/guest/999/change/", "/admin/auth/user/",
             "/admin/links/", "/admin/guests/guest/add/"]  # fmt: skip
    check(pages(someone, paths))
