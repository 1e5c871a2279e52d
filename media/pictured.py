"""Rows with stored pictures: they say which renditions there are, and have missing ones made."""

import logging
from typing import Any, ClassVar, Self

from django.db import models, transaction

from media.renditions import Facts, Shape, addresses, key_of, make_renditions

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
    def lacks_renditions(self) -> bool:
        return any(key_of(name) not in self.renditions for name in self.stored_pictures())

    def stored_pictures(self) -> dict[str, Shape]:
        """The names in the storage of all its pictures."""
        return {str(self.picture): self.shape} if self.picture else {}

    def facts_of(self, name: str) -> Facts:
        return self.renditions.get(key_of(name), {"widths": []})

    def addresses_of(self, name: str) -> dict[int, str]:
        return addresses(name, self.facts_of(name))


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
        is_done = known and (known["widths"] or not again)
        facts[key_of(name)] = known if is_done else _made(name, shape)
    if facts == row.renditions:
        return False
    model._base_manager.filter(pk=pk).update(renditions=facts)
    return True


def _made(name: str, shape: Shape) -> Facts:
    try:
        return make_renditions(name, shape)
    except FileNotFoundError:
        logger.warning("No renditions of %s: the storage has lost it", name)
        return {"widths": []}
