"""Social cards of the home page, of lists and of saved questions: words, and the show's cover."""

from collections.abc import Callable, Iterator

from episodes.social_cards import NamedCard, artwork_pictures, draw_unstored, public_cards
from media.draw_social_card import Card, card
from pages.metadata import excerpt
from pages.social_image import SocialImage, image_of
from search.models import Question
from show.models import Show

# By the name of their view.
TITLES = {
    "episodes": "Episodes",
    "interviews": "Written interviews",
    "stack": "Technologies in production",
    "libraries": "Libraries",
    "questions": "Questions guests answer",
    "guests": "Guests",
}
PER_TICK = 10  # each takes a third of a second


def home_image(show: Show) -> SocialImage | None:
    return _image(_home_card(show))


def list_image(show: Show, view: str) -> SocialImage | None:
    """The card of a list; None if the typeface lacks letters of the show's title. No query."""
    return _image(_card(show, TITLES[view]))


def question_image(show: Show, question: Question) -> SocialImage | None:
    return _image(_question_card(show, question))


def named_page_card(key: str) -> Card | None:
    """The card of a key that a list or question names today. Up to two queries."""
    if not key.endswith("p"):
        return None
    return next((of for each, _, of in page_cards() if each == key), None)


def page_cards() -> Iterator[NamedCard]:
    """The home page, each list and question with its card. Two queries."""
    show = Show.objects.current()
    cards = [_home_card(show), *(_card(show, title) for title in TITLES.values())]
    cards += [_question_card(show, question) for question in Question.objects.all()]
    for of in cards:
        if of:
            yield _key(of), None, of


def draw_missing(on_card: Callable[[int, int], object], most: int | None = None) -> int:
    """Draw and store what public pages name and isn't stored yet; how many were missing.

    Topics' cards wait for who asks for them: there are thousands. See `draw_unstored`.
    """
    return draw_unstored((*public_cards(), *page_cards()), on_card, most)


def draw_some_cards() -> str:
    """Draw a few missing cards, so that who shares a link waits for none. For `tick`."""
    missing = draw_missing(lambda *_: None, PER_TICK)
    return f"Drew {min(missing, PER_TICK)} of {missing} missing social cards." if missing else ""


def _home_card(show: Show) -> Card | None:
    return _card(show, show.tagline or show.title)


def _question_card(show: Show, question: Question) -> Card | None:
    return _card(show, question.title, "Question", excerpt(question.introduction_html))


def _card(show: Show, title: str, label: str = "", below: str = "") -> Card | None:
    return card(
        show=show.title, label=label, title=title, subtitle=below, pictures=artwork_pictures(show)
    )


def _image(of: Card | None) -> SocialImage | None:
    return image_of(of, _key(of)) if of else None


def _key(of: Card) -> str:
    return f"{of.digest}p"
