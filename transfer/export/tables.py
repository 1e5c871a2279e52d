"""The file in the export for each model's rows, and the columns that identify a row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from guests.models import Guest
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from show.models import CallToAction, FollowLink, Highlight, Page, Promotion, Redirect
from stack.models import Library, Technology
from text.names import normalise_name

# This key of `_config.yml` tells an export from the checkout of another site.
FORMAT_KEY, FORMAT = "catalogue", "1"
CONFIG = "_config.yml"
DATA = "_data"
SHIPPED = {"shipped": True, "active": True}


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that are only a list of texts of another row, such as a guest's names."""

    name: str
    column: str
    key: Callable[[str], str]  # what identifies a text


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A model with its rows in `_data/<name>.yml`, or, with a body, in a file each.

    `key` are the columns that identify a row, `order` those that sort the file, `native` the
    names that Jekyll sites have for columns, `left_out` finds rows that the code brings.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    listed: Listed | None = None
    body: str = ""
    native: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, Any] = field(default_factory=dict)

    def rows(self) -> list[Any]:
        """All rows, in an order that doesn't depend on the database's collation."""
        rows = self.model._default_manager.order_by("pk")
        if self.left_out:
            rows = rows.exclude(**self.left_out)
        if self.listed:
            rows = rows.prefetch_related(self.listed.name)
        order = self.order or self.key
        return sorted(rows, key=lambda row: [getattr(row, name) for name in order])


# In the order of the import: a row comes before those that name it.
BEFORE_POSTS = (
    ExportTable("guests", Guest, ("slug",), listed=Listed("names", "name", normalise_name)),
    ExportTable(
        "tags",
        Technology,
        ("slug",),
        listed=Listed("names", "name", normalise_name),
        body="introduction",
        native={"slug": "tag", "homepage": "url"},
    ),
    ExportTable("libraries", Library, ("slug",), listed=Listed("addresses", "key", str)),
)
AFTER_POSTS = (
    ExportTable("pages", Page, ("slug",), body="body"),
    ExportTable("follow_links", FollowLink, ("name", "url"), ("position",)),
    ExportTable("promotions", Promotion, ("title", "url"), ("position",)),
    ExportTable("start_here", Highlight, ("path",), ("position",)),
    ExportTable("calls_to_action", CallToAction, ("purpose",)),
    ExportTable("questions", Question, ("slug",)),
    ExportTable("word_groups", SynonymGroup, ("words",), left_out=SHIPPED),
    ExportTable("searches_in_vain", ZeroResultQuery, ("query",)),
    ExportTable("guests_wanted", GuestWanted, ("subject",)),
    # Last: importing the tables above may have made some.
    ExportTable("redirects", Redirect, ("old_path",)),
)
TABLES = (*BEFORE_POSTS, *AFTER_POSTS)
