"""Which pages nginx keeps, while others come, go and are replaced."""

import os
from pathlib import Path
from unittest.mock import call, patch

from hypothesis import given
from hypothesis import strategies as st

from caching.nginx import cache_files
from caching.nginx.cache_files import Cache

NUMBERS = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["kept", "dropped"]), NUMBERS),
        st.tuples(st.just("a while"), st.just(0)),
    ),
    max_size=12,
)


def keep(folder: Path, number: int, version: int) -> None:
    """As nginx does: written elsewhere, then moved to its place."""
    written = folder / "written"
    written.write_text(f'\nKEY: /podcast/{number}-x\nHTTP\r\nETag: W/"{version:x}-0-0-dev"\r\n')
    place = file(folder, number)
    place.parent.mkdir(exist_ok=True)
    written.rename(place)


def file(folder: Path, number: int) -> Path:
    name = f"{number % 2:x}".rjust(32, "a")
    return folder / name[-2:] / f"{number:x}{name[1:]}"


def let_time_pass(folder: Path) -> None:
    """As if all that came or went had done so an hour ago."""
    for each in folder.iterdir():
        ago = each.stat().st_mtime_ns - 3600 * 10**9
        os.utime(each, ns=(ago, ago))


@given(steps=STEPS)
def test_pages_are_those_that_are_there(tmp_path_factory, steps: list[tuple[str, int]]):
    folder = tmp_path_factory.mktemp("cache")
    cache, versions = Cache(folder), dict[int, int]()
    for version, (step, number) in enumerate(steps):
        match step:
            case "kept":
                keep(folder, number, version)
                versions[number] = version
            case "dropped":
                file(folder, number).unlink(missing_ok=True)
                versions.pop(number, None)
            case "a while":
                let_time_pass(folder)
        read = {page.path: page.state and page.state.version for page in cache.pages()}
        assert read == {f"/podcast/{number}-x": kept for number, kept in versions.items()}


def test_what_nginx_still_writes_is_no_page(tmp_path: Path):
    keep(tmp_path, 1, 1)
    unfinished = file(tmp_path, 1)
    unfinished.with_name(f"{unfinished.name}.0000000001").write_text("x")
    (tmp_path / "ff").mkdir()
    assert [page.episode for page in Cache(tmp_path).pages()] == ["podcast/1-x"]


def test_a_page_that_came_in_the_same_moment_is_seen(tmp_path: Path):
    keep(tmp_path, 0, 1)
    folder = file(tmp_path, 0).parent
    moment = folder.stat().st_mtime_ns
    cache = Cache(tmp_path)
    cache.pages()
    keep(tmp_path, 2, 1)
    os.utime(folder, ns=(moment, moment))  # a file system's clock doesn't tell the two apart
    assert len(cache.pages()) == 2


def test_only_what_came_is_read(tmp_path: Path):
    for number in range(6):
        keep(tmp_path, number, 1)
    let_time_pass(tmp_path)
    cache = Cache(tmp_path)
    cache.pages()
    keep(tmp_path, 1, 2)
    with (
        patch.object(cache_files, "read_page", wraps=cache_files.read_page) as reading,
        patch.object(os, "scandir", wraps=os.scandir) as listing,
    ):
        assert len(cache.pages()) == 6
    came = file(tmp_path, 1)
    assert reading.call_args_list == [call(came)]
    assert listing.call_args_list == [call(tmp_path), call(str(came.parent))]
