"""Templates of texts: their newsletter's HTML, their form with its preview, those of version 1."""

import re
from html.parser import HTMLParser
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.models import Outlet, TextTemplate
from desk.tests.forms import form_data
from desk.texts.newsletter import escape_markdown
from desk.texts.prepare import PreparedText, prepare
from desk.texts.quote import chosen_quote
from desk.texts.shipped import SHIPPED, original_of
from desk.texts.values import Material
from episodes.fetch import fetch_episode
from episodes.models import NOT_DELETED, Episode
from episodes.tests import factories
from show.models import Show
from text.markup import render_block, words_of

ADD = "/admin/desk/texttemplate/add/"
TITLE = "Ships & </textarea><script>alert(1)</script> *not* [a](/b)"


@pytest.fixture
def episode(db, settings) -> Episode:
    settings.SITE_URL = "https://show.example"
    factories.show()
    factories.guest(
        "Phil Gyford",
        twitter="philgyford",
        mastodon="https://mastodon.social/@phil",
        bluesky="phil.bsky.social",
    )
    row = factories.episode(
        TITLE, 9, slug="9-ships", summary="1. How it_runs_ at https://ships.example/a_b_c.",
        topics=[(61, "One & `only`"), (3723, "- Two {title} https://x.example/a_b")],
        technologies=["Django", "C++"], guests=["Phil Gyford", "Ann Other"], seconds=4000,
    )  # fmt: skip
    found: Episode = fetch_episode(NOT_DELETED, id=row.pk)
    return found


def material(episode: Episode) -> Material:
    return Material(episode, Show.objects.current(), chosen_quote(episode, "61"))


def prepared(episode: Episode, text: str, outlet: str = Outlet.NEWSLETTER) -> PreparedText:
    return prepare(TextTemplate(text=text, outlet=outlet), material(episode))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_handles_by_network(episode: Episode):
    handles = {outlet: prepared(episode, "{handle}", outlet) for outlet in Outlet}
    assert {outlet: each.text for outlet, each in handles.items()} == {
        "mastodon": "@phil@mastodon.social and Ann Other",
        "bluesky": "@phil.bsky.social and Ann Other",
        "x": "@philgyford and Ann Other",
        "linkedin": "Phil Gyford and Ann Other",
        "newsletter": "Phil Gyford and Ann Other",
        "other": "Phil Gyford and Ann Other",
    }
    assert {outlet for outlet, each in handles.items() if each.nameless == ("Ann Other",)} == {
        "mastodon", "bluesky", "x",
    }  # fmt: skip
    assert prepared(episode, "{guest}", Outlet.X).nameless == ()


def test_a_newsletter_shows_every_value_as_it_is(episode: Episode):
    found = prepared(episode, "# {title}\n\n{summary}\n{quote}\n\n[{title}]({quote_url})")
    html = found.html
    assert [tag for tag, _ in Tags(html).found] == ["div", "h2", "p", "a", "br", "p", "a"]
    assert words_of(html) == (
        f"{TITLE} 1. How it_runs_ at https://ships.example/a_b_c. One & only {TITLE}"
    )
    addresses = [each["href"] for tag, each in Tags(html).found if tag == "a"]
    assert addresses == ["https://ships.example/a_b_c", "https://show.example/podcast/9-ships?t=61"]
    assert found.text == (
        f"{TITLE}\n\n1. How it_runs_ at https://ships.example/a_b_c.\nOne & only\n\n"
        f"{TITLE}: https://show.example/podcast/9-ships?t=61"
    )


def test_a_newsletter_lists_topics_with_links(episode: Episode):
    found = prepared(episode, "Topics:\n{topics}")
    links = [each["href"] for tag, each in Tags(found.html).found if tag == "a"]
    page = "https://show.example/podcast/9-ships"
    assert links == [f"{page}?t=61", f"{page}?t=3723", "https://x.example/a_b"]
    assert found.html.count("<li") == 2
    assert found.text == "Topics:\n1:01 One & only\n1:02:03 - Two {title} https://x.example/a_b"


def test_a_newsletter_is_fit_for_mail(episode: Episode):
    template = "{picture}\n\n[ours](/stack/) **{quote_time}**\n\n> Words\n\n- one\n\n---"
    found = prepared(episode, template)
    tags = Tags(found.html).found
    assert {"style", "script", "link", "iframe"}.isdisjoint(tag for tag, _ in tags)
    unstyled = [tag for tag, each in tags if "style" not in each]
    assert unstyled == ["strong"]
    for _, attributes in tags:
        address = attributes.get("href") or attributes.get("src")
        assert address is None or address.startswith("https://show.example/")
        assert "class" not in attributes
    picture = next(each for tag, each in tags if tag == "img")
    assert picture["alt"] and TITLE in picture["alt"]
    assert (tags[0][0], tags[0][1]["lang"]) == ("div", "en")
    assert found.text == "ours: /stack/ 1:01\n\n> Words\n\n- one\n\n---"
    assert " style=" not in found.shown
    assert '<img src="/cards/' in found.shown
    Episode.objects.update(status="draft")
    draft = prepared(fetch_episode(NOT_DELETED, id=episode.pk), template)
    assert "<img" not in draft.shown
    assert '<img src="https://show.example/cards/' in draft.html


