"""What `./run doctor` says of the private installation."""

import shutil
from pathlib import Path

from deploy.local.binaries import account_for
from deploy.local.doctor import private_database, programs
from deploy.local.postgres import PrivateDatabase


def test_a_postgresql_without_pgvector_is_a_hint(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 99.1'\n")
    (folder / "postgres").chmod(0o755)
    *_, found = programs({"PGBIN": str(folder)}, tmp_path / "data")
    assert "no pgvector" in found.text
    assert not found.fix
    (tmp_path / "share/extension").mkdir(parents=True)
    (tmp_path / "share/extension/vector.control").touch()
    *_, found = programs({"PGBIN": str(folder)}, tmp_path / "data")
    assert found.text == "by words and by meaning"


def test_the_private_installations_role_is_a_hint(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    if account := account_for(None):
        shutil.chown(tmp_path / "data", account.uid, account.gid)
    found = {each.subject: each for each in private_database(PrivateDatabase(tmp_path))}
    assert "a superuser" in found["Role"].text
    assert not found["Role"].fix
