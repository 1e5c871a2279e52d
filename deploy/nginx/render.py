"""nginx's configuration from its template, for machines without nginx's own image and for tests.

`python3 -m deploy.nginx.render FILE…` prints it, with the variables of the files: lines such as
`NGINX_LISTEN=127.0.0.1:8080`. Later files override earlier ones; within a file, a present name
overrides a former one. `--variables` prints the resulting variables instead.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.environment_file import assignment, assignments

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "podcast.conf.template"
VARIABLE = re.compile(r"\$\{(NGINX_[A-Z_]+)\}")
TABLE = re.compile(r"^(FRONT_[A-Z]+) (NGINX_[A-Z_]+)$", re.MULTILINE)
FORMER_NAMES = dict(TABLE.findall((FOLDER / "former-names.envsh").read_text()))
FORMER_VALUES = {"$front_scheme": "$podcast_scheme"}


def render(values: dict[str, str]) -> str:
    """The configuration with these values. Raises KeyError naming one that is missing."""
    proxies = values["NGINX_TRUSTED_PROXIES"].split()
    trusted = " ".join(f"set_real_ip_from {address};" for address in proxies)
    values = values | {"NGINX_TRUSTED_PROXIES": trusted}
    return VARIABLE.sub(lambda match: values[match[1]], TEMPLATE.read_text())


def variables() -> set[str]:
    return set(VARIABLE.findall(TEMPLATE.read_text()))


def read_variables(files: Iterable[Path]) -> dict[str, str]:
    """Each variable's value. Raises OSError; ValueError naming a line that sets none."""
    values: dict[str, str] = {}
    for file in files:
        values |= _read_file(file)
    return {name: FORMER_VALUES.get(value, value) for name, value in values.items()}


def _read_file(file: Path) -> dict[str, str]:
    former: dict[str, str] = {}
    current: dict[str, str] = {}
    for number, given, value in assignments(file.read_text()):
        name = FORMER_NAMES.get(given, given)
        where = f"{file}, line {number}: {given}"
        if name not in variables() or value is None:
            raise ValueError(f"{where}: not one of {sorted(variables())}")
        if name == given:
            current[name] = value
            continue
        former[name] = value
        sys.stderr.write(f"{where} is now {name}; the former name works until version 2.0.\n")
    return former | current


def main(arguments: list[str]) -> None:
    files = [Path(each) for each in arguments if each != "--variables"]
    try:
        values = read_variables(files)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    if "--variables" in arguments:
        sys.stdout.writelines(assignment(name, value) for name, value in values.items())
    else:
        sys.stdout.write(render(values))


if __name__ == "__main__":
    main(sys.argv[1:])