def test_a_line_of_its_own_stays_one(episode: Episode):
    assert prepared(episode, "One\nTwo\n\nThree").shown == "<p>One<br>\nTwo</p>\n<p>Three</p>"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_escaped_words_are_shown_as_they_are(text: str):
    words = " ".join(text.split())
    html = render_block(f"{escape_markdown(words)} end")
    assert words_of(html) == " ".join(f"{words} end".split())
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "a"}


templates = st.lists(
    st.sampled_from(["{title}", "{topics}", "[", "](", ")", "{url}", "**", "> ", "- ", "\n", "a",
                     "<script>", "{picture}", "{nothing}", "`", "|", "# "]), max_size=20,
).map("".join)  # fmt: skip


@given(templates)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_template_brings_in_a_script(episode: Episode, template: str):
    for outlet in Outlet:
        found = prepared(episode, template, outlet)
        assert {tag for tag, _ in Tags(found.html).found}.isdisjoint({"script", "textarea"})


def test_too_long_is_said_before_copying(host: Client, episode: Episode):
    TextTemplate.objects.all().delete()
    text = "{url}\n\nFirst {handle}.\n\n" + "w" * 230
    TextTemplate.objects.create(name="Post", text=text, outlet=Outlet.BLUESKY)
    address = f"/admin/episodes/episode/{episode.pk}/texts"
    page = host.get(address).content.decode()
    assert "The whole text is 8 too long, so this part is left out:" in page.replace("\n", " ")
    assert "76 of 300 characters" in page
    assert "w" * 230 not in page.split("<textarea")[1]
    assert "no handle at Bluesky" in page
    TextTemplate.objects.update(text="{url}" + "w" * 300)
    page = " ".join(host.get(address).content.decode().split())
    assert "it has 336 characters, and Bluesky takes 300." in page


def preview(response: Any) -> str:
    page = response.content.decode()
    return str(page.split('id="template-preview">')[1].split("data-preview-status")[0])


def test_the_form_previews_what_is_typed(host: Client, episode: Episode):
    row = TextTemplate.objects.get(shipped="x")
    address = f"/admin/desk/texttemplate/{row.pk}/change/"
    data = form_data(host.get(address)) | {"text": "Now: {url} {titel}", "_preview": "1"}
    response = host.post(address, data)
    shown = preview(response)
    assert "Now: https://show.example/podcast/9-ships" in shown
    assert "There is no placeholder {titel}. Did you mean {title}?" in shown
    assert "Now: {url} {titel}</textarea>" in response.content.decode()
    row.refresh_from_db()
    assert row.text == SHIPPED["x"].text
    response = host.post(ADD, data | {"name": "New", "outlet": "newsletter", "text": "**{url}**"})
    assert "<strong><a href=" in preview(response)
    assert not TextTemplate.objects.filter(name="New").exists()


def test_the_preview_is_of_the_chosen_episode(host: Client, episode: Episode):
    other = factories.episode("A draft", 10, slug="10-draft", status="draft", published_at=None)
    row = TextTemplate.objects.get(shipped="chat")
    address = f"/admin/desk/texttemplate/{row.pk}/change/"
    assert "https://show.example/9" in preview(host.get(address))
    assert "A draft: https://show.example/10" in preview(host.get(f"{address}?episode={other.pk}"))
    data = form_data(host.get(address)) | {"_preview": "1", "_episode": str(other.pk)}
    assert "A draft: https://show.example/10" in preview(host.post(address, data))
    for odd in ("", "x", "9" * 30, "-1"):
        assert "https://show.example/9" in preview(host.post(address, data | {"_episode": odd}))


def test_the_preview_shows_no_draft_to_whoever_may_not_see_it(client: Client, episode: Episode):
    draft = factories.episode("Secret", 10, slug="10-draft", status="draft", published_at=None)
    user = User.objects.create_user("ann", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__contains="texttemplate"))
    client.force_login(user)
    row = TextTemplate.objects.get(shipped="chat")
    address = f"/admin/desk/texttemplate/{row.pk}/change/?episode={draft.pk}"
    response = client.get(address)
    assert "https://show.example/9" in preview(response)
    assert "Secret" not in response.content.decode()
    user.user_permissions.set(Permission.objects.filter(codename="view_texttemplate"))
    response = client.get(address)
    assert "https://show.example/9" in preview(response)
    assert "_original" not in response.content.decode()
    assert client.post(address, {"_preview": "1", "text": "{show}"}).status_code == 200


