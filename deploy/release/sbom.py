"""`./run sbom [FILE]`: the packages that the site consists of, as a CycloneDX document.

Run in the virtual environment: `python -m deploy.release.sbom FILE`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.release.licences import SITE, find_licences, pinned

REQUIREMENTS = SITE[0]  # images and releases have no others


def main(output: str) -> int:
    """Write the document, with the pins' hashes and the packages' licences."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore::UserWarning", "-m", "cyclonedx_py", "requirements",
         "--pyproject=pyproject.toml", "--output-format=JSON", str(REQUIREMENTS)],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    document: dict[str, Any] = json.loads(ran.stdout)
    installed = pinned(REQUIREMENTS)
    for component in document["components"]:
        del component["description"]  # the line in the requirements
        if component["name"] in installed:
            licences = find_licences(component["name"])
            component["licenses"] = [{"license": {"name": licence}} for licence in licences]
    path = Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"{len(document['components'])} packages in {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
