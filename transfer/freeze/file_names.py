"""Which file an address of the site has in its frozen copy. The nginx file finds it by this rule:

/podcast/          podcast/index.html        /podcast/?page=2    podcast/index@page=2.html
/podcast/37-a      podcast/37-a.html         /podcast/feed.xml   podcast/feed.xml
"""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

# What nginx puts into a file's name: no slash can lead elsewhere.
QUERY = re.compile(r"[-A-Za-z0-9=&_+%.~]{1,180}")


def file_of(address: str, type_: str) -> str | None:
    """The file's name; None where a plain file can't stand at this address."""
    path, _, query = address.partition("?")
    name = unquote(path).removeprefix("/")
    if "\0" in name or ".." in PurePosixPath(name).parts:
        return None
    if query and not QUERY.fullmatch(query):
        return None
    if name.endswith("/") or not name:
        name += "index"
    suffix = f"@{query}" if query else ""
    ending = ".html" if type_ == "text/html" else ""
    longest = max(len(part.encode()) for part in f"{name}{suffix}{ending}.gz".split("/"))
    return f"{name}{suffix}{ending}" if longest <= 255 else None
