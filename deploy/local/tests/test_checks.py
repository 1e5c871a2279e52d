"""`./run check` runs every step and says which failed."""

import os

import pytest

from deploy.local import checks


def code(text: str) -> list[str]:
    return ["-c", text]


def test_all_steps_run_also_after_one_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [
        ("first", code("import time; time.sleep(0.3); print('unseen')"), {}),
        (
            "second",
            code("import os; print(os.environ['WORD']); raise SystemExit(2)"),
            {"WORD": "x"},
        ),
        ("third", code("raise SystemExit('broken')"), {}),
    ]
    monkeypatch.setattr(checks, "STEPS", steps)
    assert checks.run_all(dict(os.environ)) == 1
    said = [line.split(" ")[0] for line in capsys.readouterr().out.splitlines() if line]
    assert said == ["first", "second", "x", "third", "broken", "Failed:"]


def test_all_steps_passed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "STEPS", [("only", code(""), {})])
    assert checks.run_all(dict(os.environ)) == 0
    assert "All checks passed." in capsys.readouterr().out
