"""The files of settings in /etc/podcast, read by the rules of systemd's EnvironmentFile=.

`python3 -I environment_file.py FILE… -- COMMAND…` runs a command with their variables. So it gets
the values that the services get; a shell would read `$`, `&` and quotes in another way. Later files
override earlier ones and the caller's environment. A file named with a leading `-` may be missing.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# As systemd's src/basic/env-file.c; a value may have several quoted parts before a plain one.
NEXT = re.compile(
    r"[ \t\n\r]*(?:(?P<comment>[#;][^\n\r]*)|(?P<name>[^ \t\n\r][^=\n\r]*)(?P<equals>=?))"
)
SINGLE = re.compile(r"[ \t]*'([^']*)(?:'|\Z)")
DOUBLE = re.compile(r'[ \t]*"((?:[^"\\]|\\(?:.|\Z))*)(?:"|\Z)', re.DOTALL)
PLAIN = re.compile(r"[ \t]*((?:[ \t]*(?:[^\\ \t\n\r]|\\(?:.|\Z)))*)[ \t]*", re.DOTALL)
ESCAPED = re.compile(r"\\(.|\Z)", re.DOTALL)


def assignments(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Line, name and value of each; a line without `=` has no value."""
    at = 0
    while found := NEXT.match(text, at):
        at = found.end()
        if found["comment"]:
            continue
        line = text.count("\n", 0, found.start("name")) + 1
        value = None
        if found["equals"]:
            value, at = _value(text, at)
        yield line, found["name"].rstrip(), value


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins there, and where it ends."""
    parts = []
    while True:
        if found := SINGLE.match(text, at):
            parts.append(found[1])
        elif found := DOUBLE.match(text, at):
            parts.append(ESCAPED.sub(_within_quotes, found[1]))
        else:
            break
        at = found.end()
    plain = PLAIN.match(text, at)
    if not plain:  # it matches anything
        return "".join(parts), at
    parts.append(ESCAPED.sub(lambda each: "" if each[1] in "\n\r" else each[1], plain[1]))
    return "".join(parts), plain.end()


def _within_quotes(escaped: re.Match[str]) -> str:
    if escaped[1] == "\n":
        return ""
    return escaped[1] if escaped[1] in '"\\`$' else escaped[0]


def assignment(name: str, value: str) -> str:
    """A line for such a file, which shells and compose read in the same way."""
    if re.fullmatch(r"[\w./:@%+,=-]*", value, re.ASCII):
        return f"{name}={value}\n"
    if "'" not in value:
        return f"{name}='{value}'\n"
    escaped = re.sub(r'["\\`$]', r"\\\g<0>", value)
    return f'{name}="{escaped}"\n'


def read(path: Path) -> dict[str, str]:
    """Its variables. Names on stderr what looks wrong. Raises OSError, and UnicodeDecodeError."""
    values: dict[str, str] = {}
    for line, name, value in assignments(path.read_bytes().decode()):
        if value is None or not NAME.fullmatch(name):
            sys.stderr.write(f"{path}, line {line} is ignored: it isn't NAME=value.\n")
            continue
        if "\n" in value:
            sys.stderr.write(
                f"{path}, line {line}: a quote after {name}= isn't closed on that line.\n"
            )
        if values.get(name, value) != value:
            sys.stderr.write(f"{path}, line {line}: {name} is set again, and this one counts.\n")
        values[name] = value
    return values


def main(arguments: list[str]) -> None:
    separator = arguments.index("--")
    environment = dict(os.environ)
    for name in arguments[:separator]:
        path = Path(name.removeprefix("-"))
        if name == str(path) or path.exists():
            try:
                environment |= read(path)
            except (OSError, UnicodeDecodeError) as error:
                sys.exit(f"{path} can't be read: {error}")
    command = arguments[separator + 1 :]
    os.execvpe(command[0], command, environment)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
