"""What is typed in a form stays in the browser until the server has saved it."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RESTORE = re.compile(r"Restore what you typed at \d\d:\d\d$")


def form_of(live_server, row) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return live_server.url + reverse(name, args=[row.pk])


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


def typed(page: Page) -> int:
    """How many forms this browser stores."""
    return page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('desk-unsaved')).length"
    )


def wait_until_stored(page: Page, text: str) -> None:
    page.wait_for_function(
        "(text) => Object.values(localStorage).some((value) => value.includes(text))", arg=text
    )


def leave(page: Page) -> None:
    """Without the question whether to stay."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")


def restore(page: Page) -> None:
    page.get_by_role("button", name=RESTORE).click()
    expect(page.locator("#unsaved")).to_be_hidden()


def sign_in(page: Page) -> None:
    page.locator("#id_username").fill("nick")
    page.locator("#id_password").fill("password")
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_guests_form_after_the_sessions_end(signed_in: Page, live_server):
    """The save leads through the sign-in back to the form, which offers what was typed."""
    factories.show()
    guest = factories.guest("Phil Gyford")
    page = signed_in
    page.goto(form_of(live_server, guest))
    page.locator("#id_introduction").fill("Annotates diaries.")
    page.locator("#id_names-1-name").fill("Phil G")
    page.get_by_text("Add another Other name").click()
    page.locator("#id_names-2-name").fill("Philip Gyford")
    page.context.clear_cookies(name="sessionid")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("What you typed is stored in this browser")
    sign_in(page)
    expect(page).to_have_url(form_of(live_server, guest))
    expect(page.locator("#id_introduction")).to_have_value("")
    restore(page)
    expect(page.locator("#id_introduction")).to_have_value("Annotates diaries.")
    expect(page.locator("#id_introduction")).to_be_focused()
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    names = set(guest.names.values_list("name", flat=True))
    assert names == {"Phil Gyford", "Phil G", "Philip Gyford"}

    page.goto(form_of(live_server, guest))  # saved: nothing is left to offer
    expect(page.locator("#id_introduction")).to_have_value("Annotates diaries.")
    expect(page.locator("#unsaved")).to_be_hidden()
    assert typed(page) == 0


def test_an_episodes_rows_come_back_to_their_own(signed_in: Page, live_server):
    """Someone else deleted a topic meanwhile; the save names the conflict."""
    factories.show()
    topics = [(0, "Hello"), (60, "Django"), (90, "Redis")]
    used = ["Django", "Redis", "Docker"]
    episode = factories.episode(topics=topics, technologies=used, seconds=4000)
    page = signed_in
    page.goto(form_of(live_server, episode))
    page.get_by_role("tab", name="Stack and links").click()
    page.get_by_role("button", name="Move Docker earlier").click()
    add = page.get_by_role("combobox", name="Add a technology")
    add.fill("Diaryfish")
    page.get_by_role("option", name="Add “Diaryfish” as a new one").click()
    page.get_by_role("tab", name="Topics").click()
    page.locator("#id_topics-2-text").fill("Redis as a queue")
    page.get_by_text("Add another Topic").click()
    page.locator("#id_topics-4-seconds").fill("1:02:03")
    page.locator("#id_topics-4-text").fill("One more")
    page.get_by_role("tab", name="Basics").click()
    fold = page.locator("details", has=page.locator("#id_season"))
    fold.locator("summary").click()
    page.locator("#id_season").fill("3")
    wait_until_stored(page, '"season":"3"')
    leave(page)
    episode.topics.filter(text="Django").delete()

    page.goto(form_of(live_server, episode))
    restore(page)
    expect(page.locator("#id_topics-1-text")).to_have_value("Redis as a queue")
    expect(page.locator("#id_topics-1-seconds")).to_have_value("1:30")
    expect(page.locator("#id_season")).to_be_visible()
    chosen = page.locator("#uses-group .chip:not([hidden]) bdi")
    expect(chosen).to_have_text(["Django", "Docker", "Redis", "Diaryfish"])
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    rows = list(episode.topics.values_list("seconds", "text"))
    assert rows == [(0, "Hello"), (90, "Redis as a queue"), (3723, "One more")]
    used = list(episode.uses.values_list("technology__name", flat=True))
    assert used == ["Django", "Docker", "Redis", "Diaryfish"]
    assert Episode.objects.get().season == 3


