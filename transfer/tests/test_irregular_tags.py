"""Tag files of the old site: they state no name, and not always a clean address."""

from pathlib import Path

import pytest

from episodes.models import Episode
from episodes.tests.factories import show
from stack.models import Technology
from transfer.tests import feeds
from transfer.tests.checkouts import checkout, import_site, imported, place, post
from transfer.tests.feeds import feed, item

pytestmark = pytest.mark.django_db

STACK = "<p>Hello.</p><h3>Tech Stack</h3><ul><li>digitalocean</li><li>s3</li></ul>"
NOTES = f"<description><![CDATA[{STACK}]]></description>"


def tag(slug: str, title: str, url: str = "https://tag.example.com/") -> str:
    head = f'---\nlayout: "tags"\ntag: "{slug}"\nurl: "{url}"\n\ntitle: "{title}"\n'
    return f"{head}description:\n  Developers talk about\n  using it.\n---\n"


@pytest.mark.parametrize(
    ("slug", "title", "name"),
    [
        ("postgres", "Websites Using PostgreSQL in Production", "PostgreSQL"),
        ("azure", "Website Using Microsoft Azure in Production", "Microsoft Azure"),
        ("lets-encrypt", "Websites Using Let's Encrypt in Production", "Let's Encrypt"),
        ("aspnet", "Websites Using ASP.NET Core in Production", "ASP.NET Core"),
        ("c-plus-plus", "Websites Using C++ in Production", "C++"),
        ("electron", "Building Desktop Applications with Electron", "Electron"),
        ("tauri", "Building Desktop Applications with Tauri", "Tauri"),
        ("open-source", "Open Source Websites in Production", "Open source"),
        ("static-site", "Using a Static Site Generator to Build Your Website",
         "Static site generator"),
        ("jamstack", "Using the Jamstack to Build Your Website", "Jamstack"),
        ("legacy", "Legacy Web Apps in Production", "Legacy"),
        ("redis", "Web Apps Using Redis for Caching", "Redis"),
        ("rails", "Websites Using Rails", "Rails"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_every_shape_of_title(tmp_path: Path, slug: str, title: str, name: str):
    show()
    out, _ = imported(tmp_path, post(tags=f'tags: ["{slug}"]\n'), tags={slug: tag(slug, title)})
    row = Technology.objects.get()
    assert (row.slug, row.name, row.title) == (slug, name, title)
    assert row.introduction == "Developers talk about using it."
    assert "No name" not in out


def test_a_title_that_tells_no_name_is_reported(tmp_path: Path):
    show()
    out, _ = imported(tmp_path, post(), tags={"inhouse": tag("inhouse", "Running Faster")})
    assert Technology.objects.get(slug="inhouse").name == "inhouse"
    assert "tags/inhouse.md:6: warning: No name in this title; called by its tag." in out


def test_the_directory_names_what_a_title_does_not(tmp_path: Path):
    show()
    out, _ = imported(tmp_path, post(), tags={"wasm": tag("wasm", "Running Faster Than Ever")})
    row = Technology.objects.get(slug="wasm")
    assert (row.name, row.category) == ("WebAssembly", "language")
    assert "No name in this title" not in out


def test_a_tag_file_states_more_than_the_directory(tmp_path: Path):
    show()
    stated = tag("redis", "Web Apps Using Redis for Caching", "https://redis.example/")
    imported(tmp_path, post(), tags={"redis": stated})
    row = Technology.objects.get(slug="redis")
    assert (row.category, row.homepage) == ("database", "https://redis.example/")


def test_importing_again_leaves_a_category_of_the_host(tmp_path: Path):
    show()
    files = {"redis": tag("redis", "Web Apps Using Redis for Caching")}
    imported(tmp_path, post(), tags=files)
    Technology.objects.update(category="other")
    imported(tmp_path, post(), tags=files)
    assert Technology.objects.get(slug="redis").category == "other"


def test_addresses_of_tags(tmp_path: Path):
    show()
    files = {
        "caddy": tag("caddy", "Websites Using Caddy in Production", "hhttps://caddyserver.com/"),
        "namesilo": tag("namesilo", "", "https://www.namesilo.com/?rid=95&utm_source=x"),
        "digitalocean": tag("digitalocean", "", "https://m.do.co/c/0a14c0d916b3"),
        "wrong": tag("wrong", "", "none yet"),
    }
    out, _ = imported(tmp_path, post(), tags=files)
    homepages = dict(Technology.objects.values_list("slug", "homepage"))
    assert homepages["caddy"] == "https://caddyserver.com/"
    assert homepages["namesilo"] == "https://www.namesilo.com/?rid=95&utm_source=x"
    assert homepages["digitalocean"] == "https://m.do.co/c/0a14c0d916b3"
    assert homepages["wrong"] == ""
    assert "tags/caddy.md:4: warning: A typo in the address was fixed. [url: hhttps" in out
    assert "tags/wrong.md:4: warning: No web address; left out. [url: none yet]" in out


def test_a_tag_listed_twice_is_listed_once_and_the_first_stays_the_framework(tmp_path: Path):
    show()
    tags = 'tags:\n  - "flask"\n  - "docker"\n  - "python"\n  - "docker"\n'
    out, episode = imported(tmp_path, post(tags=tags))
    assert [row.technology.slug for row in episode.uses.all()] == ["flask", "docker", "python"]
    assert f"{place(tmp_path, 'docker')}: warning: A technology given twice" in out


def test_a_tag_without_a_file_and_a_file_without_a_post(tmp_path: Path):
    show()
    files = {"unused": tag("unused", "Websites Using Unused in Production")}
    out, _ = imported(tmp_path, post(tags='tags: ["flask"]\n'), tags=files)
    assert f"{place(tmp_path, 'flask')}: warning: A new technology." in out
    assert set(Technology.objects.values_list("slug", flat=True)) == {"flask", "unused"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (tag("a b", "x"), "error: A tag that can't be an address. [tag: a b]"),
        (tag("other", "Websites Using X in Production"), "The tag isn't its file's name."),
        (tag("x" * 101, "x"), "error: A tag that can't be an address. [tag: xxx"),
        (tag("odd", "T" * 201), "longer than 200 characters"),
        (tag("odd", "", "https://a.example.com/" + "x" * 500), "longer than 500 characters"),
        (tag("odd", "Websites Using " + "N" * 101 + " in Production"), "longer than 100"),
    ],
)
def test_a_tag_file_with_what_no_row_holds(tmp_path: Path, text: str, message: str):
    show()
    root = checkout(tmp_path, post(), tags={"odd": text})
    out = import_site(root)
    assert message in out
    assert "tags/odd.md" in out
    assert Episode.objects.count() == 1


def test_what_only_the_directory_gave_gives_way_to_the_sites_own_whatever_comes_first(
    tmp_path: Path,
):
    show()
    feeds.run(feed(item(1, notes=NOTES)))
    kept, named = Technology.objects.get(slug="digitalocean"), Technology.objects.get(slug="s3")
    assert (kept.homepage, named.name) == ("https://www.digitalocean.com/", "Amazon S3")
    tags = {
        "digitalocean": tag("digitalocean", "Websites Using DigitalOcean", "https://m.do.co/c/1"),
        "s3": tag("s3", "Websites Using AWS S3 in Production", ""),
    }
    out, _ = imported(tmp_path, post(), tags=tags)
    kept.refresh_from_db()
    named.refresh_from_db()
    assert "which stays" not in out and "Stays though" not in out
    assert (kept.name, kept.homepage) == ("DigitalOcean", "https://m.do.co/c/1")
    assert (named.name, named.homepage) == ("AWS S3", "https://aws.amazon.com/s3")
    assert "DigitalOcean: homepage: “https://www.digitalocean.com/” → “https://m.do.co" in out


def test_what_the_host_wrote_before_the_first_import_stays(tmp_path: Path):
    show()
    feeds.run(feed(item(1, notes=NOTES)))
    Technology.objects.filter(slug="digitalocean").update(homepage="https://mine.example/")
    tags = {"digitalocean": tag("digitalocean", "Websites Using DigitalOcean")}
    out, _ = imported(tmp_path, post(), tags=tags)
    assert "Here it is “https://mine.example/”, which stays" in out
    assert Technology.objects.get(slug="digitalocean").homepage == "https://mine.example/"
