"""Recurrence rules: the examples of RFC 5545, and slips in them."""

import pytest

from text.dates import check_rrule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH",
        "FREQ=MONTHLY;BYDAY=1FR,-1MO;BYSETPOS=-1",
        "FREQ=YEARLY;UNTIL=20260101T000000Z;BYMONTH=1,6",
    ],
)
def test_rules(rule):
    check_rrule(rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("every Monday", "“every Monday” isn’t part"),
        ("BYDAY=MO", "says FREQ="),
        ("FREQ=WEEKLY;", "“” isn’t part"),
        ("FREQ=weekly", "FREQ can't be “weekly”"),
        ("FREQ=WEEKLY;BYDAY=MONDAY", "BYDAY can't be “MONDAY”"),
        ("FREQ=WEEKLY;FREQ=DAILY", "FREQ is there twice"),
        ("FREQ=WEEKLY;COUNT=3", "“COUNT=3” isn’t part"),
    ],
)
def test_slips(rule, words):
    with pytest.raises(ValueError, match=words):
        check_rrule(rule)
