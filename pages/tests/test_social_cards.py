"""Social cards of episodes and technologies."""

import re
import threading
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from episodes import social_cards
from episodes.audio_files import remove_discarded
from episodes.models import DiscardedFile, Episode, SocialCard
from episodes.tests.factories import technology
from guests.models import Guest
from media import draw_social_card
from notes.apply import finish_edit
from pages import page_cards
from pages.tests.factories import catalogue, full_episode, in_the_future, interview
from search.models import Question
from show.models import Show

pytestmark = pytest.mark.django_db

SITE = "https://show.example.org"
ARTWORK = "https://example.org/artwork.png"
IMAGE = re.compile(rf'<meta property="og:image" content="{SITE}(/cards/[0-9a-f]+p?\.png)">')


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE


def card_path(client: Client, path: str) -> str:
    """The path of the card in this page's metadata."""
    (address,) = IMAGE.findall(client.get(path).content.decode())
    return address


def meta_tags(client: Client, path: str) -> dict[str, str]:
    tag = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
    html = client.get(path).content.decode()
    return {name: unescape(content) for name, content in tag.findall(html)}


def files(settings: Any) -> list[Path]:
    return sorted(Path(settings.MEDIA_ROOT).glob("cards/*.png"))


@pytest.mark.parametrize(
    "path",
    ["/podcast/1-episode-1", "/interviews/1-interview-1", "/stack/django"],
)
def test_a_card_is_drawn_once(client: Client, settings, path: str) -> None:
    catalogue(1)
    address = card_path(client, path)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(answer.content) <= 100_000
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    head = meta_tags(client, path)
    assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")
    assert head["twitter:card"] == "summary_large_image"
    assert head["og:image:alt"].endswith("Running in Production")
    assert client.get(address).content == answer.content
    assert len(files(settings)) == 1


def test_alternative_text_of_a_card(client: Client) -> None:
    catalogue(1)
    alt = meta_tags(client, "/podcast/1-episode-1")["og:image:alt"]
    assert alt == "Episode 1. with Guest 1 and Ann Other. Episode 1. Running in Production"
    alt = meta_tags(client, "/stack/django")["og:image:alt"]
    assert (
        alt == "Websites using Django in production. 1 episode. Technology. Running in Production"
    )
    assert "Interview 1. Running" in meta_tags(client, "/interviews/1-interview-1")["og:image:alt"]


def test_a_stored_card_costs_one_query(client: Client, django_assert_num_queries) -> None:
    catalogue(1)
    address = card_path(client, "/podcast/1-episode-1")
    client.get(address)
    with django_assert_num_queries(1):
        client.get(address)


def test_moments_have_their_own_card_and_title(client: Client) -> None:
    catalogue(1)
    head = meta_tags(client, "/podcast/1-episode-1?t=1526")
    assert head["og:image"] != SITE + card_path(client, "/podcast/1-episode-1")
    assert head["og:image:alt"].startswith("Recap of AWS services. ")
    assert head["og:title"].startswith("25:26: Recap of AWS services")


def add_photo(colour: str, row: Episode) -> None:
    photo = BytesIO()
    Image.new("RGB", (400, 400), colour).save(photo, "JPEG")
    guest = row.appearances.first().guest
    guest.avatar.save("photo.jpg", ContentFile(photo.getvalue()))


def test_a_face_and_the_topics_are_on_it(client: Client) -> None:
    (row,) = catalogue(1)
    plain = card_path(client, row.get_absolute_url())
    add_photo("#ff0000", row)
    with_face = card_path(client, row.get_absolute_url())
    assert with_face != plain
    image = Image.open(BytesIO(client.get(with_face).content)).convert("RGB")
    red, green, blue = cast(tuple[int, ...], image.getpixel((draw_social_card.WIDTH - 220, 300)))
    assert red > 200 > 60 > max(green, blue)
    row.topics.last().delete()
    assert card_path(client, row.get_absolute_url()) != with_face


def test_a_photo_that_cannot_be_read_leaves_the_mark(client: Client) -> None:
    (row,) = catalogue(1)
    add_photo("#ff0000", row)
    guest = row.appearances.first().guest
    guest.avatar.storage.delete(str(guest.avatar.name))
    assert client.get(card_path(client, row.get_absolute_url())).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/podcast/", "/interviews/", "/stack/", "/libraries/", "/questions/", "/guests/"],
)
def test_lists_have_a_card(client: Client, settings, path: str) -> None:
    catalogue(1)
    head = meta_tags(client, path)
    assert head["twitter:card"] == "summary_large_image"
    address = head["og:image"].removeprefix(SITE)
    answer = client.get(address)
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert client.get(address).content == answer.content
    assert len(files(settings)) == 1
    assert client.get(address.replace("/cards/", "/cards/0")).status_code == 404


