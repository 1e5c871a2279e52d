"""Which pages are in nginx's cache while some are written, removed and replaced."""

import os
from pathlib import Path
from unittest.mock import call, patch

from hypothesis import given
from hypothesis import strategies as st

from caching.nginx import cache_files
from caching.nginx.cache_files import NginxCache

NUMBERS = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["store", "remove"]), NUMBERS),
        st.tuples(st.just("a while"), st.just(0)),
    ),
    max_size=12,
)


def store(folder: Path, number: int, version: int) -> None:
    """As nginx does: write a file elsewhere, then move it."""
    written = folder / "written"
    written.write_text(f'\nKEY: /podcast/{number}-x\nHTTP\r\nETag: W/"{version:x}-0-0-5-dev"\r\n')
    place = file(folder, number)
    place.parent.mkdir(exist_ok=True)
    written.rename(place)


def file(folder: Path, number: int) -> Path:
    name = f"{number % 2:x}".rjust(32, "a")
    return folder / name[-2:] / f"{number:x}{name[1:]}"


def let_time_pass(folder: Path) -> None:
    """Make the folders' last changes an hour old."""
    for each in folder.iterdir():
        ago = each.stat().st_mtime_ns - 3600 * 10**9
        os.utime(each, ns=(ago, ago))


@given(steps=STEPS)
def test_pages_match_the_files(tmp_path_factory, steps: list[tuple[str, int]]):
    folder = tmp_path_factory.mktemp("cache")
    cache, versions = NginxCache(folder), dict[int, int]()
    for version, (step, number) in enumerate(steps):
        match step:
            case "store":
                store(folder, number, version)
                versions[number] = version
            case "remove":
                file(folder, number).unlink(missing_ok=True)
                versions.pop(number, None)
            case "a while":
                let_time_pass(folder)
        read = {page.path: page.version and page.version.number for page in cache.pages()}
        assert read == {f"/podcast/{number}-x": version for number, version in versions.items()}


def test_a_file_that_nginx_is_still_writing_is_no_page(tmp_path: Path):
    store(tmp_path, 1, 1)
    unfinished = file(tmp_path, 1)
    unfinished.with_name(f"{unfinished.name}.0000000001").write_text("x")
    (tmp_path / "ff").mkdir()
    assert [page.episode for page in NginxCache(tmp_path).pages()] == ["podcast/1-x"]


def test_a_page_stored_within_the_same_tick_is_seen(tmp_path: Path):
    store(tmp_path, 0, 1)
    folder = file(tmp_path, 0).parent
    moment = folder.stat().st_mtime_ns
    cache = NginxCache(tmp_path)
    cache.pages()
    store(tmp_path, 2, 1)
    os.utime(folder, ns=(moment, moment))  # as with a coarse clock
    assert len(cache.pages()) == 2


def test_only_new_files_are_read(tmp_path: Path):
    for number in range(6):
        store(tmp_path, number, 1)
    let_time_pass(tmp_path)
    cache = NginxCache(tmp_path)
    cache.pages()
    store(tmp_path, 1, 2)
    with (
        patch.object(cache_files, "read_page", wraps=cache_files.read_page) as reading,
        patch.object(os, "scandir", wraps=os.scandir) as listing,
    ):
        assert len(cache.pages()) == 6
    came = file(tmp_path, 1)
    assert reading.call_args_list == [call(came)]
    assert listing.call_args_list == [call(tmp_path), call(str(came.parent))]
