"""Rows with stored pictures: they say which renditions there are, and have missing ones made."""

import logging
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models, transaction

from media.renditions import (
    Facts,
    FocalPoint,
    Shape,
    addresses,
    focal_of,
    key_of,
    make_renditions,
    moved_rendition,
    remove_others,
    widths_of,
)

logger = logging.getLogger(__name__)


class Pictured(models.Model):
    """A row with a picture, of which pages show renditions.

    `renditions` are the facts of `make_renditions` by the picture's key: whoever stores another
    picture, and however, has the original shown until its renditions are made.
    """

    picture_field: ClassVar[str]
    shape: ClassVar[Shape]

    renditions = models.JSONField(default=dict, db_default={}, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Have missing renditions made after the commit; if that fails, `tick` makes them."""
        super().save(*args, **kwargs)

        def make() -> None:  # Django logs a failing callback by its name, which a partial lacks
            make_for(type(self), self.pk)

        if self.lacks_renditions:
            transaction.on_commit(make, robust=True)

    @classmethod
    def with_pictures(cls) -> "models.QuerySet[Self]":
        return cls._base_manager.exclude(**{cls.picture_field: ""})

    @property
    def picture(self) -> models.fields.files.FieldFile:
        return getattr(self, self.picture_field)

    @property
    def picture_addresses(self) -> dict[int, str]:
        """The URLs of its picture's renditions by width, the smallest first. No query."""
        return self.addresses_of(str(self.picture))

    @property
    def largest_address(self) -> str:
        """The URL of its picture's largest rendition, else of the picture; empty without one."""
        if not self.picture:
            return ""
        return max(self.picture_addresses.items(), default=(0, self.picture.url))[1]

    @property
    def focal_point(self) -> FocalPoint | None:
        """Where the host moved the square to; None if they left it."""
        return None

    def focal_point_of(self, name: str) -> FocalPoint | None:
        return self.focal_point if name == str(self.picture) else None

    @property
    def lacks_renditions(self) -> bool:
        return any(not self.has_renditions(name) for name in self.stored_pictures())

    def has_renditions(self, name: str) -> bool:
        """Whether this picture's were made, or tried, of the square that it has today."""
        facts = self.renditions.get(key_of(name))
        return facts is not None and focal_of(facts) == self.focal_point_of(name)

    def picture_on_cards(self, width: int) -> str:
        """The name of the file of which social cards show the square, in this width."""
        name = str(self.picture)
        return moved_rendition(name, self.facts_of(name), width)

    def stored_pictures(self) -> dict[str, Shape]:
        """The names in the storage of all its pictures."""
        return {str(self.picture): self.shape} if self.picture else {}

    def facts_of(self, name: str) -> Facts:
        return self.renditions.get(key_of(name), {"widths": []})

    def addresses_of(self, name: str) -> dict[int, str]:
        return addresses(name, self.facts_of(name))


class WithFocalPoint(Pictured):
    """A row whose picture's square the host can move, by the point in its middle."""

    focal_x = models.PositiveSmallIntegerField(
        "square’s middle, from the left",
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="In percent of the picture’s width. Leave both empty for the proposed square.",
    )
    focal_y = models.PositiveSmallIntegerField(
        "square’s middle, from the top",
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="In percent of the picture’s height.",
    )

    class Meta:
        abstract = True

    @property
    def focal_point(self) -> FocalPoint | None:
        if self.focal_x is None and self.focal_y is None:
            return None
        x, y = (50 if share is None else share for share in (self.focal_x, self.focal_y))
        return x, y


def make_for(model: type[Pictured], pk: Any, *, again: bool = False) -> bool:
    """Make a row's missing renditions; True if there were any. Raises OSError.

    `again`: also try what couldn't be read before.
    """
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        return False
    facts = {}
    for name, shape in row.stored_pictures().items():
        known = row.renditions.get(key_of(name))
        if known and row.has_renditions(name) and (widths_of(known) or not again):
            facts[key_of(name)] = known
            continue
        facts[key_of(name)] = made = _made(name, shape, row.focal_point_of(name))
        if known:  # what pages that are still open show, and no more
            remove_others(name, known, made)
    if facts == row.renditions:
        return False
    model._base_manager.filter(pk=pk).update(renditions=facts)
    return True


def _made(name: str, shape: Shape, focal: FocalPoint | None) -> Facts:
    try:
        return make_renditions(name, shape, focal)
    except FileNotFoundError:
        logger.warning("No renditions of %s: the storage has lost it", name)
        return {"widths": []} | ({"focal": list(focal)} if focal else {})
