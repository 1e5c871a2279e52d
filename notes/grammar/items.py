"""The lists of technologies and of links: `<url> (note)`, `[label](url) (note)` or as typed."""

import re

from notes.grammar.draft import LinkDraft
from notes.grammar.headings import BULLET, RULER, strip_bullet
from notes.grammar.lines import Line, one_line, split_list
from text.names import normalise_name
from text.problems import Problem
from text.urls import is_web_url

ARROWS = ("→", "->", "›", "»")
STARTS_WITH_ADDRESS = re.compile(r"\s*(?:<|\[|https?://)", re.IGNORECASE)
CLOSING = {"[": "]", "(": ")"}
ADDRESS = re.compile(r"h{1,5}ttps?:?/{1,2}\S|mailto:\S|www\.\S", re.IGNORECASE)
# hhttps://, https:/example.com, https//example.com
SCHEME = re.compile(r"h{1,5}(ttps?)(?:://|:/|//)(?!/)", re.IGNORECASE)
# example.com/path, or a name that ends like nothing but a host: not Node.js, not ASP.NET.
BARE_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,4}([a-z]{2,12})(/\S*)?", re.ASCII)
FILE_ENDINGS = {"js", "ts", "py", "rb", "php", "md", "txt", "json", "yml", "net", "go", "rs"}
SURE_ENDINGS = {"com", "org", "dev", "app"}

NAME_LENGTH = 80
NOT_IN_A_NAME = set("{}<>")


def read_links(lines: list[Line], name: str) -> tuple[list[LinkDraft], list[Problem]]:
    """The references or libraries. What isn't an address is named and left out."""
    links, problems = [], []
    for item in _items(lines):
        text = strip_bullet(item.text)
        link, address = read_link(text)
        if link is None:
            problems.append(item.error(name, "No web address; one begins with https://.", text))
            continue
        links.append(link)
        if link.url != address:
            repair = item.text.replace(address, link.url, 1)
            problems.append(item.warning(name, f"Read as {link.url}.", address, repair))
    return links, problems


def read_technologies(lines: list[Line]) -> tuple[list[str], list[Problem]]:
    """The technologies, each once whatever its spelling."""
    names: dict[str, str] = {}
    problems = []
    for item in _items(lines):
        listed = split_names(item.text)
        for name, address in map(_unlinked, listed or [strip_bullet(item.text)]):
            key = normalise_name(name)
            if address:
                message = "A technology's address belongs to its own page; left out here."
                problems.append(item.warning("technology", message, address))
            if not is_name(name):
                problems.append(item.error("technology", "Not a technology's name.", name))
            elif key in names:
                message = f"Listed already as “{names[key]}”; listed once."
                repair = "" if len(listed) == 1 else None
                problems.append(item.warning("technology", message, name, repair))
            else:
                names[key] = name
    return list(names.values()), problems


def is_name(name: str) -> bool:
    """Whether a technology may be called so, and a list read it back as it is."""
    if not normalise_name(name) or len(name) > NAME_LENGTH or set(name) & NOT_IN_A_NAME:
        return False
    return split_names(name) == [name] and not _unlinked(name)[1]


def split_names(item: str) -> list[str]:
    """The technologies of one line: `Django →` is one, `Django, Redis and nginx` are three."""
    text = one_line(strip_bullet(item))
    for arrow in ARROWS:
        text = text.removesuffix(arrow).rstrip()
    return split_list(text)


def _items(lines: list[Line]) -> list[Line]:
    """The list's items, wrapped ones on one line, each with the number of its first line."""
    margin = min((line.indent for line in lines if not line.blank), default=0)
    parts: list[tuple[Line, list[str]]] = []
    follows = False
    for line in lines:
        if line.blank or RULER.fullmatch(line.text):
            follows = False
            continue
        starts = BULLET.match(line.text) or STARTS_WITH_ADDRESS.match(line.text)
        if follows and line.indent > margin and not starts:
            parts[-1][1].append(line.text)
        else:
            parts.append((line, [line.text]))
        follows = True
    return [Line(line.number, " ".join(texts)) for line, texts in parts]


