"""Flat pages, which the host writes."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import resolve, reverse

from text.markup import MARKDOWN, RENDERER, render_block

PAGE_SLUG = r"^[a-z0-9][-a-z0-9]*$"
validate_page_slug = RegexValidator(PAGE_SLUG, "Lower-case letters, digits, hyphens.")

AFFILIATE_LINKS = "affiliate-links"  # the page that says what the show earns by links


def is_reserved(slug: str) -> bool:
    """Whether the site has a page of its own at this address, which would hide the host's."""
    names = {resolve(f"/{slug}").url_name, resolve(f"/{slug}/").url_name}
    return bool(slug) and not names <= {"page", "fallback"}


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
        help_text="“thanks” puts the page at /thanks. If you change it, add a redirect from the "
        "old address.",
    )
    title = models.CharField(max_length=150, help_text="The page has this heading.")
    description = models.CharField(
        max_length=300, blank=True, help_text="Write one sentence for search engines."
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

    def clean(self) -> None:
        if is_reserved(self.slug):
            raise ValidationError({"slug": f"/{self.slug} is an address of the site itself."})

    def save(self, *args, **kwargs) -> None:
        self.render()
        super().save(*args, **kwargs)

    def render(self) -> None:
        self.body_html = render_block(self.body)
        self.renderer = RENDERER