def test_a_question_has_a_card(client: Client) -> None:
    catalogue(1)
    question = Question.objects.create(title="How they deploy", slug="deploy", query="aws")
    head = meta_tags(client, "/questions/deploy")
    assert head["og:image:alt"] == "How they deploy. Question. Running in Production"
    address = head["og:image"].removeprefix(SITE)
    assert client.get(address).status_code == 200
    question.delete()
    SocialCard.objects.all().delete()
    assert client.get(address).status_code == 404


def test_tick_draws_what_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue(1)
    monkeypatch.setattr(page_cards, "PER_TICK", 3)
    assert re.fullmatch(r"Drew 3 of \d+ missing social cards.", page_cards.draw_some_cards())
    assert SocialCard.objects.count() == 3
    page_cards.draw_missing(lambda *_: None)
    assert page_cards.draw_some_cards() == ""
    monkeypatch.setattr(social_cards, "draw", None)
    for path in ("/podcast/1-episode-1", "/stack/django", "/questions/", "/guests/"):
        assert client.get(card_path(client, path)).status_code == 200


def test_an_episodes_own_image_stays_in_json_ld(client: Client) -> None:
    row = full_episode(1, image_url="https://example.org/own.png")
    html = client.get(row.get_absolute_url()).content.decode()
    assert '"image": "https://example.org/own.png"' in html
    Episode.objects.update(image_url="")
    html = client.get(row.get_absolute_url()).content.decode()
    assert f'"image": "{SITE}{card_path(client, row.get_absolute_url())}"' in html


RENAMES: dict[str, Callable[[], object]] = {
    "guest": lambda: Guest.objects.filter(name="Guest 1").update(name="Łukasz Ødegård"),
    "show": lambda: Show.objects.update(title="Running Elsewhere"),
    "title": lambda: Episode.objects.podcast().update(title="Another title"),
    "number": lambda: Episode.objects.podcast().update(number=12),
}


@pytest.mark.parametrize("what", RENAMES)
def test_other_words_have_another_address_and_the_old_one_still_works(
    client: Client, what: str
) -> None:
    catalogue(1)
    before = card_path(client, "/podcast/1-episode-1")
    old = client.get(before).content
    RENAMES[what]()
    after = card_path(client, "/podcast/1-episode-1")
    assert after != before
    assert client.get(after).content != old
    assert client.get(before).content == old


def test_an_old_card_is_drawn_no_more(client: Client) -> None:
    catalogue(1)
    before = card_path(client, "/podcast/1-episode-1")
    Episode.objects.podcast().update(title="Another title")
    assert client.get(before).status_code == 404


@pytest.mark.parametrize(
    "key", ["0" * 32, "0" * 32 + "e1", "0" * 32 + "c1", "f" * 32 + "e" + "9" * 18, "x", "e1"]
)
def test_a_card_that_no_page_names_is_not_drawn(client: Client, settings, key: str) -> None:
    catalogue(1)
    assert client.get(f"/cards/{key}.png").status_code == 404
    assert files(settings) == []


def test_another_episodes_key_draws_nothing(client: Client) -> None:
    first, second = catalogue(2)
    key = card_path(client, first.get_absolute_url()).replace(
        f"e{first.pk}.png", f"e{second.pk}.png"
    )
    assert client.get(key).status_code == 404


HIDDEN: dict[str, dict[str, Any]] = {
    "draft": {"status": Episode.Status.DRAFT},
    "scheduled": {"published_at": in_the_future()},
    "withdrawn": {"status": Episode.Status.WITHDRAWN},
}


@pytest.mark.parametrize("state", HIDDEN)
@pytest.mark.parametrize("is_stored", [False, True])
def test_unpublished_episodes_have_no_card(
    client: Client, settings, state: str, is_stored: bool
) -> None:
    catalogue(0)
    row = full_episode(1, technologies=["Secret"])
    addresses = [card_path(client, row.get_absolute_url()), card_path(client, "/stack/secret")]
    if is_stored:
        assert {client.get(address).status_code for address in addresses} == {200}
    Episode.objects.filter(pk=row.pk).update(**HIDDEN[state])
    assert {client.get(address).status_code for address in addresses} == {404}
    assert len(files(settings)) == 2 * is_stored
    for file in files(settings):  # nor can the stored file be found by its words
        assert file.stem not in " ".join(addresses)


