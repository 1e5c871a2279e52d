"""What `./run word_vectors` says when it can't have what it takes."""

import socket
from pathlib import Path

import pytest

from deploy.local import word_vectors
from deploy.word_vectors.texts import download


def test_packages_that_cannot_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "venv/bin"
    folder.mkdir(parents=True)
    for name in ("python", "pip"):
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    monkeypatch.setattr(word_vectors, "FOLDER", tmp_path)

    with pytest.raises(SystemExit, match="Could not install the packages"):
        word_vectors.word_vectors()


def test_texts_that_cannot_be_downloaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/texts"
    with pytest.raises(SystemExit, match=f"{url} can't be downloaded: "):
        download(url)
