"""How import commands end."""

from io import StringIO

import pytest
from django.core.management import CommandError

from transfer.console import reporting


def test_ctrl_c_ends_with_what_is_done():
    out = StringIO()
    with (
        pytest.raises(CommandError, match="is whole") as stopped,
        reporting(out, dry_run=False) as report,
    ):
        report.outcome("1: A site", "new")
        raise KeyboardInterrupt
    assert stopped.value.returncode == 130
    assert "1 imported: 1 new" in out.getvalue()


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (FileNotFoundError(2, "No such file", "notes.txt"), "notes.txt: No such file"),
        (TimeoutError("no answer"), "no answer"),
    ],
)
def test_what_the_system_refuses_is_told_in_a_line(failure: OSError, told: str):
    with pytest.raises(CommandError, match=f"^{told}$"), reporting(StringIO(), dry_run=False):
        raise failure
