"""Path parts of our own: `/37/25:26`."""

from text.timecode import format_timecode, parse_timecode


class TimecodeConverter:
    """A time inside an episode, in seconds. What is none matches no pattern."""

    regex = "[0-9:hms]{1,12}"

    def to_python(self, value: str) -> int:
        return parse_timecode(value)

    def to_url(self, value: int) -> str:
        return format_timecode(value)
