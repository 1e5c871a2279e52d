"""One workspace for an episode, in a browser: the bar and its tabs, what a save leads to, panes,
chips, cards, and the checklist's way to each field."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Page, expect

from desk.tests.test_pages_browser import looked_at
from desk.tests.test_pages_browser import signed_in as signed_in_context
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from media.tests.recordings import mp3
from media.tests.test_uploads import picture
from notes.apply import finish_edit
from topics.models import Cue, Transcript

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABS = ["Text", "Form", "Guests", "Audio", "Transcript", "Checklist", "History"]
WIDTHS = (390, 1280)


@pytest.fixture
def episode(db: None) -> Episode:
    """A draft with something on every tab, and a public one."""
    factories.show()
    topics = [
        (60 * minute, f"Topic {minute} [a](http://a.example/{minute})") for minute in range(30)
    ]
    row = factories.episode(
        "A Site Around Diary Entries", 1, topics=topics, seconds=3000, status="draft",
        guests=["Phil Gyford", "Ann Lee"], technologies=["Django", "Redis", "Docker"],
        libraries=["https://gunicorn.org/"], references=["https://example.org/"],
    )  # fmt: skip
    row.enclosure.file.save("a.mp3", ContentFile(mp3(60)))
    transcript = Transcript.objects.create(episode=row)
    Cue.objects.create(transcript=transcript, position=0, start=0, end=9000, text="Hello")
    finish_edit(row, None, "desk")
    factories.episode("Another", 2, guests=["Ann Lee"], topics=[(0, "Hello")])
    return Episode.objects.get(pk=row.pk)


def screens(episode: Episode) -> dict[str, str]:
    """Each screen of an episode."""
    key = [episode.pk]
    return {
        "text": reverse("desk_text", args=key),
        "form": reverse("admin:episodes_episode_change", args=key),
        "guests": reverse("desk_guests", args=key),
        "audio": reverse("desk_audio", args=key),
        "audio-change": reverse("desk_audio_change", args=key),
        "transcript": reverse("desk_transcript", args=key),
        "checklist": reverse("desk_checklist", args=key),
        "history": reverse("admin:episodes_episode_history", args=key),
        "revision": reverse("revision", args=[*key, 1]),
        "texts": reverse("desk_texts", args=key),
        "preview-links": reverse("desk_preview_links", args=key),
    }


def go(page: Page, live_server, name: str, episode: Episode, rest: str = "") -> None:
    page.goto(live_server.url + screens(episode)[name] + rest)


def save(page: Page) -> None:
    page.locator(".workspace").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_each_screen_has_the_tabs_and_keeps_the_bar_in_view(
    signed_in: Page, live_server, episode: Episode, width: int
) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 600})
    for name, path in screens(episode).items():
        page.goto(live_server.url + path)
        bar = page.locator(".workspace")
        expect(bar.locator(".workspace-tabs a")).to_have_text(
            [re.compile(f"^{each}") for each in TABS]
        )
        expect(bar.get_by_role("heading", level=1)).to_have_text("1: A Site Around Diary Entries")
        expect(bar).to_contain_text("Draft")
        publish = "Publish now" if name == "checklist" else "Check and publish"
        expect(bar.get_by_text(publish)).to_be_visible()
        expect(bar.get_by_role("link", name="Preview", exact=True)).to_be_visible()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_function(
            "() => document.querySelector('.workspace').getBoundingClientRect().top >= 0"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    bar.get_by_text("More").click()
    bar.get_by_role("link", name="Texts to send out").click()
    expect(page).to_have_url(live_server.url + screens(episode)["texts"])
    # By their names, from each to the next.
    for label, name in (("Text", "text"), ("Form", "form"), ("Guests", "guests")):
        bar.get_by_role("navigation").get_by_role("link", name=label, exact=True).click()
        expect(page).to_have_url(live_server.url + screens(episode)[name])
        expect(bar.locator("[aria-current]")).to_have_text(label)


def test_states_of_an_episode_and_a_new_one(signed_in: Page, live_server, episode: Episode) -> None:
    page, bar = signed_in, signed_in.locator(".workspace")
    page.goto(live_server.url + reverse("admin:episodes_episode_add"))
    expect(bar.get_by_role("heading")).to_have_text("New episode")
    expect(bar.locator(".workspace-tabs a")).to_have_text(["Text", "Form"])
    expect(bar.get_by_role("button", name="Save")).to_be_visible()
    public = Episode.objects.get(number=2)
    go(page, live_server, "form", public)
    expect(bar.get_by_role("link", name="Published")).to_have_attribute(
        "href", public.get_absolute_url()
    )
    expect(bar.get_by_text("Check and publish")).to_have_count(0)
    interview = factories.episode("Written", 3, kind="interview", seconds=None)
    go(page, live_server, "form", interview)
    without_sound = ["Text", "Form", "Guests", "Checklist", "History"]
    expect(bar.locator(".workspace-tabs a")).to_have_text(without_sound)


def test_a_save_stays_or_leads_back(signed_in: Page, live_server, episode: Episode) -> None:
    page = signed_in
    form = live_server.url + screens(episode)["form"]
    page.goto(form)
    page.get_by_role("tab", name="Topics").click()
    page.locator("#id_topics-0-text").fill("The beginning")
    save(page)
    expect(page).to_have_url(f"{form}#pane=topics")  # also of the pane
    expect(page.get_by_role("tab", name="Topics")).to_have_attribute("aria-selected", "true")
    page.reload()
    expect(page.locator("#id_topics-0-text")).to_have_value("The beginning")
    expect(page.locator("#id_topics-0-text")).to_be_visible()

    go(page, live_server, "guests", episode)
    page.get_by_label("What they do").first.fill("Makes diaries")
    save(page)
    expect(page).to_have_url(live_server.url + screens(episode)["guests"])

    go(page, live_server, "text", episode)
    written = page.locator("#text").input_value()
    page.locator("#text").fill(written.replace("Topic 3 ", "Topic number three "))
    expect(page.locator("#panel ul.changes")).to_contain_text("number three")
    page.locator(".workspace").get_by_role("button", name="Apply").click()
    expect(page.locator(".messagelist .success")).to_contain_text("The text was applied")
    expect(page).to_have_url(live_server.url + screens(episode)["text"])

    filtered = f"{live_server.url}/admin/episodes/episode/?state=draft"
    page.goto(filtered)
    page.get_by_role("link", name="A Site Around Diary Entries").click()
    page.locator("#id_summary").fill("From a list")
    save(page)
    expect(page).to_have_url(filtered)


def test_a_save_leads_to_no_other_site(signed_in: Page, live_server, episode: Episode) -> None:
    page = signed_in
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"):
        go(page, live_server, "guests", episode, f"?next={elsewhere}")
        save(page)
        assert page.url.startswith(live_server.url + screens(episode)["guests"])


def test_errors_open_their_pane(signed_in: Page, live_server, episode: Episode) -> None:
    page = signed_in
    go(page, live_server, "form", episode)
    page.get_by_role("tab", name="Stack and links").click()
    page.locator("#id_references-0-url").fill("javascript:alert(1)")
    page.get_by_role("tab", name="Topics").click()
    page.locator("#id_topics-2-seconds").fill("soon")
    page.get_by_role("tab", name="Basics").press("ArrowRight")
    expect(page.get_by_role("tab", name="Topics")).to_be_focused()
    page.locator(".workspace").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("tab", name="Topics (has errors)")).to_have_attribute(
        "aria-selected", "true"
    )
    errors = page.locator(".desk-errors")
    expect(errors).to_be_focused()
    errors.get_by_role("link", name="Enter a web address").click()
    expect(page.locator("#id_references-0-url")).to_be_focused()
    expect(page.locator("#id_references-0-url")).to_be_in_viewport()
    errors.get_by_role("link", name="is not a time").click()
    expect(page.locator("#id_topics-2-seconds")).to_be_focused()


def test_go_there_leads_to_the_field_and_back(
    signed_in: Page, live_server, episode: Episode
) -> None:
    """A topic on another pane, a fold of the form, a guest's photo, the file of the recording."""
    for number in range(3, 9):
        usual = factories.episode(f"Usual {number}", number, guests=["Bob Ray"])
        Transcript.objects.create(episode=usual)
    known = Guest.objects.filter(name="Bob Ray")
    known.update(website="https://bob.example", twitter="bob", avatar="guests/1/b.png")
    Transcript.objects.filter(episode=episode).delete()
    Episode.objects.filter(pk=episode.pk).update(language="English")
    phil = Guest.objects.get(name="Phil Gyford").pk
    page = signed_in
    checklist = live_server.url + screens(episode)["checklist"]
    for words, field in (
        ("isn’t a language code", "#id_language"),
        ("http://a.example/20 is http", "#id_topics-20-seconds"),
        ("a guest’s image", f"#id_guest-{phil}-avatar"),
        ("a link to a guest", f"#id_guest-{phil}-website"),
        ("a guest’s handle", f"#id_guest-{phil}-twitter"),
        ("neither summary nor introduction", "#id_summary"),
    ):
        page.goto(checklist)
        link = page.locator("li", has_text=words).first.get_by_role("link", name="Go there")
        anchor = page.locator("li", has_text=words).first.get_attribute("id")
        link.click()
        expect(page.locator(field)).to_be_focused()
        expect(page.locator(field)).to_be_in_viewport()
        bar = page.locator(".workspace").bounding_box()
        box = page.locator(field).bounding_box()
        assert bar and box
        assert box["y"] >= bar["y"] + bar["height"] - 1, field
        if field == "#id_language":
            page.locator(field).fill("en")
        save(page)
        expect(page).to_have_url(f"{checklist}#{anchor}")


