"""A Jekyll site's links, and what sources say about the show, imported again and again."""

from itertools import pairwise
from pathlib import Path

import pytest

from episodes.tests import factories
from show.models import CallToAction, FollowLink, Promotion, Show
from transfer.tests import feeds
from transfer.tests.checkouts import CONFIG, checkout, import_site

pytestmark = pytest.mark.django_db

COURSES = "https://nickjanetakis.com/courses/"
WITH_COURSES = CONFIG.replace("    website:", f'    courses: "{COURSES}"\n    website:')
NAVIGATION = """
main:
  - title: "Episodes"
    url: "/podcast/"
  - title: "Support us"
    url: "https://www.patreon.com/show"
    children:
      - title: "Buy me a coffee"
        url: "https://buymeacoffee.com/show"
  - title: "The book"
    url: "https://book.example/"
  - title: "Chat"
    url: "https://chat.example/"
"""


@pytest.fixture(autouse=True)
def show() -> None:
    factories.show(website="https://runninginproduction.com")


def run(root: Path, config: str = WITH_COURSES, navigation: str = "", **options: object) -> str:
    """What the import prints. A list of navigation may be empty."""
    checkout(root, config=config)
    if navigation:
        (root / "_data").mkdir(exist_ok=True)
        (root / "_data" / "navigation.yml").write_text(navigation)
    out = import_site(root, **options)
    assert "exit 1" not in out, out
    return out


def untaken(out: str) -> list[str]:
    lines = out.splitlines()
    start = lines.index("Not taken from the site’s links:") + 1
    return [
        line for line in lines[start:] if line.startswith("  ") and "://" in line or "@" in line
    ]


def promotions() -> list[tuple[str, str]]:
    return list(Promotion.objects.values_list("title", "url"))


def test_courses_become_a_promotion_and_the_rest_is_named(tmp_path: Path):
    config = WITH_COURSES.replace("links:\n", 'links:\n  hosting: "https://host.example/me"\n', 1)
    out = run(tmp_path, config)
    assert promotions() == [("Courses by Nick Janetakis", COURSES)]
    assert "Promotion from author.links.courses: Courses by Nick Janetakis" in out
    assert untaken(out) == [
        "  links.hosting: https://host.example/me",
        "  author.links.email: nick@example.com",
    ]
    Show.objects.update(owner_email="nick@example.com")
    again = run(tmp_path, config)
    assert untaken(again) == ["  links.hosting: https://host.example/me"]
    assert " 0 new, 0 changed" in again
    assert run(tmp_path, config, dry_run=True) == again.replace("\n", "\n").replace(
        "warnings\n", "warnings (dry run: nothing was written)\n"
    )


def test_navigation_becomes_a_call_and_promotions(tmp_path: Path):
    out = run(tmp_path, CONFIG, NAVIGATION)
    call = CallToAction.objects.get(purpose="support")
    assert (call.label, call.url) == ("Support us", "https://www.patreon.com/show")
    assert promotions() == [
        ("Buy me a coffee", "https://buymeacoffee.com/show"),
        ("The book", "https://book.example/"),
    ]
    assert untaken(out)[1:] == ["  _data.navigation.main.Chat: https://chat.example/"]
    assert "_data.navigation.main.Episodes: /podcast/" in out
    assert " 0 new, 0 changed" in run(tmp_path, CONFIG, NAVIGATION)


def test_navigation_that_is_a_list_or_in_the_configuration(tmp_path: Path):
    out = run(tmp_path, CONFIG, '- name: "Donate"\n  link: "https://give.example/"\n')
    assert CallToAction.objects.get(purpose="support").url == "https://give.example/"
    nav = 'nav:\n  - {text: "Our store", href: "https://store.example/"}\n'
    run(tmp_path, CONFIG + nav)
    assert promotions() == [("Our store", "https://store.example/")]
    assert "_data.navigation" not in out.split("Not taken")[1]


def test_a_changed_link_is_taken_and_an_edited_one_stays(tmp_path: Path):
    run(tmp_path, navigation=NAVIGATION)
    Promotion.objects.filter(url=COURSES).update(title="Learn with me")
    CallToAction.objects.filter(purpose="support").update(url="https://mine.example/")
    changed = NAVIGATION.replace("patreon.com/show", "patreon.com/new")
    out = run(tmp_path, WITH_COURSES.replace("/courses/", "/learn/"), changed)
    assert ("Learn with me", "https://nickjanetakis.com/learn/") in promotions()
    assert "Here it is “https://mine.example/”, which stays; the source says" in out
    assert CallToAction.objects.get(purpose="support").url == "https://mine.example/"
    run(tmp_path, WITH_COURSES, changed, theirs=True)
    assert CallToAction.objects.get(purpose="support").url == "https://www.patreon.com/new"


