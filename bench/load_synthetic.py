"""Load synthetic episodes through `import_show_notes`, and print how long it takes.

./run bench load_synthetic --episodes 1000 [--seed 1] [--remove]
"""

import argparse
import tempfile
import time
from pathlib import Path

from django.core.management import call_command

from bench.synthetic import write_files
from episodes.models import Episode


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--episodes", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--remove", action="store_true", help="remove them again")
    options = arguments.parse_args()
    if options.remove:
        removed, _ = Episode.with_deleted.filter(guid__startswith="urn:synthetic:").delete()
        print(f"{removed} rows removed")
        return
    with tempfile.TemporaryDirectory() as folder:
        notes, facts = write_files(Path(folder), options.episodes, options.seed)
        started = time.perf_counter()
        call_command("import_show_notes", str(notes), facts=facts)
        seconds = time.perf_counter() - started
    per_episode = seconds / options.episodes * 1000
    print(f"{options.episodes} episodes in {seconds:.1f} s: {per_episode:.1f} ms each")