def test_odd_previews_are_answered(host: Client, episode: Episode):
    for button in ("_preview", "_original"):
        data = {button: "1", "outlet": "nowhere", "text": "x{title}" * 5000, "position": "x"}
        assert host.post("/admin/desk/texttemplate/999999/change/", data).status_code == 302
        row = TextTemplate.objects.get(shipped="x")
        for address in (ADD, f"/admin/desk/texttemplate/{row.pk}/change/"):
            assert host.post(address, data).status_code == 200
            assert host.post(address, {button: "1"}).status_code == 200


def test_without_an_episode_the_form_works(host: Client, db):
    assert "The preview needs an episode." in preview(host.get(ADD))


def test_the_original_text_comes_back_unsaved(host: Client, episode: Episode):
    row = TextTemplate.objects.get(shipped="video")
    TextTemplate.objects.filter(pk=row.pk).update(name="Film", text="Mine")
    address = f"/admin/desk/texttemplate/{row.pk}/change/"
    shown = host.get(address)
    assert "Restore the original text" in shown.content.decode()
    response = host.post(address, form_data(shown) | {"_original": "1"})
    assert form_data(response)["text"].strip() == SHIPPED["video"].text.strip()
    assert form_data(response)["name"] == "Film"
    assert "It isn’t saved yet." in response.content.decode()
    row.refresh_from_db()
    assert row.text == "Mine"
    data = form_data(host.get(ADD)) | {"name": "New", "outlet": "bluesky", "_original": "1"}
    response = host.post(ADD, data)
    assert form_data(response)["text"].strip() == SHIPPED["bluesky"].text.strip()
    assert original_of("", "gone") == SHIPPED["chat"].text


def test_a_new_text_comes_last(host: Client, db):
    assert form_data(host.get(ADD))["position"] == str(len(SHIPPED))


def test_a_save_returns_to_the_episode(host: Client, episode: Episode):
    page = host.get(f"/admin/episodes/episode/{episode.pk}/texts?t=61").content.decode()
    row = TextTemplate.objects.get(shipped="mastodon")
    link = next(each for each in re.findall(r'href="([^"]+)">Edit the template', page)
                if f"/{row.pk}/change/" in each).replace("&amp;", "&")  # fmt: skip
    response = host.post(link, form_data(host.get(link)) | {"text": "Mine: {quote_time}"})
    here = f"/admin/episodes/episode/{episode.pk}/texts?t=61"
    assert response.headers["Location"] == f"{here}#text-{row.pk}-name"
    assert "Mine: 1:01" in host.get(here).content.decode()


# What migrations make of the texts of version 1.


def migrated(*rows: tuple[str, str]) -> list[tuple[str, str, str]]:
    TextTemplate.objects.all().delete()
    for position, (name, text) in enumerate(rows):
        TextTemplate.objects.create(name=name, text=text, position=position)
    import_module("desk.migrations.0005_text_outlets").bring_up_to_date(apps, None)
    found = TextTemplate.objects.all()
    assert len({row.position for row in found}) == len(found)
    return [(row.name, row.outlet, row.shipped) for row in found]


FORMER = import_module("desk.migrations.0001_version_1").DEFAULT_TEXTS


def test_unchanged_texts_become_todays(db):
    assert migrated(*FORMER.items()) == [
        (each.name, each.outlet, key) for key, each in SHIPPED.items()
    ]
    for key, each in SHIPPED.items():
        assert TextTemplate.objects.get(shipped=key).text == each.text


def test_an_earlier_wording_is_no_change(db):
    earlier = {name: text.replace("explains how", "tells how") for name, text in FORMER.items()}
    assert earlier != FORMER
    assert [key for _, _, key in migrated(*earlier.items())] == list(SHIPPED)


def test_a_hosts_own_texts_stay_as_they_are(db):
    own = {"Short post": "Hear {handle}!", "Newsletter": "*Mine* {url}", "Chat": "{title}"}
    found = migrated(*own.items())
    assert found[:3] == [
        ("Short post", "x", ""),
        ("Newsletter", "other", ""),
        ("Chat", "other", ""),
    ]
    assert [name for name, _, _ in found[3:]] == [
        "Mastodon", "Bluesky", "X", "LinkedIn", "Chat, new", "Newsletter, new",
    ]  # fmt: skip
    assert {name: TextTemplate.objects.get(name=name).text for name in own} == own


def test_whoever_deleted_all_texts_gets_none(db):
    assert migrated() == []
