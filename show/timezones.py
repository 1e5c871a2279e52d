"""Time zones as hosts type them."""

import difflib
import zoneinfo

from text.names import normalise_name

# What people call their own zone, by a place in it.
SPOKEN = {
    "America/New_York": "est edt et eastern easterntime",
    "America/Chicago": "cst cdt ct central centraltime",
    "America/Denver": "mst mdt mt mountain mountaintime",
    "America/Los_Angeles": "pst pdt pt pacific pacifictime",
    "Europe/London": "gmt gmt0 bst",
    "Europe/Berlin": "cest mez mesz",
    "Europe/Helsinki": "eest",
    "Asia/Kolkata": "ist",
    "Australia/Sydney": "aest aedt",
}
BY_SPOKEN = {name: zone for zone, names in SPOKEN.items() for name in names.split()}
SIMILARITY = 0.8  # of a city's name with a typing error


def suggest_timezone(typed: str) -> str:
    """The zone that this probably means: America/New_York for “New York” or EST. Else empty."""
    places = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone)
    known = {normalise_name(zone.rpartition("/")[2]): zone for zone in places}
    known |= {normalise_name(zone): zone for zone in places} | BY_SPOKEN
    key = normalise_name(typed.partition(",")[0])
    return next((known[name] for name in difflib.get_close_matches(key, known, 1, SIMILARITY)), "")


def is_fixed_offset(zone: str) -> bool:
    """Whether it is a zone such as EST or Etc/GMT+5, which has no daylight saving time though the
    places that people mean by it have.
    """
    return zone in ("EST", "MST") or zone.removeprefix("Etc/").startswith(("GMT", "Greenwich"))