def test_guests_are_edited_in_place(
    signed_in: Page, live_server, episode: Episode, tmp_path
) -> None:
    photo = tmp_path / "phil.png"
    photo.write_bytes(picture("PNG", (640, 640)))
    phil, ann = (Guest.objects.get(name=name).pk for name in ("Phil Gyford", "Ann Lee"))
    page = signed_in
    go(page, live_server, "guests", episode)
    card = page.locator(f"#guest-{ann}")
    expect(card).to_contain_text("Also in 2")
    page.locator(f"#id_guest-{phil}-avatar").set_input_files(photo)
    page.locator(f"#id_in-{phil}-title").fill("Makes diaries")
    page.locator(f"#id_guest-{ann}-github").fill("not a name")
    page.locator(".workspace").get_by_role("button", name="Save", exact=True).click()
    errors = page.locator(".desk-errors")
    expect(errors).to_be_focused()
    errors.get_by_role("link", name="GitHub").click()
    expect(page.locator(f"#id_guest-{ann}-github")).to_be_focused()
    page.locator(f"#id_guest-{ann}-github").fill("https://github.com/annlee")
    page.locator(f"#guest-{ann}").get_by_role("button", name="Move up").click()
    page.get_by_label("Or the name of a new guest").fill("Bob Ray")
    save(page)
    shown = list(episode.appearances.values_list("guest__name", "title"))
    assert shown == [("Ann Lee", ""), ("Phil Gyford", "Makes diaries"), ("Bob Ray", "")]
    assert Guest.objects.get(pk=ann).github == "annlee"
    assert Guest.objects.get(pk=phil).avatar  # chosen before the refusal

    # Somebody else renames Ann meanwhile.
    go(page, live_server, "guests", episode)
    Guest.objects.get(pk=ann).save()
    Guest.objects.filter(pk=ann).update(website="https://ann.example/")
    page.locator(f"#id_guest-{ann}-github").fill("ann")
    page.locator(".workspace").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errorlist").first).to_contain_text("saved this while you were editing it")
    expect(page.locator(f"#id_guest-{ann}-github")).to_have_value("ann")
    save(page)
    assert Guest.objects.get(pk=ann).github == "ann"