def test_a_link_with_another_label_is_still_the_same(tmp_path: Path):
    run(tmp_path, CONFIG, NAVIGATION)
    book = Promotion.objects.get(title="The book")
    Promotion.objects.filter(pk=book.pk).update(text="Mine.")
    run(tmp_path, CONFIG, NAVIGATION.replace("The book", "My book"))
    book.refresh_from_db()
    assert (book.title, book.text) == ("My book", "Mine.")
    assert Promotion.objects.count() == 2


def test_what_the_host_deleted_stays_away_and_what_the_site_deleted_goes(tmp_path: Path):
    subscribe = '\n  subscribe:\n    overcast: "https://overcast.fm/itunes1"\n'
    config = WITH_COURSES.replace("links:\n", f"links:{subscribe}", 1)
    run(tmp_path, config, NAVIGATION)
    assert FollowLink.objects.get().name == "Overcast"
    FollowLink.objects.all().delete()
    Promotion.objects.filter(url=COURSES).delete()
    CallToAction.objects.filter(purpose="become-guest").delete()
    out = run(tmp_path, config, NAVIGATION)
    assert " 0 new, 0 changed" in out
    assert f"  author.links.courses: {COURSES}" in untaken(out)
    assert not FollowLink.objects.exists()
    assert not CallToAction.objects.filter(purpose="become-guest").exists()
    Promotion.objects.filter(title="The book").update(text="Mine.")
    out = run(tmp_path, config, 'main:\n  - {title: "Chat", url: "https://chat.example/"}\n')
    assert "_data.navigation.main.Support us: gone from the site, so “Support us” is deleted" in out
    assert not CallToAction.objects.filter(purpose="support").exists()
    assert (
        "Deleted in the source, but changed here: “The book, https://book.example/, Mine.”" in out
    )
    assert promotions() == [("The book", "https://book.example/")]


def test_the_hosts_own_rows_stay_without_a_word(tmp_path: Path):
    CallToAction.objects.create(purpose="support", label="Mine", url="https://mine.example/")
    FollowLink.objects.create(name="Overcast", url="https://overcast.fm/mine")
    subscribe = '\n  subscribe:\n    overcast: "https://overcast.fm/itunes1"\n'
    config = CONFIG.replace("links:\n", f"links:{subscribe}", 1)
    for _ in range(2):
        out = run(tmp_path, config, NAVIGATION)
        assert "which stays" not in out
        assert "_data.navigation.main.Support us: https://www.patreon.com/show" in out
    assert CallToAction.objects.get(purpose="support").url == "https://mine.example/"
    assert FollowLink.objects.get().url == "https://overcast.fm/mine"


def test_aliases_of_yaml_are_walked_once(tmp_path: Path):
    lines = ["a: &a [1]"]
    lines += [
        f"{name}: &{name} [{', '.join(['*' + last] * 9)}]" for last, name in pairwise("abcdefghij")
    ]
    out = run(tmp_path, CONFIG, "\n".join(lines))
    assert "exit 1" not in out


def test_what_the_site_changes_about_the_show_is_taken_until_the_host_does(tmp_path: Path):
    run(tmp_path)
    repository = 'links:\n  repo: "https://code.example/{}"\n'
    run(tmp_path, WITH_COURSES.replace("links:\n", repository.format("one"), 1))
    run(tmp_path, WITH_COURSES.replace("links:\n", repository.format("two"), 1))
    assert Show.objects.get().repository == "https://code.example/two"
    Show.objects.update(repository="")
    run(tmp_path, WITH_COURSES.replace("links:\n", repository.format("two"), 1))
    assert Show.objects.get().repository == ""


def test_the_channel_merges_like_episodes():
    def channel(words: str, category: str) -> bytes:
        said = f'<description>{words}</description><itunes:category text="{category}"/>'
        return feeds.feed(feeds.item(1), channel=feeds.CHANNEL + said)

    Show.objects.all().delete()
    feeds.run_twice(channel("One.", "History"))
    feeds.run_twice(channel("Two.", "Fiction"))
    show = Show.objects.get()
    assert (show.description, show.categories) == ("Two.", [["Fiction"]])
    Show.objects.update(description="Mine.", categories=[])
    assert "which stays" not in feeds.run(channel("Two.", "Fiction"))
    out = feeds.run(channel("Three.", "Fiction"))
    assert "Here it is “Mine.”, which stays; the source says “Three.”. [description:" in out
    show.refresh_from_db()
    assert (show.description, show.categories) == ("Mine.", [])
    feeds.run(channel("Three.", "History"), theirs=True)
    show.refresh_from_db()
    assert (show.description, show.categories) == ("Three.", [["History"]])
