"""Notes as text, without JavaScript: pasted, saved, analysed, applied."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.tests.forms import form_data
from desk.writing.drafts import UNTITLED
from desk.writing.reading import read_text
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.read_rows import stored_draft
from notes.render import render
from notes.tests.test_render import words
from stack.models import Technology
from topics.models import Topic

PASTE = "/admin/paste"
NOTES = """# Selling Diaries
Guest: Phil Gyford -- maker of it
Summary: Diaries, day by day.

In this episode of Running in Production, Phil Gyford goes over it.

## Topics Include

- 0:40 -- Motivation
- 25:26 -- Best tips?

## Links

### References

- <https://example.org/yaks>

### Tech Stack

- Django
- psql

### Libraries Used

- <https://gunicorn.org/>
"""
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def catalogue(db) -> None:
    factories.show()
    factories.technology("Django")
    factories.technology("PostgreSQL", slug="postgres").add_names("psql")


def address(episode: Episode) -> str:
    return f"/admin/episodes/episode/{episode.pk}/text"


def test_the_notes_of_two_episodes_are_no_episode() -> None:
    first, second = (NOTES.replace("# Selling", f"# {word}") for word in ("Selling", "Lending"))
    text = f"Jun 29, 2020 • 46min\n{first}\nJun 22, 2020 • 50min\n{second}"
    line = text.splitlines().index("Jun 22, 2020 • 50min") + 1
    (found,) = (each for each in read_text(text).problems if each.field == "title")
    assert (found.severity, found.line, found.value) == ("error", line, "Lending Diaries")
    assert f"Delete all from line {line}, or all above it." in found.message
    # A date within the notes of one episode begins none.
    one = NOTES.replace("goes over it.", "goes over it.\n\nJun 22, 2020\n\nIt was warm.")
    assert not [each for each in read_text(one).problems if each.severity == "error"]


def post(host: Client, url: str, text: str, do: str = "preview", **more: Any) -> Any:
    """What a browser without JavaScript sends after opening the page."""
    data = form_data(host.get(url)) | {"text": text, "do": do} | more
    return host.post(url, data)


def pasted(host: Client, text: str = NOTES) -> Episode:
    """The draft that a preview of the text creates."""
    assert post(host, PASTE, text).status_code == 200
    return Episode.objects.get()


def apply(host: Client, episode: Episode, text: str, **more: Any) -> Any:
    """Preview the changes, then apply them."""
    page = post(host, address(episode), text, **more)
    return host.post(address(episode), form_data(page) | {"do": "apply"} | more)


def problem_lines(response: Any) -> list[str]:
    problems = response.context_data["analysis"].problems
    return [f"{problem.line}: {problem.message}" for problem in problems]


def test_pasted_notes_become_an_episode_in_one_post(host: Client, host_user: User):
    page = host.get(PASTE)
    assert '<textarea id="text" name="text"' in page.text
    response = host.post(PASTE, {"text": NOTES, "do": "apply"})
    episode = Episode.objects.get()
    assert response["Location"] == f"/admin/episodes/episode/{episode.pk}/audio"
    assert (episode.title, episode.number, episode.slug) == (
        "Selling Diaries", 1, "1-selling-diaries"
    )  # fmt: skip
    assert (episode.status, episode.draft_text) == ("draft", "")
    assert list(episode.topics.values_list("seconds", "text")) == [
        (40, "Motivation"),
        (1526, "Best tips?"),
    ]
    names = episode.uses.values_list("technology__name", flat=True)
    assert list(names) == ["Django", "PostgreSQL"]
    assert episode.revisions.get().user == host_user
    assert "not applied" not in host.get(response["Location"]).text


def test_a_preview_shows_the_analysis_and_saves_the_text(host: Client):
    factories.guest("Phil Gyford")
    page = post(host, PASTE, NOTES)
    analysis = page.context_data["analysis"]
    assert [(named.name, named.state) for named in analysis.technologies] == [
        ("Django", "known"),
        ("psql", "another name of PostgreSQL"),
    ]
    assert [named.state for named in analysis.guests] == ["known"]
    assert [is_known for _, is_known in analysis.libraries] == [False]
    episode = Episode.objects.get()
    assert episode.draft_text == NOTES
    assert (episode.title, episode.topics.count()) == ("Selling Diaries", 0)
    assert form_data(host.get(address(episode)))["text"] == NOTES


def test_a_text_with_errors_is_saved_and_not_applied(host: Client):
    broken = NOTES.replace("25:26", "25:99").replace("# Selling Diaries\n", "")
    episode = pasted(host, broken)
    page = apply(host, episode, broken)
    assert "Not applied" in page.text
    assert any(line.startswith("9: No such time") for line in problem_lines(page))
    assert 'data-line="9"' in page.text
    episode.refresh_from_db()
    assert (episode.draft_text, episode.title) == (broken, UNTITLED)
    assert not episode.revisions.exists()
    assert not Topic.objects.exists()


def test_new_technologies_are_asked_about(host: Client):
    text = NOTES.replace("- psql", "- postgress\n- Gleam\n- Elm")
    episode = pasted(host, text)
    page = apply(host, episode, text)
    assert "21: A new technology. Did you mean PostgreSQL?" in " ".join(problem_lines(page))
    assert Technology.objects.count() == 2
    answers = {
        "technology-postgress": "of:PostgreSQL",
        "technology-gleam": "create",
        "of-elm": "Elmo",
    }
    page = apply(host, episode, text, **answers)
    assert problem_lines(page) == ["None: There is no technology with this name."]
    response = apply(host, episode, text, **answers | {"of-elm": "django"})
    assert response.status_code == 302
    assert [row.technology.name for row in episode.uses.all()] == ["Django", "PostgreSQL", "Gleam"]
    assert Technology.objects.named("postgress") == Technology.objects.named("psql")
    assert Technology.objects.named("Elm") == Technology.objects.named("Django")
    assert Technology.objects.count() == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("pyhton", "Python"), ("K8s", "Kubernetes"), ("Amazon Web Services", "AWS"), ("Elm", None)],
)
def test_a_known_technology_in_other_words_is_suggested(
    host: Client, typed: str, meant: str | None
):
    """In any case, and by the names that the directory has for it."""
    for name in ("Python", "Kubernetes", "AWS"):
        factories.technology(name)
    page = post(host, PASTE, NOTES.replace("psql", typed))
    doubt = f"A new technology. Did you mean {meant}?" if meant else "A new technology."
    assert problem_lines(page) == [f"21: {doubt} Choose below what it means."]
    questions = page.context_data["analysis"].new_technologies
    assert [question.similar for question in questions] == [(meant,) if meant else ()]


def test_a_repair_replaces_its_line(host: Client):
    page = post(host, PASTE, NOTES.replace("25:26", "1:19-27").replace("psql", "postgress"))
    assert [label for _, label in page.context_data["problems"]] == ["PostgreSQL", "1:19:27"]
    episode = Episode.objects.get()
    for problem in page.context_data["analysis"].problems:
        repair = f"{problem.line} {problem.repair}"
        page = host.post(address(episode), form_data(page) | {"repair": repair})
    assert problem_lines(page) == []
    repaired = NOTES.replace("25:26", "1:19:27").replace("psql", "PostgreSQL")
    assert Episode.objects.get().draft_text == repaired


def test_a_number_that_the_episode_gets_anyway_leaves_its_title(host: Client):
    factories.episode("Before", 37)
    page = post(host, PASTE, NOTES.replace("# Selling", "# 38: Selling"))
    assert problem_lines(page)[-1] == (
        "1: The episode gets this number anyway. Leave it out of the title."
    )
    draft = Episode.objects.get(number=None)
    page = host.post(address(draft), form_data(page) | {"repair": "1 # Selling Diaries"})
    assert problem_lines(page) == []
    for title in ("# 12: Selling", "# 38 Selling", "# 38Selling"):
        other = post(host, PASTE, NOTES.replace("# Selling", title))
        assert problem_lines(other) == problem_lines(page), title


def test_a_misspelt_technology_is_repaired_in_its_list(host: Client):
    text = NOTES.replace("Best tips?", "Using postgress").replace("psql", "postgress")
    page = post(host, PASTE, text)
    assert problem_lines(page) == [
        "21: A new technology. Did you mean PostgreSQL? Choose below what it means."
    ]
    ((problem, _),) = page.context_data["problems"]
    assert problem.repair == "- PostgreSQL"


def test_a_technology_under_two_of_its_names_is_used_once(host: Client):
    page = post(host, PASTE, NOTES.replace("- psql", "- psql\n- postgres"))
    assert problem_lines(page) == ["22: The same technology as psql; it is listed once."]


def test_a_repair_offered_for_another_text_changes_nothing(host: Client):
    text = NOTES.replace("25:26", "1:19-27")
    page = post(host, PASTE, text)
    changed = form_data(page) | {"text": f"\n{text}", "repair": "9 - 1:19:27 -- Best tips?"}
    host.post(address(Episode.objects.get()), changed)
    assert Episode.objects.get().draft_text == f"\n{text}"


def test_changes_are_shown_before_they_are_applied(host: Client):
    episode = factories.episode(
        topics=[(40, "Motivation"), (90, "Going"), (1526, "Best tips?")], technologies=["Django"]
    )
    keys = dict(episode.topics.values_list("text", "pk"))
    text = form_data(host.get(address(episode)))["text"]
    text = text.replace("- 1:30 -- Going\n", "").replace("25:26", "25:30")
    text = text.replace("Motivation", "The motivation for it") + "- psql\n"
    page = post(host, address(episode), text, do="apply")
    assert "Not applied yet" in page.text
    shown = [f"{each.what} {each.how}" for each in page.context_data["analysis"].differences]
    assert shown == [
        "Topic 0:40 reworded",
        "Topic 25:26 moved to 25:30",
        "Topic 1:30 removed",
        "Technology added",
    ]
    assert host.post(address(episode), form_data(page) | {"do": "apply"}).status_code == 302
    assert dict(episode.topics.values_list("seconds", "pk")) == {
        40: keys["Motivation"],
        1530: keys["Best tips?"],
    }


def test_notes_with_an_existing_title_need_confirmation(host: Client):
    episode = factories.episode("Selling diaries", 9)
    page = host.post(PASTE, {"text": NOTES, "do": "apply"})
    assert "an episode with this title exists" in page.text
    assert f'<a href="{address(episode)}" dir="auto">9: Selling diaries</a>' in page.text
    draft = Episode.objects.get(title="Selling Diaries")
    assert draft.edit_number == 0
    assert host.post(address(draft), form_data(page) | {"do": "apply"}).status_code == 302
    draft.refresh_from_db()
    assert draft.slug == "10-selling-diaries"


def test_a_name_taken_at_the_same_moment_is_a_message(host: Client, monkeypatch):
    text = NOTES.replace("psql", "Gleam")
    episode = pasted(host, text)
    other = factories.technology("Gleam Two")

    def take_name(*_: Any) -> None:
        Technology.objects.get(name="Django").names.create(name=other.name)

    monkeypatch.setattr("desk.writing.drafts.store_names", take_name)
    page = apply(host, episode, text, **{"technology-gleam": "create"})
    assert "the database refused it" in page.text
    assert Episode.objects.get().draft_text == text


def test_a_pencil_leads_to_its_line(host: Client):
    episode = factories.episode(topics=[(40, "One"), (60, "Two"), (60, "Three")])
    lines = render(stored_draft(episode)).split("\n")

    def line(**query: Any) -> str:
        response = host.get("/admin/pencil", {"page": f"/podcast/{episode.slug}", **query})
        target, _, number = response["Location"].partition("?line=")
        assert target == address(episode)
        return lines[int(number) - 1] if number else ""

    assert line(t=60) == "- 1:00 -- Two"
    assert line(t=60, n=1) == "- 1:00 -- Three"
    assert line(t=61) == ""
    assert line(t="x", n="-1") == ""
    for page in ("", "/stack/django", "//x", "/podcast/", "/podcast/a/b"):
        assert host.get("/admin/pencil", {"page": page}).status_code == 404


def test_hosts_get_the_same_public_page(host: Client, client: Client):
    """Pencils are added in the browser, so the response is the same and cacheable."""
    url = factories.episode(topics=[(40, "Motivation")]).get_absolute_url()
    host.cookies["desk"] = "1"
    theirs, ours = client.get(url), host.get(url)
    assert ours.content == theirs.content
    assert b"pencil" not in ours.content
    for name in ("ETag", "Cache-Control", "Vary"):
        assert ours.get(name) == theirs.get(name)
    assert "public" in ours["Cache-Control"]
    assert "Cookie" not in ours.get("Vary", "")
    assert not ours.cookies


@pytest.mark.parametrize("url", [PASTE, "/admin/episodes/episode/1/text", "/admin/pencil"])
def test_writing_needs_permission(client: Client, url: str):
    assert client.get(url).status_code == 302
    assert client.post(url, {"text": NOTES}).status_code == 302
    client.force_login(User.objects.create_user("reader", is_staff=True))
    assert client.get(url).status_code == 403
    assert client.post(url, {"text": NOTES}).status_code in (403, 405)
    assert not Episode.objects.exists()


def test_new_technologies_need_permission(client: Client):
    editor = User.objects.create_user("editor", is_staff=True)
    names = ["add_episode", "change_episode", "view_episode"]
    editor.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(editor)
    text = NOTES.replace("psql", "Gleam")
    episode = pasted(client, text)
    page = apply(client, episode, text, **{"technology-gleam": "create"})
    assert "you may not add technologies" in page.text
    assert Technology.objects.count() == 2


def test_cross_site_posts_are_refused(host_user: User):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(host_user)
    assert stranger.post(PASTE, {"text": NOTES}).status_code == 403
    assert not Episode.objects.exists()


def test_nothing_that_is_shown_becomes_markup(host: Client):
    text = NOTES
    places = ("Selling Diaries", "maker of it", "day by day", "goes over", "Best tips?", "psql")
    for place in places:
        text = text.replace(place, f"{place} {HOSTILE}")
    link = f"[{HOSTILE}](https://example.org/) ({HOSTILE})"
    text = text.replace("<https://example.org/yaks>", link)
    text = text.replace("gunicorn.org/>", f"gunicorn.org/?{HOSTILE.replace(' ', '')}>")
    page = post(host, PASTE, text, **{"of-django": HOSTILE, "technology-x": HOSTILE})
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    episode = Episode.objects.get()
    page = apply(host, factories.episode("Other", 9), text)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "<script>alert" not in host.get(address(episode)).text


texts = st.lists(words | st.sampled_from(NOTES.splitlines()), max_size=25).map("\n".join)


@pytest.mark.slow
@settings(max_examples=30)
@given(texts, st.sampled_from(["preview", "apply", "discard", "?"]), words)
def test_no_text_breaks_the_page(host: Client, text: str, do: str, other: str):
    for part in ({}, {"X-Part": "panel"}):
        data = {"text": text, "do": do, "of-django": other, "repair": other, "seen": other}
        response = host.post(PASTE, data, headers=part)
        assert response.status_code in (200, 302)
        episode = Episode.objects.newest_first().first()
        if episode:
            page = host.post(address(episode), data | {"seen": "1.1.x", "shown": other})
            assert page.status_code in (200, 302, 409)


@pytest.mark.slow
def test_long_notes_are_accepted(host: Client):
    topics = [f"- {n // 60}:{n % 60:02} -- Topic number {n}\n" for n in range(41, 341)]
    text = NOTES.replace("- 25:26", "".join(topics) + "- 25:26")
    text = text.replace("\n## Topics", f"\n{'A paragraph of words. ' * 240_000}\n\n## Topics")
    assert len(text) > 5_000_000
    response = host.post(PASTE, {"text": text, "do": "apply"})
    assert response.status_code == 302
    assert Topic.objects.count() == 302


def test_a_page_needs_as_many_queries_for_longer_notes(host: Client, django_assert_num_queries):
    libraries = ["https://gunicorn.org/", "https://example.org/celery"]
    few, many = (
        factories.episode(
            f"Number {count}",
            count,
            topics=[(second, f"Topic {second}") for second in range(count)],
            technologies=[f"Tool {n}" for n in range(count)],
            guests=[f"Ann Lee {n}" for n in range(count)],
            libraries=libraries[:count],
        )
        for count in (1, 30)
    )
    host.get(address(few))
    for episode in (few, many):
        with django_assert_num_queries(26):
            host.get(address(episode))


def test_new_guests_are_created_when_a_text_is_applied(host: Client):
    episode = pasted(host)
    assert not Guest.objects.filter(name="Phil Gyford").exists()
    apply(host, episode, NOTES)
    assert episode.appearances.get().guest.name == "Phil Gyford"


def test_a_misspelt_technology_of_the_directory_is_offered(host: Client) -> None:
    """The catalogue has none like it."""
    page = post(host, PASTE, NOTES.replace("- psql", "- htmxx"))
    assert "21: A new technology. Did you mean htmx? Choose below" in " ".join(problem_lines(page))
    assert 'Write <q dir="auto">htmx</q>' in page.text
    page = post(host, PASTE, NOTES.replace("- psql", "- htmx"))
    assert "Did you mean" not in page.text


def test_a_number_left_out_of_the_title_stays_in_the_address(host: Client) -> None:
    factories.episode("Before", 37)
    page = post(host, PASTE, NOTES.replace("# Selling", "# 38: Selling"))
    assert "<dt>Number</dt><dd>38</dd>" in page.text
    draft = Episode.objects.get(number=None)
    page = host.post(address(draft), form_data(page) | {"repair": "1 # Selling Diaries"})
    assert host.post(address(draft), form_data(page) | {"do": "apply"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.number, draft.title, draft.slug) == (38, "Selling Diaries", "38-selling-diaries")
