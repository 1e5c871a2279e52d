"""Takes a channel's switches over into the show's row."""

from show.models import Show
from text.names import is_language
from transfer.importers.feed.channel import FeedChannel
from transfer.importers.report import Report

HIDDEN = (
    "As in the feed, directories such as Apple Podcasts won't list the show. You can change this "
    "at the desk, under “Show”."
)


def fill_flags(
    show: Show, channel: FeedChannel, is_new: bool, is_first: bool, report: Report
) -> None:
    """Set what still has its default on the first import; later, name what differs."""
    for element, column, value in _stated(channel):
        if getattr(show, column) == value:
            continue
        untouched = getattr(show, column) == getattr(Show(), column)
        if is_new or (is_first and untouched):
            setattr(show, column, value)
            report.note(f"{element}: {_words(value)}")
            if column == "hidden" and value:
                report.warn(HIDDEN, field=element, value=_words(value))
        else:
            mine = _words(getattr(show, column))
            message = f"The feed says {_words(value)}; here it stays {mine}."
            report.warn(message, field=element, value=_words(value))


def _stated(channel: FeedChannel) -> list[tuple[str, str, bool | str]]:
    """What the channel states: its element, the show's column, the value there."""
    flags = channel.flags
    kind = Show.Type.SERIAL if flags.serial else Show.Type.EPISODIC
    stated = [
        ("itunes:explicit", "explicit", flags.explicit),
        ("itunes:type", "type", None if flags.serial is None else kind.value),
        ("itunes:block", "hidden", flags.blocked),
        ("itunes:complete", "complete", flags.complete),
        ("podcast:locked", "locked", flags.locked),
        ("language", "language", channel.language if is_language(channel.language) else None),
    ]
    return [(element, column, value) for element, column, value in stated if value is not None]


def _words(value: bool | str) -> str:
    return value if isinstance(value, str) else "yes" if value else "no"
