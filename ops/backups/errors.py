"""What stops a backup, a check or a restore."""

import errno

from text.problems import reason_of


class BackupError(Exception):
    """Something the host can mend; `str()` says how."""


def in_words(failure: OSError) -> str:
    """A refusal of the system's, or a bucket's, with what helps."""
    reason = reason_of(failure)
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"No room left ({reason}). Backups that were complete stay valid. Make room there, "
            "or name another place by BACKUP_URL."
        )
    if isinstance(failure, PermissionError):
        return f"Not allowed ({reason}). Give it to the user who runs this: chown, chmod."
    return reason
