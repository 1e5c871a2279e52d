"""Requirements that fell out of step are named."""

from pathlib import Path

import pytest

from deploy.local.pins import compare

PINNED = """\
django==5.2.19 \\
    --hash=sha256:00
    # via
    #   -r requirements.in
    #   django-csp
sqlparse==0.5.3 \\
    --hash=sha256:00
    # via django
"""


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("Django~=5.2.0  # the LTS\n", None),
        ("django\nPillow\n", "pillow is not pinned"),
        ("", "django is not asked for"),
        ("django>=6\n", "asks for django>=6, pinned is 5.2.19"),
    ],
)
def test_compare(
    source: str, problem: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("requirements.in").write_text(source)
    Path("requirements.txt").write_text(PINNED)

    problems = compare(Path("requirements.in"))

    if problem is None:
        assert problems == []
    else:
        assert len(problems) == 1
        assert problem in problems[0]
