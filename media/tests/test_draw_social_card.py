"""Social cards: the images that represent a page where its link is shared."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from media import draw_social_card
from media.draw_social_card import Card, card, draw

SHOW = "Running in Production"
LONG = "Why the deploy of a small team took half a day, and what they then left out of it. " * 3
WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamten"


def made(title: str, *, subtitle: str = "with Daniele Procida", label: str = "Episode 56") -> Card:
    found = card(show=SHOW, label=label, title=title, subtitle=subtitle)
    assert found
    return found


def picture(of: Card) -> Image.Image:
    return Image.open(BytesIO(draw(of))).convert("RGB")


def inked(of: Card) -> tuple[int, int, int, int]:
    """The edges of all that isn't ground: left, top, right, bottom."""
    image = picture(of)
    box = ImageChops.difference(
        image, Image.new("RGB", image.size, draw_social_card.BLUE)
    ).getbbox()
    assert box, "an empty card"
    return box


@pytest.mark.parametrize("title", ["Go", "Łódź, Malmö & São Paulo", LONG[:200], WORD, "W" * 200])
def test_all_is_within_the_margins_and_small(title: str) -> None:
    of = made(title, subtitle="with " + LONG, label=LONG)
    assert len(draw(of)) <= 100_000
    assert picture(of).size == (1200, 630)
    left, top, right, bottom = inked(of)
    assert left >= draw_social_card.MARGIN - 10
    assert right <= draw_social_card.WIDTH - draw_social_card.MARGIN + 10
    assert top >= 60
    assert bottom <= draw_social_card.HEIGHT - 50


def test_a_long_title_is_smaller_and_nothing_of_it_runs_into_the_show() -> None:
    sizes = [draw_social_card._fitted(title)[0] for title in ("Go", LONG[:80], LONG[:200])]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3
    size, lines = draw_social_card._fitted("W" * 200)
    assert len(lines) * size * draw_social_card.LEADING <= draw_social_card.TITLE_HEIGHT
    assert lines[-1].endswith("…")
    assert " ".join(draw_social_card._fitted(LONG[:200])[1]) == LONG[:200].strip()


def test_no_word_of_a_title_stands_alone() -> None:
    assert draw_social_card._fitted("Preview of What's to Come")[1] == [
        "Preview of",
        "What's to Come",
    ]
    assert draw_social_card._fitted("Go in production")[1] == ["Go in production"]


@pytest.mark.parametrize("text", ["éöłØŁőřşğİĐŞț", "αΔ", "Дш", "“”–—…·№₿→", "C++ / .NET"])
def test_europes_letters_are_set_as_they_are(text: str) -> None:
    assert made(text).title == text
    assert picture(made(text)) != picture(made("x" * len(text)))


def test_what_would_be_boxes_is_never_drawn() -> None:
    for text in ("כך אנחנו מריצים", "生产中运行", "نحن", "Django ב-Redis"):
        assert card(show=SHOW, label="", title=text) is None
        assert card(show=SHOW, label="", title="Go", subtitle=text) is None
    assert made("We 🚀 ship\u2011it\u00ad \u200b now 👩\u200d💻").title == "We ship-it now"
    assert card(show=SHOW, label="", title="🚀") is None


def test_the_digest_is_that_of_all_words_and_of_the_design(monkeypatch: pytest.MonkeyPatch) -> None:
    first = made("Go")
    others = [made("Go!"), made("Go", subtitle=""), made("Go", label="Episode 57")]
    digests = {each.digest for each in (first, *others)}
    assert len(digests) == 4
    assert made("Go").digest == first.digest
    monkeypatch.setattr(draw_social_card, "DESIGN", draw_social_card.DESIGN + 1)
    assert first.digest not in digests


def test_it_is_described_in_words() -> None:
    of = made("Divio")
    assert of.alt == "Divio. with Daniele Procida. Episode 56. Running in Production"
    assert made("Go", subtitle="", label="").alt == "Go. Running in Production"


