"""What directories require of the show; without it they list none of its episodes."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from desk.publishing.checklist.context import ImageInfo
from desk.publishing.checklist.items import ChecklistItem
from desk.publishing.checklist.podcast_apps import check_image
from feeds.shownotes import SUMMARY_BYTES
from show.models import Show
from text.names import LANGUAGE_RULE, is_language

# Apple's categories and subcategories (podcasters.apple.com/support/1691), compared exactly.
TABLE = """\
Arts: Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts
Business: Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit
Comedy: Comedy Interviews, Improv, Stand-Up
Education: Courses, How To, Language Learning, Self-Improvement
Fiction: Comedy Fiction, Drama, Science Fiction
Government
Health & Fitness: Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality
History
Kids & Family: Education for Kids, Parenting, Pets & Animals, Stories for Kids
Leisure: Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden
Leisure: Video Games
Music: Music Commentary, Music History, Music Interviews
News: Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News
News: Tech News
Religion & Spirituality: Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality
Science: Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences
Science: Nature, Physics, Social Sciences
Society & Culture: Documentary, Personal Journals, Philosophy, Places & Travel, Relationships
Sports: Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running
Sports: Soccer, Swimming, Tennis, Volleyball, Wilderness, Wrestling
TV & Film: After Shows, Film History, Film Interviews, Film Reviews, TV Reviews
Technology
True Crime"""


def _paths() -> Iterator[str]:
    for line in TABLE.splitlines():
        category, _, names = line.partition(": ")
        yield category
        yield from (f"{category} > {name}" for name in names.split(", ") if name)


CATEGORIES = frozenset(_paths())


def check_channel(show: Show, artwork: ImageInfo | str | None) -> Iterator[ChecklistItem]:
    """`artwork` is None if the show has no file, but at most an address."""
    form = reverse("admin:show_show_change", args=[1])
    required = (
        ("description", show.description, "Apple requires a description of the show."),
        ("artwork", show.artwork_address, "Apple requires artwork."),
        ("categories", show.categories, "Apple requires a category."),
        ("owner_email", show.owner_email, "Spotify sends mail to the owner’s address."),
    )
    for name, value, message in required:
        if not value:
            yield ChecklistItem("error", message, f"{form}#id_{name}")
    for category in map(" > ".join, show.categories):
        if category not in CATEGORIES:
            message = f"Apple has no category “{category}”. Use Apple’s spelling."
            yield ChecklistItem("error", message, f"{form}#id_categories")
    if not is_language(show.language):
        message = LANGUAGE_RULE % {"value": show.language}
        yield ChecklistItem("error", message, f"{form}#id_language")
    if len(show.description.encode()) > SUMMARY_BYTES:
        message = f"Apps get only the first {SUMMARY_BYTES} bytes of the show’s description."
        yield ChecklistItem("warning", message, f"{form}#id_description")
    if artwork:
        yield from check_image(artwork, f"{form}#id_artwork")
    if not settings.SITE_URL.startswith("https://"):
        message = f"Apps open only https addresses. This site is {settings.SITE_URL} (SITE_URL)."
        yield ChecklistItem("warning", message, form)