def test_a_restored_form_does_not_undo_a_later_save(signed_in: Page, live_server):
    factories.show()
    guest = factories.guest("Phil Gyford")
    page = signed_in
    page.goto(form_of(live_server, guest))
    page.locator("#id_introduction").fill("Mine")
    wait_until_stored(page, "Mine")
    leave(page)
    Guest.objects.filter(pk=guest.pk).update(introduction="Theirs")
    page.goto(form_of(live_server, guest))
    restore(page)
    save(page)
    expect(page.locator(".errornote").first).to_be_visible()
    expect(page.locator(".errorlist")).to_contain_text("saved this while you were editing it")
    assert Guest.objects.get(pk=guest.pk).introduction == "Theirs"
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Guest.objects.get(pk=guest.pk).introduction == "Mine"


def test_what_a_refused_form_shows_is_not_lost(signed_in: Page, live_server):
    """It stands in the page, as the server rendered it, but isn't saved."""
    factories.show()
    guest = factories.guest("Phil Gyford")
    page = signed_in
    page.goto(form_of(live_server, guest))
    page.locator("#id_introduction").fill("Annotates diaries.")
    page.locator("#id_website").fill("not an address")
    save(page)
    expect(page.locator(".desk-errors")).to_be_visible()
    expect(page.locator("#unsaved")).to_be_hidden()
    page.locator("#id_github").fill("philgyford")
    wait_until_stored(page, "philgyford")
    leave(page)
    page.goto(form_of(live_server, guest))
    restore(page)
    expect(page.locator("#id_introduction")).to_have_value("Annotates diaries.")
    expect(page.locator("#id_website")).to_have_value("not an address")
    expect(page.locator("#id_github")).to_have_value("philgyford")


def test_two_tabs_and_discarding(signed_in: Page, live_server):
    """Each tab has its own; saving one leaves what was typed in the other."""
    factories.show()
    guest = factories.guest("Phil Gyford")
    first, second = signed_in, signed_in.context.new_page()
    for page, text in ((first, "From the first"), (second, "From the second")):
        page.goto(form_of(live_server, guest))
        page.locator("#id_introduction").fill(text)
        wait_until_stored(page, text)
    save(second)
    expect(second.locator(".messagelist .success")).to_be_visible()
    leave(first)
    first.goto(form_of(live_server, guest))
    restore(first)
    expect(first.locator("#id_introduction")).to_have_value("From the first")
    leave(first)
    first.goto(form_of(live_server, guest))
    first.get_by_role("button", name="Discard").click()
    expect(first.locator("#unsaved")).to_be_hidden()
    expect(first.locator("#id_introduction")).to_have_value("From the second")
    assert typed(first) == 0


def test_forms_of_the_show_a_question_and_a_new_technology(signed_in: Page, live_server):
    show = factories.show()
    page = signed_in
    for path, field in (
        (reverse("admin:show_show_change", args=[show.pk]), "#id_tagline"),
        (reverse("admin:search_question_add"), "#id_title"),
        (reverse("admin:stack_technology_add"), "#id_name"),
        (reverse("admin:stack_technology_add") + "?_popup=1", "#id_homepage"),
    ):
        page.goto(live_server.url + path)
        if page.locator("#unsaved").is_visible():  # the page without the pop-up
            page.get_by_role("button", name="Discard").click()
        page.locator(field).fill("https://typed.example/")
        wait_until_stored(page, f'"{field.removeprefix("#id_")}":"https://typed.example/"')
        leave(page)
        page.goto(live_server.url + path)
        restore(page)
        expect(page.locator(field)).to_have_value("https://typed.example/")
        leave(page)


def test_the_cards_of_an_episodes_guests(signed_in: Page, live_server):
    factories.show()
    episode = factories.episode(guests=["Phil Gyford", "Ann Lee"])
    finish_edit(episode, None, "test")
    phil, ann = (Guest.objects.get(name=name) for name in ("Phil Gyford", "Ann Lee"))
    page = signed_in
    url = live_server.url + reverse("desk_guests", args=[episode.pk])
    page.goto(url)
    page.locator(f"#id_guest-{phil.pk}-github").fill("@philgyford")
    page.locator(f"#id_in-{ann.pk}-title").fill("CTO")
    page.get_by_role("button", name="Move up: Ann Lee").click()
    wait_until_stored(page, "place")
    leave(page)
    page.goto(url)
    restore(page)
    expect(page.locator(f"#id_guest-{phil.pk}-github")).to_have_value("@philgyford")
    expect(page.locator(".guest-card h3")).to_have_text(["Ann Lee", "Phil Gyford"])
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    shown = list(episode.appearances.values_list("guest__name", "title"))
    assert shown == [("Ann Lee", "CTO"), ("Phil Gyford", "")]
    assert Guest.objects.get(pk=phil.pk).github == "philgyford"
    page.goto(url)
    expect(page.locator("#unsaved")).to_be_hidden()
    page.wait_for_function("() => !JSON.stringify(localStorage).includes('desk-unsaved')")


