"""What `./run doctor` says of the private installation."""

import shutil
from pathlib import Path

from deploy.local.binaries import account_for
from deploy.local.doctor import private_database
from deploy.local.postgres import PrivateDatabase


def test_the_private_installations_role_is_a_hint(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    if account := account_for(None):
        shutil.chown(tmp_path / "data", account.uid, account.gid)
    found = {each.subject: each for each in private_database(PrivateDatabase(tmp_path))}
    assert "a superuser" in found["Role"].text
    assert not found["Role"].fix
