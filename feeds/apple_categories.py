"""Apple's categories and subcategories (podcasters.apple.com/support/1691), compared exactly."""

from collections.abc import Iterator

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

# Categories that Apple had until August 2019, and today's for the same shows.
FORMER = {
    "Business > Management & Marketing": "Business > Management",
    "Business > Shopping": "Business",
    "Education > Educational Technology": "Education",
    "Education > Higher Education": "Education",
    "Education > K-12": "Education",
    "Education > Language Courses": "Education > Language Learning",
    "Education > Training": "Education > Courses",
    "Games & Hobbies": "Leisure",
    "Games & Hobbies > Automotive": "Leisure > Automotive",
    "Games & Hobbies > Aviation": "Leisure > Aviation",
    "Games & Hobbies > Hobbies": "Leisure > Hobbies",
    "Games & Hobbies > Other Games": "Leisure > Games",
    "Games & Hobbies > Video Games": "Leisure > Video Games",
    "Government & Organizations": "Government",
    "Health": "Health & Fitness",
    "Health > Fitness & Nutrition": "Health & Fitness > Nutrition",
    "News & Politics": "News",
    "Science & Medicine": "Science",
    "Science & Medicine > Medicine": "Health & Fitness > Medicine",
    "Science & Medicine > Natural Sciences": "Science > Natural Sciences",
    "Science & Medicine > Social Sciences": "Science > Social Sciences",
    "Society & Culture > History": "History",
    "Sports & Recreation": "Sports",
    "Technology > Gadgets": "Technology",
    "Technology > Podcasting": "Technology",
    "Technology > Software How-To": "Technology",
    "Technology > Tech News": "News > Tech News",
}


def _paths() -> Iterator[str]:
    for line in TABLE.splitlines():
        category, _, names = line.partition(": ")
        yield category
        yield from (f"{category} > {name}" for name in names.split(", ") if name)


CATEGORIES = frozenset(_paths())


def _spellings() -> Iterator[tuple[str, str]]:
    """Every category by its path and, where that is unambiguous, by its last part."""
    for old, new in FORMER.items():
        yield old.rpartition(" > ")[2].casefold(), new
    for path in CATEGORIES:
        yield path.rpartition(" > ")[2].casefold(), path
    for old, new in FORMER.items():
        yield old.casefold(), new
    for path in CATEGORIES:
        yield path.casefold(), path


_BY_SPELLING = dict(_spellings())


def apple_category(path: tuple[str, ...]) -> list[str] | None:
    """Apple's category for `("News", "Tech News")`; None if it has none like it.

    Former names, other capitals and a subcategory without its category are understood.
    """
    found = _BY_SPELLING.get(" > ".join(path).casefold())
    return found.split(" > ") if found else None
