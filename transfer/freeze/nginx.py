"""The nginx file that serves a frozen copy under the site's own addresses."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from episodes.addresses import SUFFIXES
from transfer.freeze.crawl import ROOT, Crawl, Kind

# Parameters that choose what a page shows: without a file of its own, such a page isn't here.
CHOOSING = {"stack", "not", "guest", "year", "page", "q", "feed", "p"}
# Addresses that the file below has a place for.
TAKEN = {"/search", "/search/suggest", "/404.html", "/410.html", "/frozen.html"}
TYPES = """
        text/html html;
        text/css css;
        text/javascript js mjs;
        text/plain txt;
        text/markdown md;
        text/vtt vtt;
        application/json json;
        application/xml xml;
        image/svg+xml svg;
        image/png png;
        image/jpeg jpg jpeg;
        image/gif gif;
        image/webp webp;
        image/avif avif;
        image/x-icon ico;
        font/woff2 woff2;
        audio/mpeg mp3;
        audio/mp4 m4a;
        audio/ogg ogg opus;
        audio/wav wav;
        video/mp4 mp4;
    """
FILE = """# Made by `freeze`: a frozen copy of {origin}, plain files under the same addresses.
# Include it in nginx's http block; Debian reads /etc/nginx/sites-enabled/. Lines of your own, as
# for a certificate, go into files {server}.

# A page's file, and what its query adds to the name (podcast/index@page=2.html). Parameters that
# choose nothing, such as ?t= or ?utm_source=, are passed over.
map $uri $frozen_page {{
    default $uri;
    "~^(?<frozen_folder>.*)/$" "${{frozen_folder}}/index";
}}
map $uri $frozen_file {{
    default $uri;
    "~/$" /none;
}}
map $uri $frozen_index {{
    default "$uri/index.html";
    "~/$" /none;
}}
map $args $frozen_query {{
    default "";
    "~^(?=(?:.*&)?(?:{parameters})=)[-A-Za-z0-9=&_+%.\\~]+$" "@$args";
    "~(?:^|&)(?:{parameters})=" "@none";
}}
# What isn't here: a page that never was, or a choice that only a running site can answer.
map $frozen_query $frozen_missing {{
    "" /404.html;
    default /frozen.html;
}}
# The time in /37/25:26, which the page's script reads behind a #.
map $uri $frozen_time {{
    default "";
    "~/(?<frozen_clock>[0-9][0-9hms:]*)$" "#$frozen_clock";
}}

server {{
    listen {listen};
    server_name {host};
    root "{root}";
    charset utf-8;
    absolute_redirect off;
    gzip_static on;
    gzip_vary on;
    include "{server}";
    error_page 404 $frozen_missing;
    error_page 410 /410.html;
    types {{{types}}}

    if ($request_uri ~ "^(/(?:[^/?][^?]*/)?)index\\.html?(?:\\?|$)") {{
        return 301 $1$is_args$args;
    }}
    if ($request_uri ~ "^(/[^/?][^?]*)\\.html?(?:\\?|$)") {{
        return 301 $1$is_args$args;
    }}

    location / {{
        try_files $frozen_page$frozen_query.html $frozen_file$frozen_query @elsewhere;
{headers}    }}
    location @elsewhere {{
        if (-f $document_root$frozen_index) {{
            return 301 $uri/$is_args$args;
        }}
        set $frozen_stem "";
        if ($uri ~ "^(/[^/].*[^/])/+$") {{
            set $frozen_stem $1;
        }}
        if (-f $document_root$frozen_stem.html) {{
            return 301 $frozen_stem$is_args$args;
        }}
        return 404;
    }}
    location ~ "^/tags(?<frozen_rest>/.+?)?/?$" {{
        set $frozen_tag $frozen_rest;
        if ($frozen_tag = "") {{
            set $frozen_tag /;
        }}
        return 301 /stack$frozen_tag$is_args$args;
    }}
    location ^~ /static/ {{
        try_files $uri =404;
        add_header Cache-Control "public, max-age=31536000, immutable";
        add_header X-Content-Type-Options nosniff;
    }}
    location ^~ /media/ {{
        try_files $uri =404;
        default_type application/octet-stream;
        add_header Cache-Control "public, max-age=31536000, immutable";
        add_header X-Content-Type-Options nosniff;
    }}
    # Searching needs the site itself, which this page says.
    location = /search {{
        try_files /frozen.html =404;
{headers}    }}
    location = /search/suggest {{
        return 204;
    }}
{errors}{kinds}{redirects}}}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """Where and how nginx is to serve the copy."""

    origin: str
    host: str
    folder: Path
    listen: str


