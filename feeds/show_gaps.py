"""What a show lacks before apps and listeners know it: for the desk's start and an import's end."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from show.models import CallToAction, FollowLink, Redirect, Show
from text.urls import bare_host


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the show lacks; `field` is the form's, empty where another form has it."""

    key: str
    message: str
    is_open: Callable[[Show], bool]
    page: str = "show_show_change"
    field: str = ""


def _has_default_title(show: Show) -> bool:
    return show.title == Show._meta.get_field("title").default


def _has_artwork_of_old_site(show: Show) -> bool:
    """Whether the artwork's address is on our domain, where nothing answers it."""
    if show.artwork or bare_host(show.artwork_url) != bare_host(settings.SITE_URL):
        return False
    path = urlsplit(show.artwork_url).path
    ours = (settings.MEDIA_URL, settings.STATIC_URL)
    return not path.startswith(ours) and not Redirect.objects.targets([path]).get(path)


GAPS = (
    Gap("title", "A title. Apps and pages say “Our podcast”.", _has_default_title, field="title"),
    Gap("tagline", "A tagline: the sentence with which the home page begins.",
        lambda show: not show.tagline, field="tagline"),
    Gap("description", "A description. Apple requires it, and search engines show it.",
        lambda show: not show.description, field="description"),
    Gap("artwork", "Artwork: a square picture. Apps show no episode without it.",
        lambda show: not show.artwork_address, field="artwork"),
    Gap("artwork_file", "The artwork’s file. Its address is on this site’s own domain, and this "
        "site has no such file: upload it before the old site goes.",
        _has_artwork_of_old_site, field="artwork"),
    Gap("categories", "A category, by which directories list the show.",
        lambda show: not show.categories, field="categories"),
    Gap("owner_email", "The owner’s e-mail address, to which directories send a code.",
        lambda show: not show.owner_email, field="owner_email"),
    Gap("host", "The host, whom the home page introduces.",
        lambda show: show.host_id is None, field="host"),
    Gap("timezone", "A time zone. Dates are entered and shown in UTC. After you set it, "
        "import again: a day without a time begins at midnight there.",
        lambda show: show.timezone == "UTC", field="timezone"),
    Gap("copyright", "A copyright line, at the foot of every page.",
        lambda show: not show.copyright, field="copyright"),
    Gap("follow_links", "Links to the show in podcast apps.",
        lambda show: not FollowLink.objects.open().exists(), page="show_followlink_add"),
    Gap("correct", "A way to report mistakes: a call to action below episodes.",
        lambda show: not CallToAction.objects.filter(
            purpose=CallToAction.Purpose.CORRECT).exists(), page="show_calltoaction_add"),
)  # fmt: skip


def open_gaps(show: Show) -> list[Gap]:
    """What the show lacks, without what the host has dismissed. Three queries at most."""
    return [gap for gap in GAPS if gap.key not in show.dismissed and gap.is_open(show)]
