"""`./run test` takes workers where they save time."""

from pathlib import Path

import pytest

from deploy.local.workers import MANY, options

PARALLEL = ["-n", "auto", "--dist", "loadfile"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder, tests in {"big": MANY, "little": MANY - 1}.items():
        (tmp_path / folder / "tests").mkdir(parents=True)
        (tmp_path / folder / "tests/test_x.py").write_text("def test_x():\n    pass\n" * tests)
        (tmp_path / folder / "views.py").write_text("def test_no():\n    pass\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        ("", PARALLEL),
        ("-q -x --durations=5", PARALLEL),
        ("-m slow", PARALLEL),
        ("big", PARALLEL),
        ("big/tests/test_x.py", PARALLEL),
        ("little", []),
        ("little/tests/test_x.py -q", []),
        ("big little", PARALLEL),
        ("big/tests/test_x.py::test_x", []),
        ("-k health", []),
        ("-khealth", []),
        ("big -n 3", []),
        ("-n0", []),
        ("--numprocesses=3", []),
        ("--pdb", []),
        ("--lf", []),
        ("--co -q", []),
    ],
)
def test_workers_where_many_tests_are_chosen(
    arguments: str, chosen: list[str], project: Path
) -> None:
    assert options(arguments.split(), project) == chosen
