"""Which pages nginx keeps, while others come, go and are replaced."""

import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ops.front.kept import TICK, Cache

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
                time.sleep(TICK / 1e9 + 0.001)
        read = {page.path: page.state and page.state.version for page in cache.pages()}
        assert read == {f"/podcast/{number}-x": kept for number, kept in versions.items()}


def test_what_nginx_still_writes_is_no_page(tmp_path: Path):
    keep(tmp_path, 1, 1)
    unfinished = file(tmp_path, 1)
    unfinished.with_name(f"{unfinished.name}.0000000001").write_text("x")
    (tmp_path / "ff").mkdir()
    assert [page.episode for page in Cache(tmp_path).pages()] == ["podcast/1-x"]