def nginx_file(crawl: Crawl, numbers: Iterable[tuple[int, str]], served: Served) -> str:
    """The configuration, the same for the same site."""
    pages = Counter(kind for kind in crawl.kinds.values() if kind.type.startswith("text/html"))
    usual = pages.most_common(1)[0][0]
    return FILE.format(
        origin=served.origin,
        host=served.host,
        root=served.folder / ROOT,
        server=served.folder / "server.d" / "*.conf",
        listen=served.listen,
        parameters="|".join(sorted(CHOOSING | crawl.parameters)),
        types=TYPES,
        headers=_headers(usual),
        errors="".join(_error_page(name, usual) for name in ("404", "410", "frozen")),
        kinds="".join(_other_kinds(crawl.kinds, usual)),
        redirects="".join(_exact_places(crawl, numbers)),
    )


def _target(address: str) -> str:
    """Where a redirect leads, with the query it was asked with: `$` and `"` are percent-encoded."""
    args = "" if "?" in address else "$is_args$args"
    return '"' + quote(address, safe="/:?&=#%@+,;~!*'()[]-._") + args + '"'


def _headers(kind: Kind) -> str:
    values = [(name, value.replace("\\", "").replace('"', '\\"')) for name, value in kind.headers]
    return "".join(f'        add_header {name} "{value}" always;\n' for name, value in values)


def _error_page(name: str, usual: Kind) -> str:
    return f"    location = /{name}.html {{\n        internal;\n{_headers(usual)}    }}\n"


def _other_kinds(kinds: dict[str, Kind], usual: Kind) -> Iterator[str]:
    """Files that aren't like most pages: by the last part of their address, else one by one."""
    by_name: defaultdict[str, list[tuple[str, Kind]]] = defaultdict(list)
    for path, kind in sorted(kinds.items()):
        if kind != usual and not path.startswith("/media/"):
            by_name[_group(path)].append((path, kind))
    for name, members in sorted(by_name.items()):
        most = Counter(kind for _, kind in members).most_common(1)[0][0]
        if len(members) > 1 and name:
            yield _location(f'~ "{name}"', most)
        for path, kind in members:
            if len(members) == 1 or not name or kind != most:
                yield _location(f"= {_quoted(path)}", kind)


def _group(path: str) -> str:
    """The pattern of the addresses that end alike."""
    endings = (*SUFFIXES, "/feed.xml", ".png")
    ending = next((each for each in endings if path.endswith(each)), "")
    return f"{ending.replace('.', '[.]')}$" if ending else ""


def _location(matching: str, kind: Kind) -> str:
    is_page = kind.type.startswith("text/html")
    types = "" if is_page else f'        types {{ }}\n        default_type "{kind.type}";\n'
    found = "$frozen_page$frozen_query.html $frozen_file$frozen_query @elsewhere"
    return (
        f"    location {matching} {{\n        try_files {found};\n{types}{_headers(kind)}    }}\n"
    )


def _exact_places(crawl: Crawl, numbers: Iterable[tuple[int, str]]) -> Iterator[str]:
    """What moved or is gone, and episodes by number: an address each, and no address twice."""
    actions = {path: f"return {_redirect(crawl, path)}" for path in crawl.redirects}
    actions |= dict.fromkeys(crawl.gone, "return 410")
    for number, path in numbers:
        for short in (f"/{number}", f"/podcast/{number}"):
            actions.setdefault(short, f"return 301 {_target(path)}")
            yield f'    location ^~ {short}/ {{ return 301 "{path}$frozen_time"; }}\n'
    for path in sorted(actions.keys() - crawl.kinds.keys() - TAKEN):
        yield f"    location = {_quoted(path)} {{ {actions[path]}; }}\n"


def _redirect(crawl: Crawl, path: str) -> str:
    status, target = crawl.redirects[path]
    return f"{status} {_target(target.removeprefix(crawl.site.origin) or '/')}"


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
