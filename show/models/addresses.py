"""Pages the host writes, and addresses that moved."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.crypto import salted_hmac

from text.markup import MARKDOWN, RENDERER, render_block

PAGE_SLUG = r"^[a-z0-9][-a-z0-9]*$"
validate_page_slug = RegexValidator(PAGE_SLUG, "Lower-case letters, digits, hyphens.")

AFFILIATE_LINKS = "affiliate-links"  # the page that says what the show earns by links


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> "PageQuerySet":
        return self.filter(published=True)


class Page(models.Model):
    """A page the host writes: /thanks, /affiliate-links."""

    slug = models.CharField(
        "address",
        max_length=100,
        unique=True,
        validators=[validate_page_slug],
        help_text="“thanks” puts the page at /thanks. Those who have the old address won't find "
        "a page whose address you change, unless you add a redirect.",
    )
    title = models.CharField(max_length=150, help_text="The page's heading.")
    description = models.CharField(
        max_length=300, blank=True, help_text="One sentence for search engines."
    )
    body = models.TextField(blank=True, help_text=MARKDOWN)
    body_html = models.TextField(blank=True, editable=False)
    published = models.BooleanField(default=True, help_text="Visitors can see it.")
    indexed = models.BooleanField(default=True, help_text="Let search engines list it.")
    updated_at = models.DateTimeField(auto_now=True)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        self.render()
        super().save(*args, **kwargs)

    def render(self) -> None:
        self.body_html = render_block(self.body)
        self.renderer = RENDERER


SEALED = "/~"


def sealed(path: str) -> str:
    """What stands for an old address that must not be kept, since it held an erased name.

    Who has the database or a backup of it, but not this site's SECRET_KEY, can't tell the address
    from it, not even by guessing.
    """
    return SEALED + salted_hmac("show.Redirect", path, algorithm="sha256").hexdigest()


class RedirectManager(models.Manager["Redirect"]):
    def move(self, old_path: str, new_path: str) -> None:
        """Redirect an address, and those that led to it, so that one hop is always enough."""
        self.filter(old_path__in=(new_path, sealed(new_path))).delete()
        self.filter(new_path=old_path).update(new_path=new_path)
        self.update_or_create(old_path=old_path, defaults={"new_path": new_path})

    def seal(self, old_path: str, new_path: str) -> None:
        """Redirect an address without keeping it."""
        self.update_or_create(old_path=sealed(old_path), defaults={"new_path": new_path})

    def targets(self, paths: Collection[str]) -> dict[str, str]:
        """Where those of these addresses lead that are no more; "" where they are gone."""
        kept = {sealed(path): path for path in paths} | {path: path for path in paths}
        rows = self.filter(old_path__in=kept).values_list("old_path", "new_path")
        return {kept[old]: new for old, new in rows}


class Redirect(models.Model):
    """An address that moved, or, without a target, one that is gone for good (410)."""

    old_path = models.CharField(
        "old address",
        max_length=300,
        unique=True,
        help_text="What people still follow, without the domain: /podcast/an-old-name.",
    )
    new_path = models.CharField(
        "new address",
        max_length=300,
        blank=True,
        help_text="Where they should land: /podcast/the-new-name, or an address elsewhere. Empty: "
        "they are told that the page is gone for good.",
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
            raise ValidationError({"new_path": "A path of this site or a web address."})
