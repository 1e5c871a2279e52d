"""A frozen copy of the site in a folder: `site/` with its files, and `nginx.conf`."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from pages.metadata import metadata
from pages.rendering import render_page
from show.models import Show
from transfer.export.catalogue import one_moment
from transfer.export.folder import Writer, replaced_folder
from transfer.export.media import copy
from transfer.freeze.crawl import ROOT, Crawl
from transfer.freeze.nginx import Served, nginx_file
from transfer.freeze.unlinked import former_addresses, numbers, unlisted
from transfer.site_client import Answer, Site

NGINX = "nginx.conf"
NOWHERE = "/-/-"  # an address that no site has


def freeze(folder: Path, listen: str, say: Callable[[int], object]) -> Crawl:
    """Write the copy; what the crawl found. `say` is told how many pages there are so far.

    Raises BrokenLinks, NotOurFolder and OSError; then the folder is as it was.
    """
    site = Site()
    with replaced_folder(folder, NGINX) as writer, one_moment():
        crawl = Crawl(site, writer, say)
        crawl.run(unlisted())
        crawl.former(former_addresses())
        _write_errors(crawl)
        _copy_static(writer)
        host = urlsplit(site.origin).hostname or "localhost"
        served = Served(site.origin, host, folder.resolve(), listen)
        writer.text(NGINX, nginx_file(crawl, numbers(), served))
    return crawl


def _write_errors(crawl: Crawl) -> None:
    crawl.page("404.html", crawl.site.ask(NOWHERE))
    for path in sorted(crawl.gone)[:1]:
        crawl.page("410.html", crawl.site.ask(path))
    crawl.page("frozen.html", _frozen_page(crawl.site))


def _frozen_page(site: Site) -> Answer:
    """What the copy says where only the running site could answer."""
    request = HttpRequest()
    request.path = reverse("search")
    show = Show.objects.current()
    head = metadata(show, "An archived copy", "", robots="noindex")
    host = urlsplit(site.origin).hostname
    response = render_page(
        request, "pages/frozen.html", show=show, metadata=head, section="search", host=host
    )
    return Answer(200, {"Content-Type": "text/html"}, iter([response.render().content]))


def _copy_static(writer: Writer) -> None:
    """Style sheets and scripts, with the compressed ones beside them."""
    root = Path(settings.STATIC_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            name = f"{ROOT}{settings.STATIC_URL}{path.relative_to(root).as_posix()}"
            with path.open("rb") as source, writer.place(name).open("wb") as target:
                writer.sums[name] = copy(source, target)
