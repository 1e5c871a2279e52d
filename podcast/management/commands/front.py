"""The former name of `invalidate_nginx`, until version 2.0."""

from podcast.management.commands import invalidate_nginx


class Command(invalidate_nginx.Command):
    pass
