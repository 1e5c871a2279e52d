"""Guests, each with one current name and earlier names that show notes still use."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse

from media.pictured import WithFocalPoint
from media.renditions import FACE
from media.storages import guest_photo_key
from text.markup import MARKDOWN, RENDERER, render_block
from text.names import SLUG_PATTERN, SLUG_RULE, normalise_name

validate_slug = RegexValidator(SLUG_PATTERN, SLUG_RULE)
validate_handle = RegexValidator(
    r"^[A-Za-z0-9_]{1,50}$", "A username has letters, digits and underscores."
)
validate_github = RegexValidator(
    r"^[A-Za-z0-9_-]{1,50}$", "A username has letters, digits and hyphens."
)
# atproto.com/specs/handle and /did
validate_bluesky = RegexValidator(
    r"^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|did:[a-z]+:[A-Za-z0-9._:%-]+)$",
    "A handle is a name such as maria.bsky.social.",
)
validate_youtube = RegexValidator(
    r"^https://www\.youtube\.com/.", "Enter @name, or the address of a channel at YouTube."
)


class GuestQuerySet(models.QuerySet["Guest"]):
    def get_by_natural_key(self, slug: str) -> "Guest":
        return self.get(slug=slug)

    def by_name(self, names: Iterable[str]) -> dict[str, "Guest"]:
        """The guests with these names, by the name given. One query."""
        keys = {name: normalise_name(name) for name in names}
        rows = GuestName.objects.filter(normalised__in=set(keys.values()))
        found = {row.normalised: row.guest for row in rows.select_related("guest")}
        return {name: found[key] for name, key in keys.items() if key in found}


class Guest(WithFocalPoint):
    picture_field = "avatar"
    shape = FACE

    name = models.CharField(max_length=120, help_text="Enter the name they use themselves.")
    slug = models.CharField(
        "address",
        max_length=120,
        unique=True,
        validators=[validate_slug],
        help_text="Their page's address ends with this: /guests/phil-gyford.",
    )
    pronunciation = models.CharField(
        max_length=100,
        blank=True,
        db_default="",
        help_text="How to say the name, such as YAH-nah CHECK. Only the desk shows it.",
    )
    website = models.URLField(max_length=500, blank=True, help_text="Their page links to it.")
    website_href = models.URLField(
        "website link",
        max_length=1000,
        blank=True,
        help_text=(
            "Fill this in only if the link should lead to another address than shown, such as a "
            "campaign's."
        ),
    )
    twitter = models.CharField(
        max_length=50,
        blank=True,
        validators=[validate_handle],
        help_text="Enter their username, or paste the address of their profile.",
    )
    github = models.CharField(
        "GitHub",
        max_length=50,
        blank=True,
        validators=[validate_github],
        help_text="Enter their username, or paste the address of their profile.",
    )
    mastodon = models.URLField(
        max_length=200,
        blank=True,
        help_text="Enter @name@mastodon.social, or the address of their profile.",
    )
    bluesky = models.CharField(
        max_length=253,
        blank=True,
        db_default="",
        validators=[validate_bluesky],
        help_text="Enter @name.bsky.social, or paste the address of their profile.",
    )
    linkedin = models.URLField(
        "LinkedIn",
        max_length=200,
        blank=True,
        help_text="Enter the address of their profile: https://www.linkedin.com/in/name.",
    )
    youtube = models.URLField(
        "YouTube",
        max_length=200,
        blank=True,
        db_default="",
        validators=[validate_youtube],
        help_text="Enter @name, or paste the address of their channel.",
    )
    avatar = models.ImageField(
        "photo",
        upload_to=guest_photo_key,
        blank=True,
        help_text=(
            "Upload a photo, at least 640 pixels wide. Pages show a square from its middle, or "
            "from the upper part of a portrait, unless you move it. Without a photo, they show "
            "initials."
        ),
    )
    avatar_source = models.CharField(
        max_length=200,
        blank=True,
        editable=False,
        help_text="The photo's file on the site it was imported from.",
    )
    introduction = models.TextField(
        blank=True, help_text=f"Introduce them in your own words. {MARKDOWN}"
    )
    introduction_html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = GuestQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(slug__regex=SLUG_PATTERN), name="guest_slug")
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("guest", args=[self.slug])

    @property
    def website_link(self) -> str:
        return self.website_href or self.website

    @property
    def profile_links(self) -> list[tuple[str, str]]:
        """What to call each of the guest's profiles elsewhere, and its address."""
        stated = (
            (f"@{self.twitter}", "https://twitter.com/", self.twitter),
            ("GitHub", "https://github.com/", self.github),
            ("Mastodon", "", self.mastodon),
            ("Bluesky", "https://bsky.app/profile/", self.bluesky),
            ("LinkedIn", "", self.linkedin),
            ("YouTube", "", self.youtube),
        )
        return [(label, base + value) for label, base, value in stated if value]

    @property
    def profiles(self) -> list[str]:
        """The guest's pages elsewhere, for `sameAs`."""
        return [url for url in (self.website, *(url for _, url in self.profile_links)) if url]

    def clean(self) -> None:
        other = Guest.objects.by_name([self.name]).get(self.name)
        if other and other.pk != self.pk:
            raise ValidationError(
                {"name": f"“{self.name}” already names a guest (/guests/{other.slug})."}
            )

    def save(self, *args, **kwargs) -> None:
        """Render the introduction and add the name to the guest's names."""
        self.render()
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            self.add_names(self.name)

    def render(self) -> None:
        self.introduction_html = render_block(self.introduction)
        self.renderer = RENDERER

    def add_names(self, *names: str) -> None:
        """Raises IntegrityError if another guest has one of them."""
        for name in names:
            if not self.names.filter(normalised=normalise_name(name)).exists():
                self.names.create(name=name)


class GuestNameManager(models.Manager["GuestName"]):
    def get_by_natural_key(self, normalised: str) -> "GuestName":
        return self.get(normalised=normalised)


class GuestName(models.Model):
    """A name by which show notes refer to this guest, and to no other."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="names")
    name = models.CharField(
        max_length=120, help_text="Enter an earlier name or another spelling that show notes use."
    )
    normalised = models.CharField(max_length=120, unique=True, editable=False)

    objects = GuestNameManager()

    class Meta:
        verbose_name = "other name"
        constraints = [
            models.CheckConstraint(condition=~models.Q(normalised=""), name="guestname_not_empty")
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.normalised,)

    def clean(self) -> None:
        self.normalised = normalise_name(self.name)
        if not self.normalised:
            raise ValidationError({"name": "A name needs a letter or digit."})
        other = GuestName.objects.filter(normalised=self.normalised).exclude(pk=self.pk).first()
        if other:
            raise ValidationError({"name": f"“{self.name}” already names {other.guest}."})

    def save(self, *args, **kwargs) -> None:
        self.normalised = normalise_name(self.name)
        super().save(*args, **kwargs)
