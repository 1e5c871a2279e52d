"""The desk's pages of history, merging, erasing, links and users in a browser.

`SCREENSHOTS=1 ./run test desk/tests/test_pages_browser.py` stores images in tests/screenshots/.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
import time_machine
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.roles import set_roles
from accounts.sign_in import create_link
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from linkcheck.models import Link
from notes.apply import finish_edit
from search.models import ZeroResultQuery
from show.models import Redirect, sealed
from stack.models import Technology
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = Path(__file__).parents[2] / "tests" / "screenshots"
KEPT = bool(os.environ.get("SCREENSHOTS"))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (390, 1280)
WHEN = datetime(2026, 3, 4, 12, tzinfo=UTC)
LONG = "A site around diary entries from 1660, written by one and annotated by thousands " * 2


@pytest.fixture
def episode(db: None) -> Episode:
    """Something on every page."""
    set_roles()
    factories.show()
    row = factories.episode(
        "A Site Around Diary Entries",
        1,
        topics=[(61, "One database"), (400, LONG)],
        guests=["Phil Gyford", "Phil Giford"],
        technologies=["PostgreSQL", "Postgres DB"],
        libraries=["https://gunicorn.org/", "https://celeryproject.org/"],
        references=["https://example.org/a-very-long-address/" + "of-many-parts/" * 6],
        summary="Phil Gyford on the diary of Samuel Pepys.",
        first_published_at=WHEN,
    )
    finish_edit(row, None, "import_show_notes")
    row.topics.filter(seconds=61).update(text="One big database")
    row.title = "A Site Around Diaries"
    row.save()
    finish_edit(row, User.objects.filter(username="nick").first(), "desk")
    Redirect.objects.create(old_path=sealed("/guests/x"), new_path="/guests/phil-gyford")
    Link.objects.create(
        url="https://example.org/gone", status=404, reason="It answers 404 (Not Found).",
        checked_at=WHEN, failing_since=WHEN, failed_days=9, gone=5,
        places=[{"what": "episode", "label": str(row), "path": "/admin/"}],
    )  # fmt: skip
    ZeroResultQuery.objects.create(query="gleam", last_on="2026-03-04")
    binned = factories.episode("Put away", 2, deleted_at=timezone.now())
    factories.episode("A draft", 3, status="draft", published_at=None, draft_text="# Half")
    finish_edit(binned, None, "desk")
    return row


def paths(episode: Episode) -> dict[str, str]:
    """A name for the picture, and the address."""
    guest = Guest.objects.get(name="Phil Gyford").pk
    other = Guest.objects.get(name="Phil Giford").pk
    technology = Technology.objects.get(name="PostgreSQL").pk
    merge = reverse("desk_merge", args=["guest", other])
    return {
        "start": "/admin/",
        "links": reverse("desk_links"),
        "history": reverse("admin:episodes_episode_history", args=[episode.pk]),
        "revision": reverse("revision", args=[episode.pk, 1]),
        "bin": reverse("admin:episodes_episode_changelist") + "?state=bin",
        "guest": reverse("admin:guests_guest_change", args=[guest]),
        "guest-delete": reverse("admin:guests_guest_delete", args=[guest]),
        "technology": reverse("admin:stack_technology_change", args=[technology]),
        "merge-choose": merge,
        "merge": f"{merge}?into={guest}",
        "erase": reverse("desk_erase", args=[guest]),
        "redirects": reverse("admin:show_redirect_changelist"),
        "people": reverse("admin:auth_user_changelist"),
        "person": reverse("admin:auth_user_change", args=[User.objects.get().pk]),
        "new-person": reverse("admin:auth_user_add"),
        "second-step": reverse("desk_second_step"),
        "sessions": reverse("desk_sessions"),
        "security-events": reverse("admin:accounts_securityevent_changelist"),
    }


# Lists and forms that Django makes: what its own templates lack isn't ours to fix.
DJANGOS = {"bin", "person", "new-person", "redirects", "security-events"}
IN_DJANGOS_TABLES = {"empty-table-header"}


def signed_in(browser: Browser, site: str, session: str, scheme: Scheme) -> BrowserContext:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return context


def looked_at(page: Page, name: str, scheme: Scheme) -> list[str]:
    """What axe finds, and in which widths it scrolls sideways."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} is wider than {width}")
        for violation in axe.run(page) if name not in DJANGOS else ():
            if violation["id"] in IN_DJANGOS_TABLES:
                continue
            targets = [node["target"] for node in violation["nodes"]]
            found.append(f"{name} at {width}: {violation['help']} {targets}")
        if KEPT:
            FOLDER.mkdir(exist_ok=True)
            picture = FOLDER / f"desk-{name}-{width}-{scheme}.png"
            page.screenshot(path=picture, full_page=True)
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, live_server, host, episode: Episode, scheme: Scheme
) -> None:
    context = signed_in(browser, live_server.url, host.cookies["sessionid"].value, scheme)
    page = context.new_page()
    found: list[str] = []
    for name, path in paths(episode).items():
        page.goto(live_server.url + path)
        found += looked_at(page, name, scheme)
    context.close()
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_signing_in_and_what_is_refused(
    browser: Browser, live_server, host, episode: Episode, scheme: Scheme
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    found = []
    link = reverse("desk_sign_in_link", args=[create_link(User.objects.get())])
    for name, path in (
        ("sign-in", "/admin/login/"), ("sign-in-link", link), ("sign-in-link-used", link[:-3]),
    ):  # fmt: skip
        page.goto(live_server.url + path)
        found += looked_at(page, name, scheme)
    context.close()

    context = signed_in(browser, live_server.url, host.cookies["sessionid"].value, scheme)
    page = context.new_page()
    guest = reverse("admin:guests_guest_change", args=[Guest.objects.get(name="Phil Gyford").pk])
    page.goto(live_server.url + guest)
    Guest.objects.filter(name="Phil Gyford").update(website="https://example.org/another")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".errornote").first).to_be_visible()
    found += looked_at(page, "conflict", scheme)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        page.goto(live_server.url + reverse("admin:auth_user_add"))
        expect(page.get_by_label("Password or code")).to_be_visible()
        found += looked_at(page, "signing-in-anew", scheme)
    context.close()
    assert found == [], "\n".join(found)


def test_merging_erasing_and_restoring_by_keyboard(
    browser: Browser, live_server, host, episode: Episode
) -> None:
    """Every step is a button or a link that the keyboard reaches, without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    session = host.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    other, guest = Guest.objects.get(name="Phil Giford"), Guest.objects.get(name="Phil Gyford")

    page.goto(live_server.url + reverse("admin:guests_guest_change", args=[other.pk]))
    page.get_by_role("link", name="Merge into another").press("Enter")
    page.get_by_role("link", name="Phil Gyford").press("Enter")
    page.get_by_role("button", name="Merge them").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("into “Phil Gyford”")

    page.goto(live_server.url + reverse("admin:episodes_episode_history", args=[episode.pk]))
    page.get_by_role("link", name="Revision 1", exact=True).press("Enter")
    page.get_by_role("button", name="Restore this revision").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Revision 1 is restored")
    assert Episode.objects.get(pk=episode.pk).title == "A Site Around Diary Entries"

    page.goto(live_server.url + reverse("admin:guests_guest_change", args=[guest.pk]))
    page.get_by_role("link", name="Erase this name").press("Enter")
    page.get_by_role("checkbox", name="Erase the name").press("Space")
    page.get_by_role("button", name="Erase this name").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("The name is erased")
    context.close()
