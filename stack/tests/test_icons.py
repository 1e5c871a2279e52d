"""Icons: their files fit the directory, and a name leads to one."""

import re

import pytest
from django.conf import settings

from stack.directory import icon_of, read_directory

FOLDER = settings.BASE_DIR / "static" / "icons"
SLUGS = {entry.icon for entry in read_directory() if entry.icon}
SHAPE = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="0 0 24 24">'
    r'<path id="i" fill="currentColor" d="[Mm][-eMmZzLlHhVvCcSsQqTtAa0-9. ]+"/></svg>\n'
)
LARGEST, MEDIAN, ALL = 20_000, 1_000, 800_000  # bytes


def test_every_slug_has_its_file_and_every_file_a_slug() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{slug}.svg" for slug in SLUGS}


def test_files_hold_one_path_in_the_text_s_colour() -> None:
    assert len(SLUGS) > 700
    assert [path.name for path in FOLDER.iterdir() if not SHAPE.fullmatch(path.read_text())] == []


def test_files_are_small() -> None:
    sizes = sorted(path.stat().st_size for path in FOLDER.iterdir())

    assert sizes[-1] <= LARGEST
    assert sizes[len(sizes) // 2] <= MEDIAN
    assert sum(sizes) <= ALL


@pytest.mark.parametrize(
    ("name", "slug", "icon"),
    [
        ("Django", "django", "django"),
        ("Postgres", "postgres", "postgresql"),
        ("c-sharp", "c-sharp", ""),
        ("Our Kubernetes", "k8s", "kubernetes"),  # renamed by the host
        ("Kubernetes", "our-cluster", "kubernetes"),
        ("AWS", "django", ""),  # the name decides, also for none
        ("Nobody knows it", "nobody-knows-it", ""),
        ("", "", ""),
    ],
)
def test_the_name_decides_then_the_slug(name: str, slug: str, icon: str) -> None:
    assert icon_of(name, slug) == icon
