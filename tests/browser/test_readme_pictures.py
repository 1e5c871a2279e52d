"""The README's pictures: desktop and phone, light and dark. `./run pictures` takes them anew."""

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from PIL import Image
from PIL.ImageDraw import ImageDraw
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from deploy.local.prepare import load_sample
from show.models import Show

ROOT = Path(settings.BASE_DIR)
MOST_BYTES = 150_000
DESKTOP, PHONE = (1280, 800), (390, 760)
EDGE, CORNER = 40, 18  # pixels around both, and of their corners
# By scheme: what the desktop shows, what the phone shows, the ground.
SHOWN: dict[Literal["light", "dark"], tuple[str, str, str]] = {
    "light": ("/", "/37/20:06", "#e4e1d6"),
    "dark": ("/37", "/search?q=docker", "#05080f"),
}


def test_the_readme_opens_with_small_pictures() -> None:
    opening = (ROOT / "README.md").read_text().split("\n## ", 1)[0]
    pictures = re.findall(r"!\[[^]]+\]\((docs/pictures/[^)]+)\)", opening)
    assert len(pictures) == 2
    for path in pictures:
        assert (ROOT / path).stat().st_size <= MOST_BYTES, path
        assert Image.open(ROOT / path).width >= 1280, path


if os.environ.get("README_PICTURES"):

    @pytest.mark.browser
    @pytest.mark.django_db(transaction=True)
    def test_they_are_made(live_server: LiveServer, browser: Browser) -> None:
        load_sample()
        Show.objects.update(artwork_url="")  # nothing elsewhere can be reached
        for scheme, (desktop, phone, ground) in SHOWN.items():
            both = [
                screenshot(browser, live_server.url + path, scheme, size)
                for path, size in ((desktop, DESKTOP), (phone, PHONE))
            ]
            side_by_side(both, ground).save(
                ROOT / "docs" / "pictures" / f"{scheme}.webp", quality=80, method=6
            )


def screenshot(
    browser: Browser, url: str, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> Image.Image:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    taken = Image.open(BytesIO(page.screenshot()))
    context.close()
    return taken.convert("RGB")


def side_by_side(pictures: list[Image.Image], ground: str) -> Image.Image:
    width = sum(each.width for each in pictures) + (len(pictures) + 1) * EDGE
    height = max(each.height for each in pictures) + 2 * EDGE
    whole = Image.new("RGB", (width, height), ground)
    left = EDGE
    for each in pictures:
        mask = Image.new("L", (2 * each.width, 2 * each.height))
        corners = (0, 0, mask.width - 1, mask.height - 1)
        ImageDraw(mask).rounded_rectangle(corners, 2 * CORNER, 255)
        place = (left, (height - each.height) // 2)
        whole.paste(each, place, mask.resize(each.size, Image.Resampling.LANCZOS))
        left += each.width + EDGE
    return whole
