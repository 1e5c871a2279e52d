"""Tells whether a feed is this show's: another show's would replace its identity."""

from django.db.models import Q

from episodes.models import Episode
from show.models import Show
from text.names import fold_typography
from transfer.importers.feed.pages import PagedFeed
from transfer.importers.report import InvalidInput

FOREIGN = (
    "This looks like another show's feed: title and podcast:guid are other ones, and none of its "
    "items is here. Nothing is imported. If it is yours, add --another-show."
)


def require_ours(paged: PagedFeed) -> None:
    """Raise InvalidInput where public episodes are here and nothing in the feed is known."""
    show, channel = Show.objects.current(), paged.channel
    same_guid = channel.guid is not None and channel.guid == show.podcast_guid
    if same_guid or fold_typography(channel.title) == fold_typography(show.title):
        return
    if not Episode.objects.published().exists():
        return
    slugs = filter(None, paged.slugs)
    known = Episode.with_deleted.filter(Q(guid__in=list(paged.guids)) | Q(slug__in=list(slugs)))
    if not known.exists():
        raise InvalidInput(FOREIGN, field="title", value=channel.title)
