"""What a show lacks before apps and listeners know it: for the desk's start and an import's end."""

from collections.abc import Callable
from dataclasses import dataclass

from show.models import CallToAction, FollowLink, Show


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


GAPS = (
    Gap("title", "A title. Apps and pages say “Our podcast”.", _has_default_title, field="title"),
    Gap("description", "A description. Apple requires it, and search engines show it.",
        lambda show: not show.description, field="description"),
    Gap("artwork", "Artwork: a square picture. Apps show no episode without it.",
        lambda show: not show.artwork_address, field="artwork"),
    Gap("categories", "A category, by which directories list the show.",
        lambda show: not show.categories, field="categories"),
    Gap("owner_email", "The owner’s e-mail address, to which directories send a code.",
        lambda show: not show.owner_email, field="owner_email"),
    Gap("host", "The host, whom the home page introduces.",
        lambda show: show.host_id is None, field="host"),
    Gap("timezone", "A time zone. Dates are entered and shown in UTC.",
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
    """What the show lacks, without what the host has dismissed. Two queries at most."""
    return [gap for gap in GAPS if gap.key not in show.dismissed and gap.is_open(show)]