def test_a_known_guest_is_found_by_typing(signed_in: Page, live_server, episode: Episode) -> None:
    factories.guest("Carla Known")
    page = signed_in
    go(page, live_server, "guests", episode)
    page.locator(".guest-add .select2-selection").click()
    page.locator(".select2-search__field").fill("carla")
    page.locator(".select2-results__option", has_text="Carla Known").click()
    save(page)
    expect(page.locator(".guest-card h3").last).to_have_text("Carla Known")


def test_chips_by_keyboard(signed_in: Page, live_server, episode: Episode) -> None:
    factories.technology("PostgreSQL")
    page = signed_in
    go(page, live_server, "form", episode, "#pane=stack")
    box = page.get_by_role("combobox", name="Add a technology")
    chips = page.locator(".chip:not([hidden]) bdi")
    expect(page.locator(".chip.is-main bdi")).to_have_text("Django")
    box.focus()
    page.keyboard.type("postg")
    expect(page.get_by_role("option", name="PostgreSQL")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chips).to_have_text(["Django", "Redis", "Docker", "PostgreSQL"])
    expect(box).to_be_focused()
    page.keyboard.type("Gleam")
    option = page.get_by_role("option", name="Add “Gleam” as a new one")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")  # to the last chip
    expect(page.get_by_role("button", name="Remove Gleam")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(chips).to_have_text(["Django", "Redis", "Docker", "Gleam", "PostgreSQL"])
    page.get_by_role("button", name="Remove Django").press("Enter")
    expect(page.get_by_role("button", name="Remove Redis")).to_be_focused()
    expect(page.locator(".chip.is-main bdi")).to_have_text("Redis")
    box.fill("django")  # removed a moment ago
    page.get_by_role("option", name="Django").click()
    expect(chips).to_have_text(["Redis", "Docker", "Gleam", "PostgreSQL", "Django"])
    save(page)
    used = list(episode.uses.values_list("technology__name", flat=True))
    assert used == ["Redis", "Docker", "Gleam", "PostgreSQL", "Django"]
    expect(chips).to_have_text(used)


def test_no_invisible_field_of_a_chip_is_reached_by_keyboard(
    signed_in: Page, live_server, episode: Episode
) -> None:
    page = signed_in
    go(page, live_server, "form", episode, "#pane=stack")
    last = page.locator(".chip:not([hidden]) .chip-remove").last
    page.locator(".chip:not([hidden]) .chip-remove").first.focus()
    stops = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("() => document.activeElement.localName"))
        if last.evaluate("each => each === document.activeElement"):
            break
    assert stops == {"button"}


