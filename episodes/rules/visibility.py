"""Which episodes are public, for raw SQL; EpisodeQuerySet says it for the ORM.

No Django: the invalidator of nginx's cache asks it, too.
"""

# Without it, a query finds what is in the bin, too, as with_deleted does.
NOT_DELETED = "deleted_at IS NULL"
PUBLISHED = f"{NOT_DELETED} AND status = 'published' AND published_at <= %(now)s"
SCHEDULED = f"{NOT_DELETED} AND status = 'published' AND published_at > %(now)s"
VIEWABLE = f"{NOT_DELETED} AND status IN ('published', 'withdrawn') AND published_at <= %(now)s"