def test_the_names_after_a_long_title_are_drawn_where_there_is_room() -> None:
    """Below a topic's words: the episode's title, up to four lines of it with who speaks."""
    title = "Divio Is a Platform for Managing and Automating Web Applications at Scale with "
    for topic in ("Go", LONG[:130]):
        of = replace(made(topic, subtitle=title + "Ann"), strip=STRIP, seconds=60, until=1000)
        other = replace(of, subtitle=title + "Bob")
        assert picture(of) != picture(other)
        foot = draw_social_card.STRIP[0] - draw_social_card.FLAG
        above = picture(of).crop((600, foot - 8, 900, foot - 1))
        assert above.getcolors() == [(300 * 7, above.getpixel((0, 0)))]


@given(st.text(max_size=200))
def test_any_text_is_set_within_the_card_or_not_at_all(text: str) -> None:
    of = card(show=SHOW, label="Episode 1", title=text)
    if of is None:
        return
    assert all(draw_social_card._is_set(char) for char in of.title)
    size, lines = draw_social_card._fitted(of.title)
    font = draw_social_card._font(draw_social_card.BOLD, size)
    assert all(font.getlength(line) <= draw_social_card.MEASURE for line in lines)


STRIP = (60, 1000, 1500, 3000)


def test_the_strip_has_the_topics_in_proportion() -> None:
    image = picture(replace(made("Go"), strip=STRIP))
    y = draw_social_card.STRIP[1] - 20
    colours = [image.getpixel((round(seconds * 0.4), y)) for seconds in (30, 500, 1250, 2500)]
    assert len(set(colours)) == 3  # before the first topic, and two tints in turn
    assert colours[1] == colours[3]


def inked_above_strip(image: Image.Image) -> tuple[int, int, int, int]:
    foot = draw_social_card.STRIP[0] - 6
    above = image.crop((0, foot - 44, 1200, foot))
    box = ImageChops.difference(
        above, Image.new("RGB", above.size, draw_social_card.BLUE)
    ).getbbox()
    assert box, "no time"
    return box


def test_the_cards_own_topic_is_marked_with_its_time() -> None:
    plain, marked = (
        picture(replace(made("Go"), strip=STRIP, seconds=seconds)) for seconds in (None, 1000)
    )
    y = draw_social_card.STRIP[1] - 20
    assert plain.getpixel((500, y)) != marked.getpixel((500, y))
    assert plain.getpixel((1100, y)) == marked.getpixel((1100, y))
    left, _, right, _ = inked_above_strip(marked)
    assert left == pytest.approx(400, abs=2)
    assert 60 < right - left < 200


def test_a_topics_time_is_its_span_if_its_end_is_known() -> None:
    short, long = (
        inked_above_strip(picture(replace(made("Go"), strip=STRIP, seconds=1000, until=until)))
        for until in (None, 1500)
    )
    assert long[0] == short[0]
    assert long[2] - long[0] > 1.5 * (short[2] - short[0])


@pytest.mark.parametrize("seconds", [0, 2999, 359_999])
def test_a_time_at_the_edge_stays_within_the_margins(seconds: int) -> None:
    of = replace(made("Go"), strip=(0, 10, 20, max(seconds, 20) + 1), seconds=seconds)
    left, _, right, _ = inked_above_strip(picture(of))
    assert left >= draw_social_card.MARGIN
    assert right <= draw_social_card.WIDTH - draw_social_card.MARGIN + 1


def test_years_are_columns_of_their_shares() -> None:
    image = picture(replace(made("Django"), bars=((2019, 0.5), (2020, 0.0), (2021, 1.0))))
    y = draw_social_card.HEIGHT - 60
    ground = image.getpixel((600, y))
    assert image.getpixel((200, y)) != ground != image.getpixel((1000, y))
    assert image.getpixel((200, y - 60)) == ground != image.getpixel((1000, y - 60))
