"""Periodic jobs: each one runs."""

import pytest
from django.core.management import CommandError, call_command

from podcast.management.commands import tick


def test_a_failing_job_does_not_stop_the_others(db, monkeypatch, capsys):
    def broken() -> str:
        raise RuntimeError("no luck")

    monkeypatch.setattr(tick, "JOBS", (broken, lambda: "did it", lambda: ""))
    with pytest.raises(CommandError, match="Failed: broken"):
        call_command("tick")
    assert capsys.readouterr().out == "did it\n"