def test_missing_glyphs_leave_the_artwork(client: Client) -> None:
    catalogue(0)
    row = full_episode(1, title="כך אנחנו מריצים", slug="1-hebrew")
    head = meta_tags(client, row.get_absolute_url())
    assert head["og:image"] == ARTWORK
    assert head["twitter:card"] == "summary"


def test_a_request_while_it_is_drawn_gets_the_artwork(
    transactional_db, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(1)
    client = Client()
    address = card_path(client, "/podcast/1-episode-1")
    started, go_on, drawings = threading.Event(), threading.Event(), []
    really_draw = social_cards.draw

    def slowly(card: Any) -> bytes:
        drawings.append(card)
        started.set()
        assert go_on.wait(10)
        return really_draw(card)

    def first_visitor() -> None:
        first.append(Client().get(address).status_code)
        connection.close()

    first: list[int] = []
    monkeypatch.setattr(social_cards, "draw", slowly)
    visitor = threading.Thread(target=first_visitor)
    visitor.start()
    assert started.wait(10)
    meanwhile = client.get(address)
    go_on.set()
    visitor.join()
    assert meanwhile.status_code == 302
    assert meanwhile["Location"] == ARTWORK
    assert meanwhile["Cache-Control"] == "no-store"
    assert first == [200]
    assert client.get(address).status_code == 200
    assert len(drawings) == 1


def test_without_its_storage_the_artwork_stands_in(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(1)
    address = card_path(client, "/podcast/1-episode-1")

    def refuse(*_: Any, **__: Any) -> str:
        raise OSError("The bucket is out of reach")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "save", refuse)
        assert client.get(address)["Location"] == ARTWORK
        assert not SocialCard.objects.exists()
    assert client.get(address).status_code == 200
    monkeypatch.setattr(FileSystemStorage, "open", refuse)
    assert client.get(address)["Location"] == ARTWORK
    Show.objects.update(artwork_url="")
    assert client.get(address)["Location"].endswith("img/icon-180.png")


def test_a_lost_file_is_drawn_again(client: Client, settings) -> None:
    catalogue(1)
    address = card_path(client, "/podcast/1-episode-1")
    image = client.get(address).content
    files(settings)[0].unlink()
    assert client.get(address).content == image
    assert len(files(settings)) == 1
    assert SocialCard.objects.count() == 1


def test_few_cards_are_stored_and_none_of_deleted_episodes(client: Client, settings) -> None:
    catalogue(0)
    row = interview(9)
    for number in range(social_cards.CARDS_PER_PAGE + 3):
        Episode.objects.filter(pk=row.pk).update(title=f"Title {number}")
        client.get(card_path(client, row.get_absolute_url()))
    assert SocialCard.objects.count() == social_cards.CARDS_PER_PAGE
    assert DiscardedFile.objects.count() == 3
    assert remove_discarded() == "Deleted 3 unused files."
    assert len(files(settings)) == social_cards.CARDS_PER_PAGE
    Episode.objects.filter(pk=row.pk).delete()
    remove_discarded()
    assert files(settings) == []


def test_saving_draws_it_after_the_commit(
    settings, host_user: User, django_capture_on_commit_callbacks
) -> None:
    catalogue(0)
    row = full_episode(1)
    with django_capture_on_commit_callbacks(execute=True):
        finish_edit(row, host_user, "desk")
        assert files(settings) == []
    assert len(files(settings)) == 1
    draft = full_episode(2, status=Episode.Status.DRAFT)
    with django_capture_on_commit_callbacks(execute=True):
        finish_edit(draft, host_user, "desk")
        finish_edit(full_episode(3), None, "an import")
        social_cards.draw_after_commit(technology("Nobody's"))
    assert len(files(settings)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        social_cards.draw_after_commit(technology("Django"))
    assert len(files(settings)) == 2


def test_saving_works_when_the_card_cannot_be_stored(
    transactional_db, host_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(0)
    row = full_episode(1)
    monkeypatch.setattr(social_cards, "draw", lambda _: 1 / 0)
    with transaction.atomic():
        finish_edit(row, host_user, "desk")
    assert not SocialCard.objects.exists()
