"""Settings of the show for its feeds and for crawlers."""

import re

from django.core.exceptions import ValidationError
from django.db import models

from show.podcast_tags import PodcastTag, parse_tags
from text.dates import check_rrule

VERIFICATION = re.compile(r"([A-Za-z][-\w.:]*):\s+([^\s<>\"']+)", re.ASCII)


def validate_rrule(value: str) -> None:
    try:
        check_rrule(value)
    except ValueError as error:
        raise ValidationError(f"{error}.") from error


def validate_tags(value: str) -> None:
    try:
        parse_tags(value)
    except ValueError as error:
        raise ValidationError(f"{error}.") from error


def validate_prefix(value: str) -> None:
    if not re.fullmatch(r"https://[!-~]+/", value):
        raise ValidationError("It begins with https:// and ends with a slash.")


def parse_verifications(text: str) -> list[tuple[str, str]]:
    """Names and codes of `google-site-verification: code` lines. Raises ValueError in words."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = VERIFICATION.fullmatch(line)
        if not match:
            raise ValueError(f"“{line[:80]}” isn’t a line such as google-site-verification: code")
        found.append((match[1], match[2]))
    return found


def validate_verifications(value: str) -> None:
    try:
        parse_verifications(value)
    except ValueError as error:
        raise ValidationError(f"{error}.") from error


class FeedFields(models.Model):
    """Settings of the show's feeds."""

    update_frequency = models.CharField(
        max_length=128, blank=True, help_text="Write it in words: every Monday."
    )
    update_rule = models.CharField(
        max_length=255,
        blank=True,
        validators=[validate_rrule],
        help_text="Enter the same as a calendar rule (RRULE): FREQ=WEEKLY;BYDAY=MO.",
    )
    complete = models.BooleanField(
        default=False, help_text="There will be no more episodes. Apps stop checking the feed."
    )
    locked = models.BooleanField(
        default=True,
        help_text="Other podcast hosts may not import the feed. They ask the owner by e-mail.",
    )
    hidden = models.BooleanField(
        "hide from directories",
        default=False,
        help_text=(
            "This removes the show from directories such as Apple Podcasts. Subscribers keep it."
        ),
    )
    new_feed_url = models.URLField(
        "new address of the feed",
        max_length=500,
        blank=True,
        help_text="Fill this in only if the feed moves to another site: apps follow it there.",
    )
    enclosure_prefix = models.CharField(
        max_length=300,
        blank=True,
        validators=[validate_prefix],
        help_text="Feeds put this before each recording's URL, for services that count "
        "downloads: https://op3.dev/e/",
    )
    hub = models.URLField(
        "WebSub hub",
        max_length=300,
        blank=True,
        help_text=(
            "The hub notifies apps of new episodes at once: https://pubsubhubbub.appspot.com/. If "
            "empty, apps find them at their next check."
        ),
    )
    further_tags = models.TextField(
        max_length=20_000,
        blank=True,
        validators=[validate_tags],
        help_text=(
            "Paste rarely used tags of the Podcasting 2.0 namespace, as services hand them out: "
            "license, location, podroll, publisher, txt, socialInteract, block, funding, chat, "
            'podping, value. Such as &lt;podcast:txt purpose="verify"&gt;code&lt;/podcast:txt&gt;'
        ),
    )

    class Meta:
        abstract = True

    @property
    def feed_tags(self) -> list[PodcastTag]:
        """The further tags, which were validated on input."""
        return parse_tags(self.further_tags)


class CrawlerFields(models.Model):
    """Settings for search engines and other robots."""

    ai_crawlers = models.BooleanField(
        "AI crawlers welcome",
        default=True,
        help_text="Allow crawlers that collect text for AI models. Well-behaved ones respect this.",
    )
    verifications = models.TextField(
        "verification codes",
        max_length=2000,
        blank=True,
        validators=[validate_verifications],
        help_text="Enter the codes that prove your ownership to search engines, one to a line: "
        "google-site-verification: code",
    )

    class Meta:
        abstract = True

    @property
    def verification_codes(self) -> list[tuple[str, str]]:
        """Names and codes for <meta> tags, which were validated on input."""
        return parse_verifications(self.verifications)
