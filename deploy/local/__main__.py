"""Entry point of `./run`, which executes this folder."""

import sys
from pathlib import Path

# Python put this folder on the path; the modules in it are imported as deploy.local.
sys.path[0] = str(Path(__file__).resolve().parents[2])

from deploy.local.commands import main  # noqa: E402

if __name__ == "__main__":
    main()
