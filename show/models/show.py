"""The show: title, host, settings."""

import zoneinfo
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists
from django.db.models.functions import JSONObject

from guests.models import Guest
from media.pictured import WithFocalPoint
from media.renditions import COVER
from show.models.feed import CrawlerFields, FeedFields
from show.models.flat_pages import AFFILIATE_LINKS, Page
from show.timezones import suggest_timezone, timezones
from text.markup import MARKDOWN, RENDERER, render_block
from text.names import LANGUAGE_LENGTH, LANGUAGE_PATTERN, LANGUAGE_RULE

MOST_FOOTER_PAGES = 12


def validate_timezone(value: str) -> None:
    if value in timezones():
        return
    if zone := suggest_timezone(value):
        raise ValidationError(f"“{value}” isn’t a time zone. Do you mean {zone}?")
    raise ValidationError(f"“{value}” isn’t a time zone such as America/New_York.")


def validate_categories(value: object) -> None:
    """Categories are `["Technology"]` or `["News", "Tech News"]`: a name, perhaps one below it."""
    for path in value if isinstance(value, list) else [None]:
        if not (isinstance(path, list) and 1 <= len(path) <= 2 and set(map(type, path)) == {str}):
            raise ValidationError('Write a list such as [["Technology"], ["News", "Tech News"]].')


class ShowManager(models.Manager["Show"]):
    def current(self) -> "Show":
        """The show with its host, unsaved before it is named. `explains_affiliates`: by a page.
        `footer_pages`: slug and title of the other pages that search engines may list.
        """
        published = Page.objects.published()
        linked = published.filter(indexed=True).exclude(slug=AFFILIATE_LINKS).order_by("title")
        found = self.select_related("host").annotate(
            explains_affiliates=Exists(published.filter(slug=AFFILIATE_LINKS)),
            footer_pages=ArraySubquery(
                linked.values(page=JSONObject(slug="slug", title="title"))[:MOST_FOOTER_PAGES]
            ),
        )
        return found.first() or Show()


class Show(FeedFields, CrawlerFields, WithFocalPoint):
    """The show, in one row: what feeds' channels and every page say about it."""

    picture_field = "artwork"
    shape = COVER

    class Type(models.TextChoices):
        EPISODIC = "episodic", "Episodic: newest first"
        SERIAL = "serial", "Serial: oldest first"

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    title = models.CharField(
        max_length=150,
        default="Our podcast",
        help_text="Podcast apps list the show under this title.",
    )
    tagline = models.CharField(
        max_length=150, blank=True, help_text="The home page begins with this sentence."
    )
    description = models.TextField(
        max_length=4000,
        blank=True,
        help_text="Say in plain text what the show is about, for apps and search engines.",
    )
    host = models.ForeignKey(
        Guest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=(
            "The home page introduces the host. The list of guests has the host only for episodes "
            "about them."
        ),
    )
    website = models.URLField(
        max_length=300,
        blank=True,
        help_text=(
            "Enter the show's former or other website. Links to it in notes become links within "
            "this site."
        ),
    )
    author = models.CharField(
        max_length=150, blank=True, help_text="Apps show this below the title."
    )
    owner_name = models.CharField(
        max_length=150, blank=True, help_text="Podcast directories contact this person."
    )
    owner_email = models.EmailField(
        blank=True,
        help_text="Directories send a code here to verify that the show is yours. It is public in "
        "the feed.",
    )
    copyright = models.CharField(
        max_length=200, blank=True, help_text="The feed and the foot of every page show this."
    )
    language = models.CharField(
        max_length=LANGUAGE_LENGTH,
        default="en",
        validators=[RegexValidator(LANGUAGE_PATTERN, LANGUAGE_RULE)],
        help_text="Enter a language code such as en, en-US or de.",
    )
    timezone = models.CharField(
        max_length=50,
        default="UTC",
        validators=[validate_timezone],
        help_text="Enter a name such as America/New_York. All dates are entered and shown in it.",
    )
    explicit = models.BooleanField(
        default=False, help_text="Podcast apps mark the show as not suitable for children."
    )
    type = models.CharField(
        max_length=10,
        choices=Type,
        default=Type.EPISODIC,
        help_text="Choose which episode apps suggest to new listeners.",
    )
    categories = models.JSONField(default=list, blank=True, validators=[validate_categories])
    keywords = models.CharField(
        max_length=255, blank=True, help_text="Separate them by commas. Few apps use them."
    )
    artwork = models.ImageField(
        upload_to="show/",
        blank=True,
        help_text="Upload a square JPEG or PNG, 1400 to 3000 pixels wide.",
    )
    artwork_url = models.URLField(
        "artwork's address",
        max_length=500,
        blank=True,
        help_text="Enter the artwork's URL if you don't upload a file.",
    )
    podcast_guid = models.UUIDField(
        "podcast GUID",
        null=True,
        blank=True,
        help_text="It identifies the show when its feed moves. If empty, it is made from the "
        "feed's address once the first episode is public. Don't change it then.",
    )
    interviews_title = models.CharField(
        max_length=150,
        blank=True,
        help_text="Their list and feed have this title. If empty, it is “Written interviews”.",
    )
    interviews_description = models.TextField(
        max_length=4000, blank=True, help_text="Feed readers show this."
    )
    repository = models.URLField(
        "source code",
        max_length=300,
        blank=True,
        help_text=(
            "Enter the address of this site's source code. Every page links to it at its foot."
        ),
    )
    second_step_required = models.BooleanField(
        "require a code at sign-in",
        default=False,
        help_text="Everyone needs a code from an app on their phone to sign in. Users without one "
        "set it up at their next visit.",
    )
    support_text = models.TextField(
        blank=True,
        help_text=f"Episodes without a sponsor show this above the promotions. {MARKDOWN}",
    )
    support_html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    dismissed = models.JSONField(
        default=list,
        db_default=[],
        editable=False,
        help_text="What the desk no longer proposes.",
    )

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

    @property
    def cover(self) -> str:
        """The artwork as pages may show it: stored here, or at an address that their CSP allows."""
        if self.artwork or self.artwork_url.startswith("https:"):
            return self.artwork_address
        return ""

    def save(self, *args, **kwargs) -> None:
        self.render()
        super().save(*args, **kwargs)

    def render(self) -> None:
        self.support_html = render_block(self.support_text)
        self.renderer = RENDERER
