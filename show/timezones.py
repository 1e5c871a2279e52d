"""Time zones as hosts type them."""

import difflib
import re
import zoneinfo
from functools import cache
from importlib.resources import files

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
# Former names that tzdata doesn't list as links.
BY_ABBREVIATIONS = {
    "EST5EDT": "America/New_York", "CST6CDT": "America/Chicago",
    "MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles",
}  # fmt: skip
SIMILARITY = 0.8  # of a city's name with a typing error


@cache
def former_names() -> dict[str, str]:
    """What replaced names such as US/Eastern, which Debian 13 no longer has, nor its PostgreSQL."""
    folder = files("tzdata").joinpath("zoneinfo")
    lines = folder.joinpath("tzdata.zi").read_text().splitlines()
    places = re.findall(r"^[A-Z]{2}\t\S+\t(\S+)", folder.joinpath("zone.tab").read_text(), re.M)
    links = (line.split() for line in lines if line.startswith("L "))
    stay = {"UTC", "GMT", *places}
    return BY_ABBREVIATIONS | {
        name: zone
        for _, zone, name in links
        if name not in stay and not name.startswith("Etc/")
    }  # fmt: skip


def timezones() -> set[str]:
    """The names of all zones, without former ones."""
    return zoneinfo.available_timezones() - former_names().keys()


def suggest_timezone(typed: str) -> str:
    """The zone that this probably means: America/New_York for “New York” or EST. Else empty."""
    places = sorted(zone for zone in timezones() if "/" in zone)
    known = {normalise_name(zone.rpartition("/")[2]): zone for zone in places}
    known |= {normalise_name(former): zone for former, zone in former_names().items()}
    known |= {normalise_name(zone): zone for zone in places} | BY_SPOKEN
    key = normalise_name(typed.partition(",")[0])
    return next((known[name] for name in difflib.get_close_matches(key, known, 1, SIMILARITY)), "")


def is_fixed_offset(zone: str) -> bool:
    """Whether it is a zone such as GMT or Etc/GMT+5, which has no daylight saving time though the
    places that people mean by it have.
    """
    return zone.removeprefix("Etc/").startswith(("GMT", "Greenwich"))