def _unlinked(name: str) -> tuple[str, str]:
    """A technology's name and the address it was linked to, if it was."""
    end = closing(name, 0) if name.startswith("[") else -1
    if end > 0 and name[end + 1 : end + 2] == "(" and name.endswith(")"):
        return name[1:end].strip(), name[end + 2 : -1]
    return name, ""


def read_link(item: str) -> tuple[LinkDraft | None, str]:
    """The link a list item holds and its address as written; no link where there is no address."""
    label, address, rest = _parts(one_line(item))
    url = fix_url(address)
    if not is_link_url(url):
        return None, address
    return LinkDraft(url, balance(label.strip(), "["), balance(_note(rest), "(")), address


def is_link_url(url: str) -> bool:
    """Whether a reference may point there: the web, a mailbox, or a page of this site."""
    if not url or any(char.isspace() or char in "<>" for char in url):
        return False
    if url.startswith("mailto:"):
        return "@" in url[len("mailto:") :]
    if url.startswith("/"):
        return not url.startswith("//")
    return is_web_url(url)


def fix_url(address: str) -> str:
    """The address as it must be meant: `hhttps://…` and `example.com/path` get their scheme."""
    if is_link_url(address):
        return address
    host = BARE_HOST.fullmatch(address)
    if address.startswith("www.") or (host and _is_host(host[1], host[2])):
        return f"https://{address}"
    scheme = SCHEME.match(address)
    return f"h{scheme[1].lower()}://{address[scheme.end() :]}" if scheme else address


def closing(text: str, start: int) -> int:
    """Where the bracket at `start` closes, minding nested ones and backslashes; -1: nowhere."""
    opener, closer, depth, at = text[start], CLOSING[text[start]], 0, start
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == opener:
            depth += 1
        elif text[at] == closer:
            depth -= 1
            if not depth:
                return at
        at += 1
    return -1


def is_balanced(text: str, opener: str) -> bool:
    """Whether the text, put between such brackets, is read back whole."""
    return closing(f"{opener}{text}{CLOSING[opener]}", 0) == len(text) + 1


def balance(text: str, opener: str) -> str:
    """The text with its brackets escaped if they are unbalanced."""
    if is_balanced(text, opener):
        return text
    return "".join(f"\\{char}" if char in "[]()\\" else char for char in text)


def _parts(text: str) -> tuple[str, str, str]:
    """Label, address and what follows. The address is empty where there is none."""
    if text.startswith("["):
        end = closing(text, 0)
        if end > 0 and text[end + 1 : end + 2] == "(":
            return _markdown(text, end)
    if text.startswith("<") and ">" in text:
        address, _, rest = text[1:].partition(">")
        return "", address, rest
    found = ADDRESS.search(text)
    if found and (found.start() == 0 or text[found.start() - 1] in " <"):
        label, rest = text[: found.start()], text[found.start() :]
    else:
        label, rest = "", text
    address, _, rest = rest.partition(" ")
    return label.rstrip(" <:-–—"), address.rstrip(",;>"), rest


def _markdown(text: str, end: int) -> tuple[str, str, str]:
    """The parts of `[label](address) rest`, whose label ends at `end`."""
    label, start = text[1:end], end + 2
    if text[start : start + 1] == "<" and ">)" in text[start:]:
        address, _, rest = text[start + 1 :].partition(">)")
        return label, address, rest
    stop = closing(text, end + 1)
    if stop < 0:
        return label, "", ""
    address, _, title = text[start:stop].strip().partition(" ")
    return label, address, title.strip("\"'() ") + text[stop + 1 :]


def _note(rest: str) -> str:
    """The note behind an address, without its brackets or dash."""
    rest = rest.strip()
    if rest.startswith("(") and closing(rest, 0) == len(rest) - 1:
        return rest[1:-1].strip()
    return rest.lstrip("-–—:,; ")


def _is_host(ending: str, path: str | None) -> bool:
    return ending not in FILE_ENDINGS if path else ending in SURE_ENDINGS
