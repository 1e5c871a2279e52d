"""`./run test` takes workers where they save time, and collects no file in vain."""

from pathlib import Path

import pytest

from tests.runner.selection import MANY, PARALLEL, options


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
        ("-k test_health big", []),
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


@pytest.mark.parametrize(
    ("expression", "files"),
    [
        ("test_health", ["test_health.py"]),
        ("test_Health", ["test_health.py"]),
        ("test_one", ["test_more.py"]),
        ("test_health or test_one", ["test_health.py", "test_more.py"]),
        ("test_nothing", []),
        # These may match parameters, marks and folders, which the text doesn't tell.
        ("health", []),
        ("test_health and not test_one", []),
        ("not test_one", []),
    ],
)
def test_names_of_tests_tell_the_files(expression: str, files: list[str], tmp_path: Path) -> None:
    (tmp_path / "test_health.py").write_text("def test_it(): ...")
    (tmp_path / "test_more.py").write_text("def test_one(): ...")
    (tmp_path / "health.py").write_text("def test_one(): ...")
    (tmp_path / "var").mkdir()
    (tmp_path / "var/test_health.py").write_text("def test_one(): ...")
    assert options(["-q", "-k", expression], tmp_path) == files
