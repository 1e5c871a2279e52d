"""In the dark scheme, the main button stands out from the others."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

DARK = re.compile(r'html\[data-theme="(dark|auto)"\]:root \{(.*?)\}', re.S)
TEXT = 1.0  # the luminance of white


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["dark", "auto"])
def test_the_main_button_is_the_brightest_and_readable(scheme: str) -> None:
    blocks = dict(DARK.findall(Path(str(finders.find("desk/desk.css"))).read_text()))
    colours = dict(re.findall(r"(--[\w-]+): (#\w{6});", blocks[scheme]))
    main, other = (luminance(colours[name]) for name in ("--default-button-bg", "--button-bg"))
    assert main > 2 * other
    for name in ("--default-button-bg", "--default-button-hover-bg", "--button-bg"):
        assert (TEXT + 0.05) / (luminance(colours[name]) + 0.05) >= 4.5
