"""How often something comes: recurrence rules of RFC 5545, section 3.3.10."""

import re

NUMBERS = r"[+-]?[0-9]{1,3}(,[+-]?[0-9]{1,3})*"
DAY = r"(SU|MO|TU|WE|TH|FR|SA)"
PARTS = {
    "FREQ": r"SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
    "UNTIL": r"[0-9]{8}(T[0-9]{6}Z?)?",
    "INTERVAL": r"[1-9][0-9]{0,3}",
    "BYSECOND": NUMBERS,
    "BYMINUTE": NUMBERS,
    "BYHOUR": NUMBERS,
    "BYDAY": rf"([+-]?[0-9]{{1,2}})?{DAY}(,([+-]?[0-9]{{1,2}})?{DAY})*",
    "BYMONTHDAY": NUMBERS,
    "BYYEARDAY": NUMBERS,
    "BYWEEKNO": NUMBERS,
    "BYMONTH": NUMBERS,
    "BYSETPOS": NUMBERS,
    "WKST": DAY,
}


def check_rrule(rule: str) -> None:
    """Raises ValueError, in words, unless this is a rule such as `FREQ=WEEKLY;BYDAY=MO`.

    COUNT is refused: it counts from a start, which no rule states.
    """
    seen = set()
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in PARTS:
            raise ValueError(f"“{part}” is no part of a rule such as FREQ=WEEKLY;BYDAY=MO")
        if name in seen:
            raise ValueError(f"{name} is there twice")
        if not re.fullmatch(PARTS[name], value):
            raise ValueError(f"{name} can't be “{value}”")
        seen.add(name)
    if "FREQ" not in seen:
        raise ValueError("A rule says FREQ=, such as FREQ=WEEKLY;BYDAY=MO")
