"""The keyboard alone: what has the focus is seen, and notes become a published episode."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import set_roles
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from stack.models import Technology
from topics.models import Cue, Transcript

Category = Technology.Category
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOTES = """# Typed with ten fingers
Guest: Ann Key -- CTO of Keys

In this episode of the show, Ann Key types.

## Topics Include

- 1:00 -- Hello
- 2:00 -- Shortcuts
- 3:00 -- Bye

### Tech Stack

- Django
"""
MOST = 260  # presses of the key on one screen
# The element with the focus: what it says, and what is wrong with how it shows.
FOCUS = """() => {
  const it = document.activeElement
  if (!it || it === document.body) return null
  const name = (it.getAttribute('aria-label') || it.innerText || it.value || it.id).trim()
  const box = it.getBoundingClientRect(), style = getComputedStyle(it)
  const x = Math.min(innerWidth - 2, box.x + Math.min(box.width / 2, 40))
  const top = document.elementFromPoint(x, box.y + Math.min(box.height / 2, 20))
  const isCovered = !top || !(it.contains(top) || top.contains(it)
    || [...(it.labels ?? [])].some((label) => label.contains(top)))
  const isMarked = it.matches('audio, input[type=date], input[type=time]')
    || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== 'none'
  return { name, fault: isCovered ? 'is covered' : isMarked ? '' : 'has no outline' }
}"""


@pytest.fixture
def episode(db: None) -> Episode:
    set_roles()
    factories.show()
    row = factories.episode(
        "A Site Around Diary Entries", 1, guests=["Phil Gyford", "Ann Berg"],
        technologies=["Django", "Docker", "Homegrown"], libraries=["https://gunicorn.org/"],
        references=["https://example.org/"],
        topics=[(60 * at, f"Topic {at}") for at in range(1, 25)],
    )  # fmt: skip
    for number in range(2, 14):
        factories.episode(f"Episode {number}", number)
    tools = [(f"{category} {number}", category) for category in Category for number in range(3)]
    for name, category in tools:
        factories.technology(name, category=category)
    factories.episode("Many tools", 20, technologies=[name for name, _ in tools])
    transcript = Transcript.objects.create(episode=row)
    Cue.objects.bulk_create(
        Cue(
            transcript=transcript,
            position=at,
            start=at * 9000,
            end=at * 9000 + 8000,
            text="Well, yes.",
            speaker="Nick",
        )  # fmt: skip
        for at in range(30)
    )
    finish_edit(row, None, "test")
    return row


def reach(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(MOST):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUS)
        if focus and focus["name"].startswith(name):
            return
    raise AssertionError(f"the keyboard doesn't reach “{name}”")


def walk(page: Page) -> list[str]:
    """What is wrong with the focus anywhere on the page, from its beginning to its end."""
    faults: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            return faults
        if focus["fault"]:
            faults.append(f"“{focus['name'][:60]}” {focus['fault']}")
    raise AssertionError("the keyboard doesn't come to the end of the page")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_seen_wherever_it_is(
    signed_in: Page, live_server, episode: Episode, width: int, subtests: pytest.Subtests
) -> None:
    form = reverse("admin:episodes_episode_change", args=[episode.pk])
    guest = episode.appearances.first()
    assert guest
    signed_in.set_viewport_size({"width": width, "height": 844})
    for path in (
        "/admin/", form, f"{form}#pane=topics", f"{form}#pane=stack",
        reverse("desk_text", args=[episode.pk]), reverse("desk_guests", args=[episode.pk]),
        reverse("desk_audio", args=[episode.pk]), reverse("desk_checklist", args=[episode.pk]),
        reverse("desk_transcript", args=[episode.pk]), "/admin/episodes/episode/",
        reverse("admin:guests_guest_change", args=[guest.guest_id]), "/admin/stack/categories/",
        "/admin/show/show/1/change/",
    ):  # fmt: skip
        with subtests.test(path):
            signed_in.goto("about:blank")
            signed_in.goto(live_server.url + path, wait_until="networkidle")
            assert not (faults := walk(signed_in)), "\n".join(faults)


def test_notes_become_an_episode(signed_in: Page, live_server, episode: Episode) -> None:
    signed_in.goto(f"{live_server.url}/admin/")
    signed_in.get_by_label("Paste its show notes").focus()
    signed_in.keyboard.insert_text(NOTES)
    reach(signed_in, "Check the notes")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#text")).to_have_value(NOTES)
    reach(signed_in, "Create the draft")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator(".messagelist")).to_contain_text("created")
    reach(signed_in, "Checklist")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("heading", name="Publish", exact=True)).to_be_visible()
    reach(signed_in, "Publish")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator(".messagelist")).to_contain_text("is published")