def test_a_save_ends_what_was_stored_before(signed_in: Page, live_server):
    """Also what was offered and left alone, and if the save had nothing new."""
    factories.show()
    guest = factories.guest("Phil Gyford")
    page = signed_in
    for text in ("First", "Second"):
        page.goto(form_of(live_server, guest))
        page.locator("#id_introduction").fill(text)
        wait_until_stored(page, text)
        leave(page)
    page.goto(form_of(live_server, guest))
    expect(page.locator("#unsaved")).to_be_visible()
    page.wait_for_function("() => !JSON.stringify(localStorage).includes('First')")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(form_of(live_server, guest))
    page.wait_for_function("() => !JSON.stringify(localStorage).includes('desk-unsaved')")
    expect(page.locator("#unsaved")).to_be_hidden()


def test_the_pane_of_a_form_comes_back_after_the_sessions_end(signed_in: Page, live_server):
    factories.show()
    episode = factories.episode(topics=[(60, "Django")])
    page = signed_in
    page.goto(form_of(live_server, episode))
    page.get_by_role("tab", name="Topics").click()
    page.locator("#id_topics-0-text").fill("Django as a monolith")
    page.context.clear_cookies(name="sessionid")
    save(page)
    sign_in(page)
    expect(page.get_by_role("tab", name="Topics")).to_have_attribute("aria-selected", "true")
    restore(page)
    expect(page.locator("#id_topics-0-text")).to_have_value("Django as a monolith")


def test_the_sign_in_page_without_anything_typed(signed_in: Page, live_server):
    factories.show()
    guest = factories.guest("Phil Gyford")
    page = signed_in
    page.context.clear_cookies(name="sessionid")
    page.goto(form_of(live_server, guest))
    expect(page.locator("#id_username")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#session-ended")).to_be_hidden()


def test_what_was_typed_of_a_guest_who_left_isnt_offered(signed_in: Page, live_server):
    factories.show()
    episode = factories.episode(guests=["Phil Gyford", "Ann Lee"])
    finish_edit(episode, None, "test")
    phil = Guest.objects.get(name="Phil Gyford")
    page = signed_in
    url = live_server.url + reverse("desk_guests", args=[episode.pk])
    page.goto(url)
    page.locator(f"#id_guest-{phil.pk}-github").fill("philgyford")
    wait_until_stored(page, "philgyford")
    leave(page)
    episode.appearances.filter(guest=phil).delete()
    page.goto(url)
    page.wait_for_function("() => !JSON.stringify(localStorage).includes('desk-unsaved')")
    expect(page.locator("#unsaved")).to_be_hidden()


def test_a_restored_form_isnt_in_conflict_with_a_save_of_other_fields(signed_in: Page, live_server):
    factories.show()
    guest = factories.guest("Phil Gyford")
    page = signed_in
    page.goto(form_of(live_server, guest))
    page.locator("#id_introduction").fill("Mine")
    wait_until_stored(page, "Mine")
    leave(page)
    Guest.objects.filter(pk=guest.pk).update(website="https://gyford.example/")
    page.goto(form_of(live_server, guest))
    restore(page)
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    guest.refresh_from_db()
    assert (guest.introduction, guest.website) == ("Mine", "https://gyford.example/")


def test_nobody_else_sees_it_and_signing_out_removes_it(signed_in: Page, live_server):
    factories.show()
    guest = factories.guest("Phil Gyford")
    page = signed_in
    page.goto(form_of(live_server, guest))
    page.locator("#id_introduction").fill("Between us")
    wait_until_stored(page, "Between us")
    leave(page)
    other = Client()
    other.force_login(User.objects.create_superuser("ann", password="password"))
    (mine,) = [each["value"] for each in page.context.cookies() if each["name"] == "sessionid"]

    def become(session: str) -> None:
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    become(other.cookies["sessionid"].value)
    page.goto(form_of(live_server, guest))
    expect(page.locator("#id_introduction")).to_have_value("")
    expect(page.locator("#unsaved")).to_be_hidden()

    become(mine)
    page.goto(form_of(live_server, guest))
    expect(page.get_by_role("button", name=RESTORE)).to_be_visible()
    page.get_by_role("button", name="nick").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    page.wait_for_function("() => !JSON.stringify(localStorage).includes('Between us')")


def test_passwords_and_files_are_not_stored(signed_in: Page, live_server):
    factories.show()
    page = signed_in
    page.goto(live_server.url + reverse("admin:auth_user_add"))
    page.locator("#id_username").fill("somebody-new")
    page.locator("#id_password1").fill("a very secret word")
    page.wait_for_timeout(1000)
    assert typed(page) == 0
