"""`./run typeface`: writes the display face anew, for pages and for social cards.

Needs npm; the site itself never fetches a font. To update, raise PIAZZOLLA, run it again and copy
the printed rules to static/css/site.css.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.environment import ROOT
from deploy.local.icons import run

PIAZZOLLA = "@expo-google-fonts/piazzolla@0.4.2"
# As wide as Georgia and Times New Roman; the serifs of Android and Debian.
SYSTEM_FONTS = (
    "@expo-google-fonts/gelasio@0.4.1",
    "@expo-google-fonts/tinos@0.4.2",
    "@expo-google-fonts/noto-serif@0.4.2",
    "dejavu-fonts-ttf@2.37.3",
)
FONTTOOLS = ("fonttools==4.68.0", "brotli==1.2.0")


def typeface() -> int:
    """Install what it takes in a temporary folder, and run deploy/typeface/make.py."""
    with TemporaryDirectory() as folder:
        options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]
        run(["npm", "install", *options, "--prefix", folder, PIAZZOLLA, *SYSTEM_FONTS])
        python = Path(folder, "venv", "bin", "python")
        run([sys.executable, "-m", "venv", str(python.parents[1])])
        run([str(python), "-m", "pip", "install", "--quiet", *FONTTOOLS])
        make = [str(python), "-m", "deploy.typeface.make", f"{folder}/node_modules"]
        return subprocess.run(make, cwd=ROOT).returncode
