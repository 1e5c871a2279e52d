"""Range headers against RFC 9110, section 14."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.ranges import BLOCK, Blocks, Unsatisfiable, requested_range

SIZES = st.integers(0, 10**12)


def asked(header: str, size: int) -> range | None | str:
    try:
        return requested_range(header, size)
    except Unsatisfiable:
        return "416"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-499", range(500)),
        ("bytes=500-", range(500, 1000)),
        ("bytes=990-5000", range(990, 1000)),
        ("bytes=-1", range(999, 1000)),
        ("bytes=-5000", range(1000)),
        ("Bytes=5-6", range(5, 7)),
        ("bytes=,5-6, ", None),
        ("bytes=1000-", "416"),
        ("bytes=1000-2000", "416"),
        ("bytes=-0", "416"),
        ("bytes=5-2", None),
        ("bytes=2000-1500", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("bytes=٣-٤", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("items=0-1", None),
        ("0-1", None),
        ("", None),
    ],
)
def test_a_file_of_1000_bytes(header, expected):
    assert asked(header, 1000) == expected


@given(SIZES, SIZES, SIZES)
def test_a_range_gives_the_bytes_from_first_to_last_that_exist(first, last, size):
    found = asked(f"bytes={first}-{last}", size)
    if last < first:
        assert found is None
    elif first >= size:
        assert found == "416"
    else:
        assert isinstance(found, range)
        assert (found.start, found[-1]) == (first, min(last, size - 1))


@given(SIZES, SIZES)
def test_an_open_range_goes_to_the_end(first, size):
    expected = range(first, size) if first < size else "416"
    assert asked(f"bytes={first}-", size) == expected


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_a_suffix_gives_the_last_bytes(count, size):
    found = asked(f"bytes=-{count}", size)
    assert isinstance(found, range)
    assert (len(found), found.stop) == (min(count, size), size)


@given(st.text(max_size=40), st.integers(0, 100))
def test_any_header_gives_a_part_of_the_file_the_whole_or_416(header, size):
    found = asked(f"bytes={header}", size)
    if isinstance(found, range):
        assert 0 <= found.start < found.stop <= size


@given(st.integers(0, 3 * BLOCK), st.integers(0, 3 * BLOCK))
def test_blocks_are_the_bytes_at_the_positions_and_never_large(start, length):
    data = bytes(range(256)) * (BLOCK // 64)
    positions = range(start, start + length)
    blocks = list(Blocks(io.BytesIO(data), positions))
    assert b"".join(blocks) == data[start : start + length]
    assert all(0 < len(block) <= BLOCK for block in blocks)
