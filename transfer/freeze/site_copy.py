"""A frozen copy of the site in a folder: `site/` with its files, and `nginx.conf`."""

import re
from collections.abc import Callable, Container
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files import File
from django.core.management.base import CommandError
from django.http import HttpRequest, HttpResponseBase

from pages.metadata import metadata
from pages.page_cards import draw_missing
from pages.rendering import render_page
from show.models import Show
from transfer.export.catalogue import snapshot
from transfer.export.folder import Writer, replaced_folder
from transfer.freeze.addresses import file_of
from transfer.freeze.crawl import ROOT, Crawl
from transfer.freeze.nginx import nginx_file
from transfer.freeze.plain_files import finish_texts, write_redirects
from transfer.freeze.rewrite import NOTICE
from transfer.freeze.unlinked import episode_numbers, former_addresses, unlinked_pages
from transfer.site_client import COLLECT_FIRST, SiteClient

NGINX = "nginx.conf"
MISSING = "/-/-"  # an address that no site has
ICONS = "icons/"  # of all technologies that we know: many times the site's other files
COMPRESSED = re.compile(r"\.(?:gz|br)$")


def freeze(folder: Path, listen: str, progress: Callable[[str], object]) -> Crawl:
    """Write the copy; the finished crawl. `progress` is called with what is done so far.

    Raises BrokenLinks, FolderRefused and OSError; the folder is then unchanged.
    """
    if not settings.STATIC_ROOT or not Path(settings.STATIC_ROOT).is_dir():
        raise CommandError(COLLECT_FIRST)
    site = SiteClient()
    with replaced_folder(folder, NGINX) as writer:
        # Before the snapshot, in which nothing can be stored.
        draw_missing(lambda count, all_: progress(f"{count} of {all_} social cards drawn"))
        with snapshot():
            return _write(site, writer, folder, listen, progress)


def _write(
    site: SiteClient, writer: Writer, folder: Path, listen: str, progress: Callable[[str], object]
) -> Crawl:
    """Write all files of the copy, from one snapshot of the database."""
    crawl = Crawl(site, writer, progress)
    crawl.run(unlinked_pages())
    crawl.former(former_addresses())
    crawl.write("404.html", site.get(MISSING))
    for path in sorted(crawl.gone)[:1]:
        crawl.write("410.html", site.get(path))
    crawl.write(file_of(NOTICE, "text/html") or "", _notice(site))
    numbers = list(episode_numbers())
    crawl.unmoved = write_redirects(crawl, numbers)
    finish_texts(crawl)
    # Or GitHub Pages would leave out names that begin with a dot or an underscore.
    writer.text(f"{ROOT}/.nojekyll", "")
    _copy_static(writer, crawl.static)
    writer.text(NGINX, nginx_file(crawl, numbers, folder.resolve(), listen))
    return crawl


def _notice(site: SiteClient) -> HttpResponseBase:
    """The page for addresses that only a running site can answer."""
    request = HttpRequest()
    request.path = NOTICE
    show = Show.objects.current()
    head = metadata(show, "An archived copy", "", robots="noindex")
    host = urlsplit(site.origin).hostname
    response = render_page(request, "pages/frozen.html", head, section="search", host=host)
    return response.render()


def _copy_static(writer: Writer, named: Container[str]) -> None:
    """Copy style sheets, scripts and the icons named by pages, with their compressed variants."""
    root = Path(settings.STATIC_ROOT)
    for path in sorted(filter(Path.is_file, root.rglob("*"))):
        name = path.relative_to(root).as_posix()
        if name.startswith(ICONS) and COMPRESSED.sub("", name) not in named:
            continue
        with path.open("rb") as file:
            writer.blocks(f"{ROOT}{settings.STATIC_URL}{name}", File(file).chunks())
