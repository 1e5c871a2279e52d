"""The show itself: what it is called, who hosts it, where to follow it, its own pages."""

import uuid
import zoneinfo
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from guests.models import Guest
from text.markup import RENDERER, render_block

PAGE_SLUG = r"^[a-z0-9][-a-z0-9]*$"
validate_page_slug = RegexValidator(PAGE_SLUG, "Lower-case letters, digits, hyphens.")


def validate_timezone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f"“{value}” is no time zone such as America/New_York.")


def validate_categories(value: object) -> None:
    """Categories are `["Technology"]` or `["News", "Tech News"]`: a name, perhaps one below it."""
    names = value if isinstance(value, list) else [None]
    if not all(
        isinstance(path, list)
        and 1 <= len(path) <= 2
        and all(isinstance(name, str) for name in path)
        for path in names
    ):
        raise ValidationError("Write a list such as [[“Technology”], [“News”, “Tech News”]].")


class ShowManager(models.Manager["Show"]):
    def current(self) -> "Show":
        """The show, with its host; an unsaved blank one before the host has named it."""
        return self.select_related("host").first() or Show()


class Show(models.Model):
    """One row. Everything a feed's channel and the site's frame say about the show."""

    class Type(models.TextChoices):
        EPISODIC = "episodic", "Episodic: newest first"
        SERIAL = "serial", "Serial: oldest first"

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    title = models.CharField(max_length=150, default="Our podcast")
    tagline = models.CharField(
        max_length=150, blank=True, help_text="One sentence for the home page."
    )
    description = models.TextField(max_length=4000, blank=True)
    host = models.ForeignKey(Guest, models.SET_NULL, null=True, blank=True, related_name="+")
    website = models.URLField(
        max_length=300,
        blank=True,
        help_text="The show's address on the web. Links to it in notes lead within this site.",
    )
    author = models.CharField(max_length=150, blank=True, help_text="As podcast apps show it.")
    owner_name = models.CharField(max_length=150, blank=True)
    owner_email = models.EmailField(blank=True, help_text="Readable in the feed: apps ask for it.")
    copyright = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, default="en")
    timezone = models.CharField(
        max_length=50,
        default="UTC",
        validators=[validate_timezone],
        help_text="Dates are shown and typed in it; a date without a time is midnight there.",
    )
    explicit = models.BooleanField(default=False)
    type = models.CharField(max_length=10, choices=Type, default=Type.EPISODIC)
    categories = models.JSONField(default=list, blank=True, validators=[validate_categories])
    keywords = models.CharField(max_length=255, blank=True)
    artwork = models.ImageField(upload_to="show/", blank=True, help_text="Square, 1400 to 3000 px.")
    artwork_url = models.URLField(max_length=500, blank=True, help_text="Or its address elsewhere.")
    podcast_guid = models.UUIDField(
        "podcast GUID",
        default=uuid.uuid4,
        help_text="Assigned once. It stays when the feed's address changes.",
    )
    interviews_title = models.CharField(max_length=150, blank=True)
    interviews_description = models.TextField(max_length=4000, blank=True)
    repository = models.URLField(max_length=300, blank=True, help_text="The site's source code.")
    support_text = models.TextField(
        blank=True, help_text="Above the promotions on episodes without a sponsor, in Markdown."
    )
    support_html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ShowManager()

    class Meta:
        verbose_name_plural = "show"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="show_is_one_row")]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    @property
    def artwork_address(self) -> str:
        return self.artwork.url if self.artwork else self.artwork_url

    def save(self, *args, **kwargs) -> None:
        self.render()
        super().save(*args, **kwargs)

    def render(self) -> None:
        self.support_html = render_block(self.support_text)
        self.renderer = RENDERER


class OrderedModel(models.Model):
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller comes first.")

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class FollowLink(OrderedModel):
    """The show in one podcast app."""

    name = models.CharField(max_length=60)
    url = models.URLField(max_length=1000)
    closed = models.BooleanField(
        default=False, help_text="The service has shut down: kept, no longer shown."
    )

    def __str__(self) -> str:
        return self.name


class Promotion(OrderedModel):
    """What the host offers on episodes without a sponsor."""

    title = models.CharField(max_length=150)
    url = models.URLField(max_length=500, help_text="May contain {episode}: the episode's path.")
    text = models.TextField(blank=True, help_text="Markdown.")
    text_html = models.TextField(blank=True, editable=False)
    active = models.BooleanField(default=True)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.title

    def link(self, episode_path: str) -> str:
        return self.url.replace("{episode}", episode_path)

    def save(self, *args, **kwargs) -> None:
        self.render()
        super().save(*args, **kwargs)

    def render(self) -> None:
        self.text_html = render_block(self.text)
        self.renderer = RENDERER


class CallToAction(models.Model):
    """Something a listener can do for the show, with the address where it is done."""

    class Purpose(models.TextChoices):
        BECOME_GUEST = "become-guest", "Become a guest"
        GET_INTERVIEWED = "get-interviewed", "Be interviewed in writing"
        RECOMMEND_GUEST = "recommend-guest", "Recommend a guest"
        SUPPORT = "support", "Support the show"
        CORRECT = "correct", "Report a mistake"

    purpose = models.CharField(max_length=20, choices=Purpose, unique=True)
    label = models.CharField(max_length=80)
    text = models.CharField(max_length=300, blank=True)
    url = models.CharField("address", max_length=500, help_text="A web or mailto: address.")

    class Meta:
        verbose_name_plural = "calls to action"
        ordering = ["purpose"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if not self.url.startswith(("https://", "http://", "mailto:", "/")):
            raise ValidationError({"url": "A web address, a path, or mailto: and an address."})


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> "PageQuerySet":
        return self.filter(published=True)


class Page(models.Model):
    """A page the host writes: /thanks, /affiliate-links."""

    slug = models.CharField(max_length=100, unique=True, validators=[validate_page_slug])
    title = models.CharField(max_length=150)
    description = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True, help_text="Markdown.")
    body_html = models.TextField(blank=True, editable=False)
    published = models.BooleanField(default=True)
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


class RedirectManager(models.Manager["Redirect"]):
    def move(self, old_path: str, new_path: str) -> None:
        """Redirect an address, and those that led to it, so that one hop is always enough."""
        self.filter(old_path=new_path).delete()
        self.filter(new_path=old_path).update(new_path=new_path)
        self.update_or_create(old_path=old_path, defaults={"new_path": new_path})


class Redirect(models.Model):
    """An address that moved, or, without a target, one that is gone for good (410)."""

    old_path = models.CharField(max_length=300, unique=True, help_text="Begins with a slash.")
    new_path = models.CharField(max_length=300, blank=True, help_text="Empty: gone (410).")
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
        return f"{self.old_path} → {self.new_path or 'gone'}"

    def clean(self) -> None:
        if not self.old_path.startswith("/"):
            raise ValidationError({"old_path": "Begin with a slash: /podcast/old-slug."})
        if self.new_path and not self.new_path.startswith(("/", "https://", "http://")):
            raise ValidationError({"new_path": "A path of this site or a web address."})


class ContentVersion(models.Model):
    """Counts the commits that changed anything a visitor sees. Triggers keep it."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="contentversion_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.number)


class VersionBump(models.Model):
    """One row per transaction that changed content, until it commits. Triggers write it."""

    transaction = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.transaction)
