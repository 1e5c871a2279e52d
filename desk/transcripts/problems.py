"""Problems of a transcript's file in words."""

from text.problems import Problem

MOST_PROBLEMS = 30  # shown of one file


def problem_lines(problems: list[Problem]) -> list[str]:
    """Problems in words, errors first; the first MOST_PROBLEMS if there are more."""
    lines = [_line(each) for each in sorted(problems, key=lambda each: each.severity != "error")]
    more = len(lines) - MOST_PROBLEMS
    return lines[:MOST_PROBLEMS] + ([f"And {more} more."] if more > 0 else [])


def _line(problem: Problem) -> str:
    place = f"Line {problem.line}: " if problem.line else ""
    value = f" [{problem.field}: {problem.value[:80]}]" if problem.value else ""
    return f"{place}{problem.message}{value}"
