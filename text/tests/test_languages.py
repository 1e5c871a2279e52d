"""Codes of languages."""

import pytest

from text.names import is_language


@pytest.mark.parametrize(
    "code", ["en", "EN", "en-us", "de-AT", "zh-Hans-CN", "es-419", "yue", "de-1996"]
)
def test_codes(code: str) -> None:
    assert is_language(code)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "e",
        "English",
        "en_US",
        "en-",
        "-en",
        "en us",
        "en\n",
        ";env;",
        "١٢",
        "en-abcdefgh-abcdefgh-a1",
    ],
)
def test_what_is_none(value: str) -> None:
    assert not is_language(value)
