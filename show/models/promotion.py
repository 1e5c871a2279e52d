"""Follow links, promotions and calls to action."""

from django.core.exceptions import ValidationError
from django.db import models

from text.markup import MARKDOWN, RENDERER, render_block


class OrderedModel(models.Model):
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower numbers come first.")

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class FollowLinkQuerySet(models.QuerySet["FollowLink"]):
    def open(self) -> "FollowLinkQuerySet":
        """Links to services that still exist, in the host's order."""
        return self.filter(closed=False)


class FollowLink(OrderedModel):
    """The show in one podcast app."""

    name = models.CharField(max_length=60, help_text="Enter the app's name: Overcast.")
    url = models.URLField(
        "address", max_length=1000, help_text="Enter the address of the show's page in that app."
    )
    closed = models.BooleanField(
        default=False, help_text="The service has shut down; the link is hidden."
    )

    objects = FollowLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Promotion(OrderedModel):
    """What the host offers on episodes without a sponsor."""

    title = models.CharField(max_length=150, help_text="The link has this text.")
    url = models.URLField(
        "address",
        max_length=500,
        help_text="{episode} in it is replaced by the address of the episode above it, so that you "
        "can see which one brought visitors.",
    )
    text = models.TextField(blank=True, help_text=f"The page shows this below the link. {MARKDOWN}")
    text_html = models.TextField(blank=True, editable=False)
    active = models.BooleanField(default=True, help_text="Episodes show it.")
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

    purpose = models.CharField(
        max_length=20,
        choices=Purpose,
        unique=True,
        help_text=(
            "The purpose decides where it appears: all but the last on the home page, the first "
            "also on technologies and searches without results, the last below episodes and "
            "guests."
        ),
    )
    label = models.CharField(max_length=80, help_text="The link has this text.")
    text = models.CharField(
        max_length=300, blank=True, help_text="The page shows this sentence below the link."
    )
    url = models.CharField(
        "address",
        max_length=500,
        help_text="Enter a web address, or mailto:me@example.org.",
    )

    class Meta:
        verbose_name_plural = "calls to action"
        ordering = ["purpose"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if not self.url.startswith(("https://", "http://", "mailto:", "/")):
            raise ValidationError(
                {"url": "Enter a web address, a path, or mailto: and an address."}
            )
