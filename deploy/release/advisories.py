"""`./run audit`: known vulnerabilities of the pinned packages, and which version mends each.

Run in the virtual environment: `python -m deploy.release.advisories`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.version import Version

from deploy.release.licences import SITE, TOOLS

# Where advisories come from, in this order: the first that answers counts.
SERVICES = {
    "osv.dev": ["--vulnerability-service=osv"],
    "pypi.org": ["--vulnerability-service=pypi"],
}
# How pip-audit ends if a service is away: not reached, cut off, overloaded or out of order.
AWAY = re.compile(
    r"^requests\.exceptions\.(ConnectionError|ProxyError|SSLError|ReadTimeout|ChunkedEncodingError)\b"
    r"|^requests\.exceptions\.HTTPError: (429|5\d\d) |Could not connect to",
    re.M,
)
# Advisories about code that never runs here, each with its reason.
ACCEPTED: dict[str, str] = {}


class AuditFailed(Exception):
    """Of one service, although it answers: nobody has looked for its advisories."""


def main() -> int:
    return audit((*SITE, *TOOLS), SERVICES, ACCEPTED)


def audit(
    files: Sequence[Path], services: Mapping[str, list[str]], accepted: Mapping[str, str]
) -> int:
    """Print each advisory with its remedy; 1 if there is one, 0 also if no service answers.

    A failure with one service ends with 1, too, unless a later one answers.
    """
    failures = 0
    for service, options in services.items():
        try:
            packages = ask(files, service, options)
        except AuditFailed as error:
            print(error)
            failures += 1
            continue
        known = [package for package in packages if "skip_reason" not in package]
        if not known:
            continue
        problems = [line for package in known for line in describe(package, accepted)]
        print("\n".join(problems) or f"{service} knows of nothing against {len(known)} packages.")
        if unknown := [package["name"] for package in packages if "skip_reason" in package]:
            print(f"{service} doesn't know {', '.join(unknown)}.")
        return 1 if problems else 0
    if failures:
        return 1
    print(f"skipped: advisories come from {' or '.join(services)}, and neither answers here.")
    return 0


def ask(files: Sequence[Path], service: str, options: Sequence[str]) -> list[dict[str, Any]]:
    """The pinned packages with their advisories, by pip-audit; none if the service is away.

    Raises AuditFailed if pip-audit fails in another way.
    """
    given = [part for path in files for part in ("--requirement", str(path))]
    ran = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--disable-pip", "--format=json",
         "--progress-spinner=off", *options, *given],
        capture_output=True, text=True,
    )  # fmt: skip
    if not ran.stdout.startswith("{"):
        if not AWAY.search(ran.stderr):
            raise AuditFailed(f"{service}: pip-audit failed:\n{ran.stderr}")
        reason = ran.stderr.strip().split("\n")[-1]
        print(f"{service} doesn't answer: {reason}")
        return []
    found: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
    return found


def describe(package: Mapping[str, Any], accepted: Mapping[str, str]) -> Iterator[str]:
    """A line for each advisory about a package that isn't accepted."""
    name, version = package["name"], Version(package["version"])
    for advisory in package["vulns"]:
        names = [advisory["id"], *sorted(advisory["aliases"])]
        if not accepted.keys().isdisjoint(names):
            continue
        newer = sorted(
            Version(each) for each in advisory["fix_versions"] if Version(each) > version
        )
        remedy = (
            f"{newer[0]} mends it: ./run lock --upgrade-package {name}=={newer[0]}"
            if newer
            else "no version mends it: do without the package, or give a reason in ACCEPTED"
        )
        yield f"{name} {version}: {' '.join(names)}; {remedy}"


if __name__ == "__main__":
    sys.exit(main())