def test_without_scripts_the_form_has_all_panes(
    browser, live_server, host, episode: Episode
) -> None:
    context = browser.new_context(java_script_enabled=False)
    session = host.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    factories.technology("PostgreSQL")
    go(page, live_server, "form", episode)
    expect(page.locator("#id_title")).to_be_visible()
    expect(page.locator("#id_topics-0-text")).to_be_visible()
    page.locator("#id_uses-1-DELETE").check()
    page.locator("#id_uses-3-name").fill("postgresql")
    page.locator(".workspace").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    used = list(episode.uses.values_list("technology__name", flat=True))
    assert used == ["Django", "Docker", "PostgreSQL"]
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(
    browser, live_server, host, episode: Episode, scheme
) -> None:
    session = host.cookies["sessionid"].value
    context = signed_in_context(browser, live_server.url, session, scheme)
    page = context.new_page()
    found: list[str] = []
    paths = screens(episode)
    paths |= {f"form-{each}": f"{paths['form']}#pane={each}" for each in ("topics", "stack")}
    paths["new"] = reverse("admin:episodes_episode_add")
    for name, path in paths.items():
        page.goto("about:blank")
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        found += looked_at(page, f"episode-{name}", scheme)
    context.close()
    assert found == [], "\n".join(found)


def test_what_the_directory_knows_is_offered_by_its_name(
    signed_in: Page, live_server, episode: Episode
) -> None:
    page = signed_in
    go(page, live_server, "form", episode, "#pane=stack")
    page.get_by_role("combobox", name="Add a technology").fill("k8s")
    option = page.get_by_role("option", name="Add “Kubernetes” as a new one")
    expect(option.locator("img")).to_be_visible()
    option.click()
    save(page)
    assert episode.uses.last().technology.name == "Kubernetes"


@pytest.mark.parametrize("keys", ["Control+s", "Control+Enter"])
def test_keys_save_from_any_field(
    signed_in: Page, live_server, episode: Episode, keys: str
) -> None:
    page = signed_in
    go(page, live_server, "form", episode, "#pane=topics")
    field = page.locator("[name='topics-3-text']")
    field.fill("Said by keys")
    with page.expect_navigation():
        field.press(keys)
    expect(page.locator(".messagelist .success")).to_contain_text("saved")
    assert episode.topics.filter(text="Said by keys").exists()
    guest = Guest.objects.get(name="Ann Lee")
    page.goto(f"{live_server.url}/admin/guests/guest/{guest.pk}/change/")
    page.get_by_label("Website:").fill("https://ann.example/")
    with page.expect_navigation():
        page.keyboard.press(keys)
    guest.refresh_from_db()
    assert guest.website == "https://ann.example/"
