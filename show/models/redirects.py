"""Redirects of addresses that moved or are gone."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac

SEALED = "/~"


def sealed(path: str) -> str:
    """A keyed hash for an address with an erased name: without SECRET_KEY nobody can guess it."""
    return SEALED + salted_hmac("show.Redirect", path, algorithm="sha256").hexdigest()


class RedirectManager(models.Manager["Redirect"]):
    def move(self, old_path: str, new_path: str) -> None:
        """Redirect an address, and those that led to it, so that one hop is always enough."""
        self.filter(old_path__in=(new_path, sealed(new_path))).delete()
        self.filter(new_path=old_path).update(new_path=new_path)
        self.update_or_create(old_path=old_path, defaults={"new_path": new_path})

    def seal(self, old_path: str, new_path: str) -> None:
        """Redirect an address without storing it."""
        self.update_or_create(old_path=sealed(old_path), defaults={"new_path": new_path})

    def targets(self, paths: Collection[str]) -> dict[str, str]:
        """The new paths of those of these addresses that moved; "" for those that are gone."""
        old_paths = {sealed(path): path for path in paths} | {path: path for path in paths}
        rows = self.filter(old_path__in=old_paths).values_list("old_path", "new_path")
        return {old_paths[old]: new for old, new in rows}


class Redirect(models.Model):
    """An address that moved, or, without a target, one that is gone for good (410)."""

    old_path = models.CharField(
        "old address",
        max_length=300,
        unique=True,
        help_text="Enter the former path, without the domain: /podcast/an-old-name.",
    )
    new_path = models.CharField(
        "new address",
        max_length=300,
        blank=True,
        help_text=(
            "Enter a path such as /podcast/the-new-name, or an address on another site. If empty, "
            "visitors are told that the page is gone."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RedirectManager()

    class Meta:
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(old_path__startswith="/"), name="redirect_from_path"
            ),
            models.CheckConstraint(
                condition=~models.Q(old_path=models.F("new_path")), name="redirect_moves"
            ),
        ]

    def __str__(self) -> str:
        old = "An erased address" if self.is_sealed else self.old_path
        return f"{old} → {self.new_path or 'gone'}"

    @property
    def is_sealed(self) -> bool:
        return self.old_path.startswith(SEALED)

    def clean(self) -> None:
        if not self.old_path.startswith("/"):
            raise ValidationError({"old_path": "Begin with a slash: /podcast/old-slug."})
        if self.new_path and not self.new_path.startswith(("/", "https://", "http://")):
            raise ValidationError({"new_path": "Enter a path of this site or a web address."})
