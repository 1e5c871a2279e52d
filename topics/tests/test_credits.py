"""Which guest a topic is credited to."""

import pytest

from topics.credits import credited

BOTH = ("Clemens Wolff", "Shaun Bathgate")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Best tips (Shaun)? Keep your tests easy", BOTH[1:]),
        ("Best tips [clemens wolff]? Soft skills", BOTH[:1]),
        ("Best tips? Keep your tests easy (BATHGATE)", BOTH[1:]),
        ("Best tips? Shaun keeps his tests easy", BOTH),
        ("Both (Clemens) and (Shaun) agree", BOTH),
        ("The client (hardware) and server (Azure) use Flask", BOTH),
        ("Best tips ()? (?)", BOTH),
        ("Best tips (Shaun Ryder)?", BOTH),
    ],
)
def test_a_guest_named_in_brackets_is_credited_alone(text: str, expected: tuple) -> None:
    assert credited(text, BOTH) == expected


def test_guests_who_share_the_name_in_brackets_are_all_credited() -> None:
    assert credited("Tips (Lee)?", ["Ann Lee", "Bo Lee"]) == ("Ann Lee", "Bo Lee")


def test_an_episode_without_guests_credits_nobody() -> None:
    assert credited("Best tips (Shaun)?", []) == ()
