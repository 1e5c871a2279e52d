"""Social cards of topics, for moments and clips too: drawn for who asks, one at a time."""

import re
import threading
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from PIL import Image

from episodes import social_cards
from episodes.models import Episode, SocialCard
from guests.models import Guest
from media.draw_social_card import MARGIN, PICTURE, TITLE, WIDTH
from pages import topic_cards
from pages.tests.factories import catalogue, full_episode

pytestmark = pytest.mark.django_db

SITE = "https://show.example.org"
ARTWORK = "https://example.org/artwork.png"
PATH = "/podcast/37-episode-37"


@pytest.fixture(autouse=True)
def _episode(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SITE_URL = SITE
    monkeypatch.setattr(topic_cards, "rested_at", 0.0)
    monkeypatch.setattr(topic_cards, "REST", 0.0)
    catalogue(0)
    full_episode(37)


def meta_tags(client: Client, path: str) -> dict[str, str]:
    tag = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
    html = client.get(path).content.decode()
    return {name: unescape(content) for name, content in tag.findall(html)}


def card_path(client: Client, time: str) -> str:
    return meta_tags(client, f"{PATH}?t={time}")["og:image"].removeprefix(SITE)


def test_a_moment_has_a_card_with_its_topic_and_time(client: Client) -> None:
    head = meta_tags(client, f"{PATH}?t=1526")
    assert head["og:image:alt"] == (
        "Recap of AWS services. Episode 37 with Guest 37 and Ann Other. "
        "Episode 37, 25:26–33:20. Running in Production"
    )
    assert head["twitter:card"] == "summary_large_image"
    answer = client.get(head["og:image"].removeprefix(SITE))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert head["og:image"] != meta_tags(client, PATH)["og:image"]


def test_a_clip_has_its_topics_card(client: Client) -> None:
    assert card_path(client, "1530,1600") == card_path(client, "1526")


@pytest.mark.parametrize(
    ("time", "title", "description"),
    [
        (
            "1530",
            "25:30: Recap of AWS services · Episode 37",
            "Guest 37 and Ann Other: Recap of AWS services. "
            "25:30 of 50:00, 8 min until the next topic.",
        ),
        (
            "1530,1604",
            "25:30–26:44: Recap of AWS services · Episode 37",
            "Guest 37 and Ann Other: Recap of AWS services. 25:30–26:44 of 50:00, 1 min 14 s.",
        ),
    ],
)
def test_title_words_and_card_of_what_is_sent_agree(
    client: Client, time: str, title: str, description: str
) -> None:
    """The card is the topic's, whose times contain the moment's; all else is the moment's own."""
    head = meta_tags(client, f"{PATH}?t={time}")
    assert head["og:title"] == head["twitter:title"] == title
    assert head["og:description"] == head["description"] == description
    assert "Episode 37, 25:26–33:20." in head["og:image:alt"]


def test_who_alone_says_it_is_named(client: Client) -> None:
    topics = [(5, "Both"), (9, "Tips (Zoe)?"), (20, "Last")]
    full_episode(40, guests=["Zoe Quill", "Max Reed"], topics=topics, seconds=30)
    path = "/podcast/40-episode-40"
    said = {each: meta_tags(client, f"{path}?t={each}")["og:description"] for each in "159"}
    assert said == {
        "1": "0:01 of 0:30, 4 s until the next topic.",
        "5": "Zoe Quill and Max Reed: Both. 0:05 of 0:30, 4 s until the next topic.",
        "9": "Zoe Quill: Tips (Zoe)? 0:09 of 0:30, 11 s until the next topic.",
    }
    last = meta_tags(client, f"{path}?t=20")["og:description"]
    assert last.endswith(": Last. 0:20 of 0:30, 10 s until the end.")


def test_before_the_first_topic_it_is_the_episodes(client: Client) -> None:
    episodes = meta_tags(client, PATH)["og:image"].removeprefix(SITE)
    assert card_path(client, "10,50") == card_path(client, "10") == episodes


def drawn_colours(client: Client, path: str) -> set[str]:
    """Which of the photos' colours are on the card of this page."""
    address = meta_tags(client, path)["og:image"].removeprefix(SITE)
    image = Image.open(BytesIO(client.get(address).content)).convert("RGB")
    area = image.crop((WIDTH - MARGIN - PICTURE, TITLE, WIDTH - MARGIN, 440))
    pixels = list(zip(*(area.getchannel(each).tobytes() for each in "RGB"), strict=True))
    found = {
        "red": sum(red > 200 > 60 > max(green, blue) for red, green, blue in pixels),
        "lime": sum(green > 200 > 60 > max(red, blue) for red, green, blue in pixels),
    }
    return {colour for colour, count in found.items() if count > 2000}


def add_photo(name: str, colour: str) -> None:
    photo = BytesIO()
    Image.new("RGB", (400, 400), colour).save(photo, "PNG")
    Guest.objects.get(name=name).avatar.save("photo.png", ContentFile(photo.getvalue()))


def test_a_card_shows_the_faces_of_who_speaks(client: Client) -> None:
    topics = [(5, "Both"), (9, "Tips (Zoe)?"), (20, "Tips (Max)?")]
    full_episode(40, guests=["Zoe Quill", "Max Reed"], topics=topics)
    path = "/podcast/40-episode-40"
    add_photo("Zoe Quill", "red")
    assert drawn_colours(client, path) == {"red"}
    assert drawn_colours(client, f"{path}?t=9") == {"red"}
    assert drawn_colours(client, f"{path}?t=20") == set()
    assert drawn_colours(client, f"{path}?t=5") == set()  # either may say it
    add_photo("Max Reed", "lime")
    assert drawn_colours(client, path) == {"red", "lime"}
    assert drawn_colours(client, f"{path}?t=5") == {"red", "lime"}
    assert drawn_colours(client, f"{path}?t=9") == {"red"}
    assert drawn_colours(client, f"{path}?t=20") == {"lime"}
    alt = meta_tags(client, f"{path}?t=20")["og:image:alt"]
    assert alt.startswith("Tips (Max)?. Episode 40 with Max Reed. ")


def test_it_is_drawn_once_and_stored_with_its_episode(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = card_path(client, "1526")
    first = client.get(address).content
    monkeypatch.setattr(social_cards, "draw", None)
    assert client.get(address).content == first
    assert client.get(address, headers={"If-None-Match": '"x"'}).status_code == 200
    (row,) = SocialCard.objects.all()
    assert row.episode == Episode.objects.get(number=37)


def test_topics_cards_dont_displace_the_episodes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(social_cards, "TOPIC_CARDS", 1)
    times = Episode.objects.get(number=37).topics.values_list("seconds", flat=True)
    for address in (PATH, *(f"{PATH}?t={seconds}" for seconds in times)):
        image = meta_tags(client, address)["og:image"].removeprefix(SITE)
        assert client.get(image).status_code == 200
    assert len(times) > 1
    assert sorted("-" in row.key for row in SocialCard.objects.all()) == [False, True]


def test_only_cards_that_a_page_names_are_drawn(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = card_path(client, "1526,1600")
    monkeypatch.setattr(social_cards, "draw", None)
    others = [
        address.replace("-1526", "-1527"),
        address.replace("-1526", "-0"),
        address.replace("-1526", "-999999"),
        address.replace("-1526", "-01526"),
        address.replace("-1526", "-1526-1600"),
        address.replace("/cards/", "/cards/0"),
        re.sub(r"/cards/.", "/cards/g", address),
        re.sub(r"e\d+-", "e0-", address),
        re.sub(r"e\d+-", "e999999999999999999-", address),
        re.sub(r"e(\d+)-", r"c\1-", address),
    ]
    assert {client.get(each).status_code for each in others} == {404}


def test_a_withdrawn_episode_has_none(client: Client) -> None:
    address = card_path(client, "1526,1600")
    assert client.get(address).status_code == 200
    Episode.objects.update(status=Episode.Status.WITHDRAWN)
    assert client.get(address).status_code == 404


def test_missing_glyphs_leave_the_artwork(client: Client) -> None:
    Episode.objects.update(title="כך אנחנו מריצים")
    assert meta_tags(client, f"{PATH}?t=10,20")["og:image"] == ARTWORK


def test_drawing_one_after_the_other_takes_no_process_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_cards, "REST", 600.0)
    first, second = card_path(client, "1526"), card_path(client, "2000")
    assert client.get(first).status_code == 200
    meanwhile = client.get(second)
    assert (meanwhile.status_code, meanwhile["Location"]) == (302, ARTWORK)
    assert client.get(first).status_code == 200


def test_while_another_is_drawn_it_is_the_artwork(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody can occupy the site with drawing."""
    client = Client()
    address, other = card_path(client, "1526"), card_path(client, "2000")
    started, go_on = threading.Event(), threading.Event()
    really_draw = social_cards.draw

    def slowly(card: Any) -> bytes:
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
    meanwhile = client.get(other)
    go_on.set()
    visitor.join()
    assert (meanwhile.status_code, meanwhile["Location"]) == (302, ARTWORK)
    assert meanwhile["Cache-Control"] == "no-store"
    assert first == [200]
    assert client.get(other).status_code == 200
