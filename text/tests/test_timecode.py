"""Times are read in every spelling the site accepts and written in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.timecode import (
    MAX_SECONDS,
    format_timecode,
    iso_duration,
    parse_timecode,
    spoken_duration,
)

moments = st.integers(0, MAX_SECONDS)


@given(moments)
def test_a_time_comes_back(seconds):
    assert parse_timecode(format_timecode(seconds)) == seconds
    assert parse_timecode(str(seconds)) == seconds
    assert parse_timecode(f"{seconds}s") == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0:00", 0),
        ("25:26", 1526),
        ("1:02:03", 3723),
        ("01:02:03", 3723),
        ("75:30", 4530),
        (" 25:26 ", 1526),
        ("1h2m3s", 3723),
        ("1h", 3600),
        ("90m", 5400),
        ("1526", 1526),
        ("168:00:00", MAX_SECONDS),
    ],
)
def test_spellings(value, seconds):
    assert parse_timecode(value) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "", " ", ":", "1:", "1:5", "25:60", "1:60:00", "1:02:03:04", "-1", "1.5", "h", "1m2h",
        "1:04-22", "168:00:01", "604801", "9999999", "٢٥:٢٦", "1h 2m", "1:2\n3:4", "x" * 10**5,
    ],
)  # fmt: skip
def test_no_times(value):
    with pytest.raises(ValueError, match="is not a time"):
        parse_timecode(value)


@given(st.text(max_size=20))
def test_any_text_is_a_time_within_a_week_or_refused(value):
    try:
        seconds = parse_timecode(value)
    except ValueError:
        return
    assert 0 <= seconds <= MAX_SECONDS


@pytest.mark.parametrize(
    ("seconds", "clock", "iso", "spoken"),
    [
        (0, "0:00", "PT0S", "0 min"),
        (5, "0:05", "PT5S", "1 min"),
        (2763, "46:03", "PT46M3S", "46 min"),
        (3600, "1:00:00", "PT1H", "1 h 0 min"),
        (3723, "1:02:03", "PT1H2M3S", "1 h 2 min"),
        (4410, "1:13:30", "PT1H13M30S", "1 h 14 min"),
    ],
)
def test_forms(seconds, clock, iso, spoken):
    assert format_timecode(seconds) == clock
    assert iso_duration(seconds) == iso
    assert spoken_duration(seconds) == spoken
