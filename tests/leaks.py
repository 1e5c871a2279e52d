"""Keys and passwords among the committed files: `python -m tests.leaks`, for `./run check`.

detect-secrets knows what they look like. Words that only may be one (`password = "…"`, strings that
look random) are looked for outside of tests, benches and recorded hashes of SQL files; a line
that is meant to be there ends in “pragma: allowlist secret”.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from deploy.local.environment import ROOT

# Locks hold hashes; the sample and its pictures are published elsewhere.
LEFT_OUT = re.compile(r"(^|/)(requirements[\w-]*\.txt|package-lock\.json)$|^fixtures/|\.(svg|png)$")
FULL_OF_SUCH = re.compile(
    r"(^|/)tests?/|/migrations/\d{4}_sql_files\.py$|(^|/)conftest\.py$|^bench/"
)
VAGUE = {"KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString"}
# Placeholders for passwords in examples and tests, where a database's URL needs one.
PLACEHOLDERS = [r"^(PASSWORD|password|secret|hunter2|x+)$", r"^\$\{?\w+"]
FILTERS = [
    {"path": "detect_secrets.filters.allowlist.is_line_allowlisted"},
    {"path": "detect_secrets.filters.heuristic.is_indirect_reference"},
    {"path": "detect_secrets.filters.heuristic.is_templated_secret"},
    {"path": "detect_secrets.filters.heuristic.is_sequential_string"},
    {"path": "detect_secrets.filters.regex.should_exclude_secret", "pattern": PLACEHOLDERS},
]


def main() -> int:
    """Print what was found, by file and line, never the words themselves; 1 if anything was."""
    files = committed()
    own = [file for file in files if not FULL_OF_SUCH.search(file)]
    found = sorted({*leaks(suspicious(files), certain()), *leaks(own, VAGUE)})
    for file, line, kind in found:
        print(f"{file}:{line}: {kind}")
    return 1 if found else 0


def committed() -> list[str]:
    """Files that git has, or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    names = (name.decode() for name in listed.split(b"\0") if name)
    return [name for name in names if not LEFT_OUT.search(name) and (ROOT / name).is_file()]


def certain() -> set[str]:
    """The detectors of what has a form of its own, such as keys of AWS."""
    kinds: dict[str, type] = get_mapping_from_secret_type_to_class()
    every = {kind.__name__ for kind in kinds.values()}
    return every - VAGUE - {"IPPublicDetector"}


def suspicious(files: Iterable[str]) -> Iterator[str]:
    """Those in which a certain detector's pattern occurs: reading all lines takes far longer."""
    kinds: dict[str, type] = get_mapping_from_secret_type_to_class()
    forms = [
        form for kind in kinds.values() if kind.__name__ in certain() for form in kind().denylist
    ]
    for file in files:
        text = (ROOT / file).read_text(errors="replace")
        if any(form.search(text) for form in forms):
            yield file


def leaks(files: Iterable[str], detectors: set[str]) -> Iterator[tuple[str, int, str]]:
    settings: dict[str, Any] = {
        "plugins_used": [{"name": name} for name in sorted(detectors)],
        "filters_used": FILTERS,
    }
    with transient_settings(settings):
        for file in files:
            for secret in scan_file(str(ROOT / file)):
                yield file, secret.line_number, secret.type


if __name__ == "__main__":
    sys.exit(main())
