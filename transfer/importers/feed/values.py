"""Reads dates, durations, numbers, booleans, texts and addresses as feeds spell them. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from html import unescape
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from notes.grammar.lines import clean, one_line
from text.dates import checked_day
from text.timecode import MAX_SECONDS, parse_timecode
from text.urls import is_web_url

# Zones by letters that the standard library lacks (RFC 2822 has only North America's).
ZONES = {"BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2,
         "EEST": 3, "MSK": 3, "JST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13}  # fmt: skip
MONTHS = {"mai": "may", "okt": "oct", "dez": "dec", "mär": "mar", "maj": "may", "ene": "jan",
          "abr": "apr", "ago": "aug", "dic": "dec", "fév": "feb", "avr": "apr", "aoû": "aug",
          "déc": "dec"}  # fmt: skip
ENGLISH = "jan feb mar apr may jun jul aug sep oct nov dec".split()
LETTERS = re.compile(r"\s([A-Za-z]{2,5})$")
WORD = re.compile(r"[^\W\d_]{3,}\.?")
PARTS = re.compile(
    r"(?:pt)?\s*(?:(\d{1,3})\s*h(?:ours?|rs?|r)?)?[\s,:]*(?:(\d{1,4})\s*m(?:in(?:ute)?s?)?)?[\s,:]*"
    r"(?:(\d{1,6})(?:\.\d+)?\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE | re.ASCII,
)
FAR_EAST = timezone(timedelta(hours=12))
FRACTION = re.compile(r"[.,]\d+$")
YES, NO = {"true", "yes", "explicit", "1"}, {"false", "no", "clean", "0", "none"}


def read_date(value: str, zone: ZoneInfo) -> datetime:
    """The moment of `Mon, 20 Dec 2021 00:00:00 -0500`, `2021-12-20T05:00:00Z` and the like.

    A date alone is midnight in `zone`, a time without a zone is UTC (as RFC 5322 says of -0000).
    Raises ValueError.
    """
    return _in_own_zone(value, zone).astimezone(UTC)


def is_utc_midnight(value: str) -> bool:
    """Whether this states 0:00 UTC. A date alone doesn't."""
    try:
        read = _in_own_zone(value, FAR_EAST)
    except ValueError:
        return False
    return read.utcoffset() == timedelta(0) and read.time() == time()


def _in_own_zone(value: str, zone: tzinfo) -> datetime:
    value = " ".join(value.split())
    try:
        read = _iso(value, zone) or _rfc(value)
        checked_day(read.date())
        read.astimezone(UTC)
        return read
    except (ValueError, OverflowError, IndexError) as wrong:
        raise ValueError(f"“{value[:60]}” isn't a date that can be read") from wrong


def _iso(value: str, zone: tzinfo) -> datetime | None:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return datetime.combine(date.fromisoformat(value), time(), zone)
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _rfc(value: str) -> datetime:
    letters = LETTERS.search(value)
    hours = ZONES.get(letters[1].upper()) if letters else None
    parts = parsedate_tz(WORD.sub(_english_month, value))
    if parts is None or parts[0] < 1900:
        raise ValueError("no such date")
    offset = timedelta(seconds=parts[9] or 0) if hours is None else timedelta(hours=hours)
    return datetime(*parts[:6], tzinfo=timezone(offset))


def _english_month(match: re.Match[str]) -> str:
    """`Sept`, `janv.`, `Dezember` as the three letters of RFC 2822."""
    letters = match[0][:3].casefold()
    month = MONTHS.get(letters, letters)
    return month if month in ENGLISH else match[0]


def read_duration(value: str) -> int | None:
    """Seconds of `1:02:03`, `62:03`, `3723`, `3723.4`, `1h 2m`, `62 min` or `PT1H2M3S`.

    None if nothing or zero is stated. Raises ValueError.
    """
    value = " ".join(value.split())
    if not value:
        return None
    seconds = _clock(FRACTION.sub("", value))
    if seconds is None:
        parts = PARTS.fullmatch(value)
        if not parts or not any(parts.groups()):
            raise ValueError(f"“{value[:40]}” isn't a length such as 1:02:03 or 3723")
        hours, minutes, rest = (int(part or 0) for part in parts.groups())
        seconds = hours * 3600 + minutes * 60 + rest
    if seconds > MAX_SECONDS:
        raise ValueError(f"“{value[:40]}” is longer than a week")
    return seconds or None


def _clock(value: str) -> int | None:
    """Colons as they come: `1:2:3`, `:45`, `0:62:03`. Plain digits are seconds."""
    if not re.fullmatch(r"\d{1,7}|\d{0,4}(?:\s?:\s?\d{1,3}){1,2}", value, re.ASCII):
        return None
    total = 0
    for part in value.split(":"):
        total = total * 60 + int(part or 0)
    return total


def read_start(value: object) -> int:
    """Whole seconds of a chapter's start: `754.2`, `00:12:34.200`. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"“{str(value)[:40]}” isn't a time")
    return parse_timecode(FRACTION.sub("", str(value).strip()))


def read_whole(value: str, most: int) -> int | None:
    """A whole number up to `most`; None if none is stated. Raises ValueError."""
    value = value.strip().replace(",", "")
    if not value:
        return None
    if not re.fullmatch(r"\d{1,15}", value, re.ASCII) or int(value) > most:
        raise ValueError(f"“{value[:40]}” isn't a whole number up to {most:,}")
    return int(value)


def read_boolean(value: str) -> bool | None:
    """The value of `itunes:explicit` and the like; None if it is neither."""
    word = value.strip().lower()
    return True if word in YES else False if word in NO else None


def plain(value: str) -> str:
    """The text on one line; entities that were escaped twice are unescaped twice."""
    return one_line(clean(unescape(value)))


def words(value: str) -> str:
    """The words of HTML or plain text, on one line."""
    return plain(re.sub(r"<[^<>]*>", " ", value))


def letters(value: str) -> str:
    """The letters and digits of HTML or plain text, without addresses: what its versions share."""
    return re.sub(r"https?://\S+|\W+", "", words(value)).casefold()


def absolute(address: str, base: str) -> str:
    """The address; a relative one is joined to `base`, and spaces are encoded."""
    address = address.strip().replace(" ", "%20")
    if is_web_url(address) or not address:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address
