"""Where each model's rows stand in the export, and by what they are known again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from guests.models import Guest, GuestName
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from show.models import CallToAction, FollowLink, Page, Promotion, Redirect
from stack.models import Library, LibraryAddress, Technology, TechnologyName
from text.names import normalise_name

# In `_config.yml`: by this key an export is told from the checkout of another site.
FORMAT_KEY, FORMAT = "catalogue", "1"
CONFIG = "_config.yml"
DATA, MEDIA = "_data", "media"


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that are only a list of texts of another row: a guest's names."""

    name: str
    model: type[models.Model]
    column: str
    key: Callable[[str], str]  # of the text by which one is known again


@dataclass(frozen=True, slots=True)
class Table:
    """A model whose rows stand in `_data/<name>.yml`, or, with a body, in a file each.

    `key` are the columns by which a row is known again; `order` what puts the file in order.
    `native` gives columns the names that Jekyll sites have for them.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    listed: Listed | None = None
    body: str = ""
    native: dict[str, str] = field(default_factory=dict)

    def rows(self) -> list[Any]:
        """All rows, in an order that no database's collation changes."""
        rows = self.model._default_manager.order_by("pk")
        if self.listed:
            rows = rows.prefetch_related(self.listed.name)
        order = self.order or self.key
        return sorted(rows, key=lambda row: [getattr(row, name) for name in order])


# In the order in which they are read: what others name comes first.
PEOPLE = Table(
    "guests", Guest, ("slug",), listed=Listed("names", GuestName, "name", normalise_name)
)
TECHNOLOGIES = Table(
    "tags",
    Technology,
    ("slug",),
    listed=Listed("names", TechnologyName, "name", normalise_name),
    body="introduction",
    native={"slug": "tag", "homepage": "url"},
)
LIBRARIES = Table(
    "libraries", Library, ("slug",), listed=Listed("addresses", LibraryAddress, "key", str)
)
PAGES = Table("pages", Page, ("slug",), body="body")
BEFORE_POSTS = (PEOPLE, TECHNOLOGIES, LIBRARIES)
AFTER_POSTS = (
    PAGES,
    Table("follow_links", FollowLink, ("name", "url"), ("position",)),
    Table("promotions", Promotion, ("title", "url"), ("position",)),
    Table("calls_to_action", CallToAction, ("purpose",)),
    Table("questions", Question, ("slug",)),
    Table("word_groups", SynonymGroup, ("words",)),
    Table("searches_in_vain", ZeroResultQuery, ("query",)),
    Table("guests_wanted", GuestWanted, ("subject",)),
    # Last: renames of what was read before may have made some.
    Table("redirects", Redirect, ("old_path",)),
)
TABLES = (*BEFORE_POSTS, *AFTER_POSTS)
