"""Problems say where and what, so that their reader can fix it."""

from text.problems import error, has_errors, warning


def test_a_problem_as_a_line():
    problem = error("No such time.", 3, field="topic", value="12:75").at("notes.txt", 10)
    assert str(problem) == "notes.txt:13: error: No such time. [topic: 12:75]"
    assert str(warning("Odd.")) == "warning: Odd."


def test_long_values_are_cut():
    assert len(str(error("x", field="topic", value="y" * 1000))) < 120


def test_only_errors_are_errors():
    assert not has_errors([warning("x")])
    assert has_errors([warning("x"), error("y")])
