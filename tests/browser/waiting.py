"""Waits that a slow machine may take its time for."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

# A scroll moves with the frames, which may come late.
STANDS_STILL = """() => new Promise((resolve) => {
  const [before, begun] = [scrollY, performance.now()];
  let frames = 0;
  const look = () => {
    frames += 1;
    if (frames < 10 || performance.now() - begun < 300) requestAnimationFrame(look);
    else resolve(scrollY === before);
  };
  requestAnimationFrame(look);
})"""


def wait_until(page: Page, is_so: Callable[[], object]) -> None:
    """Wait for what handlers of Playwright record: they run only while it waits itself."""
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until, "not within the time"
        page.wait_for_timeout(10)
