"""What runs in production: technologies, with all their names, and libraries."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import resolve, reverse

from text.markup import MARKDOWN, RENDERER, render_block
from text.names import SLUG_PATTERN, SLUG_RULE, normalise_name
from text.urls import url_key

validate_slug = RegexValidator(SLUG_PATTERN, SLUG_RULE)
DEFAULT_HEADING = "Websites using {} in production"


def first_by_key(names: Iterable[str]) -> dict[str, str]:
    """The names by what identifies them in any spelling; of several spellings the first."""
    keys: dict[str, str] = {}
    for name in names:
        keys.setdefault(normalise_name(name), name)
    return keys


class TechnologyQuerySet(models.QuerySet["Technology"]):
    def get_by_natural_key(self, slug: str) -> "Technology":
        return self.get(slug=slug)

    def named(self, name: str) -> "Technology | None":
        """The technology with this name, slug or alias, in any spelling."""
        key = normalise_name(name)
        return self.filter(names__normalised=key).first() if key else None

    def by_name(self, names: Iterable[str]) -> dict[str, "Technology"]:
        """The technologies with these names, by the name given. One query."""
        keys = {name: normalise_name(name) for name in names}
        rows = TechnologyName.objects.filter(
            normalised__in=set(keys.values()), technology__in=self.order_by()
        )
        found = {row.normalised: row.technology for row in rows.select_related("technology")}
        return {name: found[key] for name, key in keys.items() if key in found}


class Technology(models.Model):
    class Category(models.TextChoices):
        FRAMEWORK = "framework", "Web frameworks"
        LANGUAGE = "language", "Languages"
        FRONTEND = "frontend", "Front end"
        DATABASE = "database", "Databases and search"
        QUEUE = "queue", "Queues and messaging"
        HOSTING = "hosting", "Hosting and cloud"
        OPERATIONS = "operations", "Servers and operations"
        DEPLOYMENT = "deployment", "Build and deployment"
        MONITORING = "monitoring", "Monitoring and alerts"
        SERVICE = "service", "Services"
        PRACTICE = "practice", "Ways of working"
        OTHER = "other", "Other"

    name = models.CharField(max_length=100, help_text="Use the official spelling: PostgreSQL.")
    slug = models.CharField(
        "address",
        max_length=100,
        unique=True,
        validators=[validate_slug],
        help_text="Its page's address ends with this: /stack/postgres.",
    )
    category = models.CharField(
        max_length=20,
        choices=Category,
        default=Category.OTHER,
        help_text="The list of technologies has it under this heading.",
    )
    category_chosen = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="The host chose the category, and means it if it is “Other”.",
    )
    homepage = models.URLField(max_length=500, blank=True, help_text="Enter the project's website.")
    title = models.CharField(
        max_length=200,
        blank=True,
        help_text=(
            "The page has this heading. If empty, it is “Websites using PostgreSQL in production”."
        ),
    )
    introduction = models.TextField(
        blank=True, help_text=f"Introduce it in your own words. {MARKDOWN}"
    )
    introduction_html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TechnologyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "technologies"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=SLUG_PATTERN), name="technology_slug"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("technology", args=[self.slug])

    @property
    def heading(self) -> str:
        return self.title or DEFAULT_HEADING.format(self.name)

    def clean(self) -> None:
        if self.slug and resolve(f"/stack/{self.slug}").url_name not in ("technology", "fallback"):
            raise ValidationError({"slug": f"/stack/{self.slug} is a page of its own."})
        for name in (self.name, self.slug):
            other = Technology.objects.named(name)
            if other and other.pk != self.pk:
                raise ValidationError(f"“{name}” already names {other.name} (/stack/{other.slug}).")

    def save(self, *args, **kwargs) -> None:
        """Render the introduction and add name and slug to the technology's names."""
        self.render()
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            self.add_names(self.name, self.slug)

    def render(self) -> None:
        self.introduction_html = render_block(self.introduction)
        self.renderer = RENDERER

    def add_names(self, *names: str) -> None:
        """Raises IntegrityError if another technology has one of them."""
        new = first_by_key(names)
        existing = self.names.filter(normalised__in=new).values_list("normalised", flat=True)
        for key in set(existing):
            del new[key]
        TechnologyName.objects.bulk_create(
            TechnologyName(technology=self, name=name, normalised=key) for key, name in new.items()
        )


class TechnologyNameManager(models.Manager["TechnologyName"]):
    def get_by_natural_key(self, normalised: str) -> "TechnologyName":
        return self.get(normalised=normalised)


class TechnologyName(models.Model):
    """A name, slug or alias of this technology, and of no other."""

    technology = models.ForeignKey(Technology, models.CASCADE, related_name="names")
    name = models.CharField(
        max_length=100,
        help_text="Enter another name that show notes and searches use: Postgres, psql.",
    )
    normalised = models.CharField(max_length=100, unique=True, editable=False)

    objects = TechnologyNameManager()

    class Meta:
        verbose_name = "other name"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(normalised=""), name="technologyname_not_empty"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.normalised,)

    def clean(self) -> None:
        self.normalised = normalise_name(self.name)
        if not self.normalised:
            raise ValidationError({"name": "A name needs a letter or digit."})
        other = (
            TechnologyName.objects.filter(normalised=self.normalised).exclude(pk=self.pk).first()
        )
        if other:
            raise ValidationError({"name": f"“{self.name}” already names {other.technology}."})

    def save(self, *args, **kwargs) -> None:
        self.normalised = normalise_name(self.name)
        super().save(*args, **kwargs)


class LibraryQuerySet(models.QuerySet["Library"]):
    def at(self, url: str) -> "Library | None":
        """The library with this URL, in any spelling."""
        return self.filter(addresses__key=url_key(url)).first()


class Library(models.Model):
    name = models.CharField(max_length=100, help_text="Use the official spelling.")
    slug = models.CharField(
        "address",
        max_length=100,
        unique=True,
        validators=[validate_slug],
        help_text="Its page's address ends with this: /libraries/celery.",
    )
    url = models.URLField(
        "website", max_length=500, help_text="Enter the project's website or repository."
    )

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "libraries"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=SLUG_PATTERN), name="library_slug"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("library", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        """Add the URL to the library's addresses."""
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            self.addresses.get_or_create(key=url_key(self.url))


class LibraryAddress(models.Model):
    """A normalised URL by which show notes refer to this library."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="addresses")
    key = models.CharField(
        "address",
        max_length=500,
        unique=True,
        help_text="Enter an address such as github.com/celery/celery.",
    )

    class Meta:
        verbose_name = "address"
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.key
