"""This site's version, which pyproject.toml states and `./run release` raises."""

import os
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
VERSION: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
# What runs here, such as a commit: ETags name it, so that pages of another release are stale.
RELEASE = os.environ.get("RELEASE", VERSION)
