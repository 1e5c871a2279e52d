"""Tells where YAML goes wrong and how to mend it: the parser names a later line, and a symptom."""

import yaml

IN_QUOTES = "YAML: put this text in quotes, because it contains “: ”."
NO_KEY = "YAML: this line is no “key: value”. Indent it if it continues the text above."
OPEN_QUOTE = "YAML: the quotation mark that opens here isn’t closed."


def find_slip(failure: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line, 0-based, and what to do there; else what the parser says."""
    mark = getattr(failure, "problem_mark", None)
    reason = getattr(failure, "problem", None) or "not readable"
    context = getattr(failure, "context", None) or ""
    begins = getattr(failure, "context_mark", None) or mark
    if mark is None or begins is None:
        return 0, f"YAML: {reason}."
    if reason.startswith("mapping values are not allowed"):
        return mark.line, IN_QUOTES
    if "quoted scalar" in context and "unexpected end" in reason:
        return begins.line, OPEN_QUOTE
    if reason.startswith("could not find expected ':'"):
        return _without_colon(text.split("\n"), begins.line)
    return mark.line, f"YAML: {reason}."


def _without_colon(lines: list[str], begins: int) -> tuple[int, str]:
    """The line, and why; a colon in the text above makes a line look like a key without one."""
    at = begins
    while at > 0 and (not lines[at].strip() or lines[at][0].isspace()):
        if ": " in lines[at] or lines[at].endswith(":"):
            return at, IN_QUOTES
        at -= 1
    return begins, NO_KEY
