"""How times, addresses and counts are worded in templates. Pure functions: no queries."""

from django import template

from text.names import initials
from text.numbers import short_count
from text.timecode import format_timecode, iso_duration, spoken_duration
from text.urls import display_url

register = template.Library()
register.filter("timecode", format_timecode)
register.filter("spoken_duration", spoken_duration)
register.filter("iso_duration", iso_duration)
register.filter("display_url", display_url)
register.filter("short_count", short_count)
register.filter("initials", initials)
