"""Periodic work: every job has its turn."""

import pytest
from django.core.management import CommandError, call_command

from podcast.management.commands import tick


def test_a_job_that_fails_keeps_no_other_from_its_turn(monkeypatch, capsys):
    def broken() -> str:
        raise RuntimeError("no luck")

    monkeypatch.setattr(tick, "JOBS", (broken, lambda: "did it", lambda: ""))
    with pytest.raises(CommandError, match="Failed: broken"):
        call_command("tick")
    assert capsys.readouterr().out == "did it\n"
