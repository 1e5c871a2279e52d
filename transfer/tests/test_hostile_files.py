"""Files nobody would write, and some that somebody would: a clear message, nothing half-written."""

import os
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from episodes.models import Episode
from episodes.tests.factories import show
from guests.models import Guest
from show.models import FollowLink, Page
from transfer.tests.checkouts import CONFIG, GUEST, checkout, import_notes, import_site, post

pytestmark = pytest.mark.django_db
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", "error: Not UTF-8."),
        (b"", "error: No front matter"),
        (b"\x00" * 1000, "error: No front matter"),
        (post().encode("utf-16"), "error: Not UTF-8."),
        (b"---\n- a\n- b\n---\n", "error: The YAML isn't a list of"),
        (b"---\na: [" + b"[" * 20000 + b"\n---\n", "error: YAML"),
        (b"---\nb: &b [*b]\n---\n", "error: YAML"),
        (b"---\ntitle: !!python/object/apply:os.system [ls]\n---\n", "no title"),
        (b"---\n? [a, b]\n: c\n---\n", "error: YAML"),
        (b"---\na: *nothing\n---\n", "2: error: YAML"),
        (b"---\n" + b"a: b\n" * 30000 + b"---\n", "error: YAML of more than 100 KB."),
        (b"x" * (5 * 1024**2 + 1), "error: Larger than 5 MB."),
    ],
)
def test_a_post_that_is_none(tmp_path: Path, content: bytes, message: str):
    show()
    root = checkout(tmp_path, post())
    (root / "_posts" / "podcast" / "2020-02-02-2-odd.md").write_bytes(content)
    out = import_site(root)
    assert "_posts/podcast/2020-02-02-2-odd.md" in out
    assert message in out
    assert "1 failed" in out
    assert [row.number for row in Episode.objects.all()] == [1]


def test_aliases_that_grow_without_bounds(tmp_path: Path):
    show()
    root = checkout(tmp_path, post(more=BOMB), config=CONFIG + f"bomb:\n  x: 1\n{BOMB}")
    out = import_site(root)
    assert "A key that isn't known; left out. [q: [[[" in out
    assert len(out) < 20000


@pytest.mark.parametrize("key", ["title", "description", "guest", "tags", "updated_on"])
def test_structures_and_controls_where_a_text_belongs(tmp_path: Path, key: str):
    show()
    root = tmp_path / "site"
    for number, value in enumerate(['"a\\0b\\u200bc"', "{a: [b]}", "[[a], {b: c}]", "", "~"]):
        lines = [line for line in post().split("\n") if not line.startswith(f"{key}:")]
        lines.insert(1, f"{key}: {value}")
        checkout(root / str(number), "\n".join(lines))
        assert re.search(r" items?: ", import_site(root / str(number)))


def test_controls_in_bodies(tmp_path: Path):
    show()
    root = checkout(tmp_path, post(intro="a\0b\n", more="under_review: true\n"))
    (root / "thanks.md").write_text('---\ntitle: "T"\n---\nto\0 you\x1b')
    (root / "tags").mkdir()
    (root / "tags" / "x.md").write_text('---\ntag: "x"\n---\nto\0 you\n')
    assert "exit 1" not in import_site(root)
    assert Episode.objects.get().notice.startswith("ab\n")
    assert Page.objects.get().body == "to you"
    assert " 0 new, 0 changed," in import_site(root)


def test_links_out_of_the_checkout_are_not_followed(tmp_path: Path, settings):
    show()
    settings.MEDIA_ROOT = tmp_path / "media"
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(post(title="Secret"))
    (outside / "secret.jpg").write_bytes(b"secret")
    root = checkout(tmp_path / "site", post(intro="{% image secret.jpg %} {% image ../x.jpg %}\n"))
    (root / "_posts" / "podcast" / "2020-02-02-2-secret.md").symlink_to(outside / "secret.md")
    (root / "_posts" / "more").symlink_to(outside)
    (root / "_posts" / "podcast" / "2020-02-02-3-loop.md").symlink_to("2020-02-02-3-loop.md")
    (root / "page.md").symlink_to(outside / "secret.md")
    (root / "images").mkdir()
    (root / "images" / "secret.jpg").symlink_to(outside / "secret.jpg")
    out = import_site(root)
    assert [row.title for row in Episode.objects.all()] == ["A Site Built with Flask"]
    assert "2020-02-02-2-secret.md: warning: No file of this checkout; left out." in out
    assert "2020-02-02-3-loop.md: warning: No file of this checkout; left out." in out
    assert "_posts/more: warning: No file of this checkout; left out." in out
    assert not Page.objects.exists()
    assert not (tmp_path / "media").exists()


def test_a_link_within_the_checkout_is_a_file_like_any(tmp_path: Path):
    show()
    root = checkout(tmp_path, post())
    folder = root / "_posts" / "podcast"
    (folder / "2020-01-01-1-a-site.md").rename(root / "real.txt")
    (folder / "2020-01-01-1-a-site.md").symlink_to("../../real.txt")
    import_site(root)
    assert Episode.objects.get().title == "A Site Built with Flask"


def test_folders_named_like_files(tmp_path: Path):
    show()
    root = checkout(tmp_path, post())
    (root / "_posts" / "podcast" / "2020-02-02-2-x.md").mkdir()
    (root / "tags" / "x.md").mkdir(parents=True)
    (root / "page.md").mkdir()
    assert "exit 1" not in import_site(root)
    assert Episode.objects.count() == 1
    with pytest.raises(CommandError, match="Is a directory"):
        import_notes(root / "page.md")


@pytest.mark.parametrize("name", ["_config.yml", "_posts/podcast/2020-01-01-1-a-site.md"])
def test_what_may_not_be_read_is_named(tmp_path: Path, name: str, monkeypatch):
    """As root nothing is unreadable, so reading itself refuses."""
    show()
    root = checkout(tmp_path, post())
    open_file = Path.open

    def refuse(path: Path, *args: Any, **options: Any) -> Any:
        if path == root / name:
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(path, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    try:
        out = import_site(root)
    except CommandError as failure:
        out = str(failure)
    assert name in out
    assert "Permission denied" in out
    assert not Episode.objects.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path):
    show()
    root = checkout(tmp_path, post())
    (root / "_posts" / "podcast").chmod(0)
    out = import_site(root)
    (root / "_posts" / "podcast").chmod(0o700)
    assert "_posts/podcast: error: Can't be read: Permission denied." in out


@pytest.mark.slow
def test_a_post_of_five_megabytes_is_read_completely(tmp_path: Path):
    show()
    text = post(intro="Words of no end. " * 250_000 + "\n\n{{ x }} {{ page.nothing")
    checkout(tmp_path, text)
    out = import_site(tmp_path)
    assert "exit 1" not in out
    assert len(Episode.objects.get().introduction) > 4_000_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("ann.example.com", "ann.example.com/" + "x" * 500), "longer than 500 characters"),
        (("Ann Lee", "A" * 121), "longer than 120 characters"),
        (("ann-lee", "a" * 201), "longer than 200 characters"),
        (('"1000"', '"999999999999999"'), ""),
        (('"2:00:00"', '"999:00:00"'), "is not a time"),
        (("https://flask.example.com", "https://flask.example.com/" + "x" * 1000), "longer than"),
        (("- 1:00 -- Why Flask\n", "- 1:00 -- Why Flask\n" * 32769), ""),
    ],
)
def test_values_longer_than_their_columns(tmp_path: Path, change, message: str):
    show()
    checkout(tmp_path, post().replace(*change))
    out = import_site(tmp_path)
    assert message in out
    assert re.search(r" items?: ", out)
    failed = "exit 1" in out
    assert Episode.objects.exists() != failed
    assert Guest.objects.filter(name="Ann Lee").exists() != (failed or "A" * 9 in change[1])


@pytest.mark.parametrize(
    "name",
    ["0001-01-01-1-x.md", "9999-12-31-1-x.md", "2020-01-01-999999-x.md", "2020-01-01-9999999-x.md",
     "2020-13-01-1-x.md", "2020-01-01-1.md", "2020-01-01-ä.md", "2020-01-01-1-.md",
     f"2020-01-01-1-{'x' * 200}.md", "2020-01-01-1-x.markdown", "2020-01-01-1-x.MD"],
)  # fmt: skip
def test_odd_names_of_files(tmp_path: Path, name: str):
    show(timezone="Asia/Tokyo")
    root = checkout(tmp_path)
    (root / "_posts").mkdir()
    (root / "_posts" / name).write_text(post(more='updated_on: "0001-01-01"\n'))
    out = import_site(root)
    assert re.search(r" items?: ", out)
    assert Episode.objects.exists() or f"_posts/{name}" in out
    again = import_site(root)
    assert " 0 new, 0 changed," in again


@pytest.mark.parametrize(
    "config",
    [
        CONFIG.replace("https://forms.example.com/guest", "https://f.example.com/" + "x" * 600),
        CONFIG.replace("nickjj", "n" * 80).replace("Nick Janetakis", "N" * 200),
        CONFIG.replace("nickjanetakis.com", "n.example.com/" + "x" * 600),
        CONFIG + f"  subscribe: 1\nlinks:\n  subscribe:\n    {'x' * 70}: 'https://a.example.com'\n",
        CONFIG + "links:\n  subscribe:\n    a: 'https://a.example.com/" + "x" * 1001 + "'\n",
        "url: 'https://a.example.com/" + "x" * 400 + "'\n",
    ],
)
def test_settings_longer_than_their_columns(tmp_path: Path, config: str):
    show(website="", host=None)
    out = import_site(checkout(tmp_path, config=config))
    assert "longer than" in out
    assert "_config.yml" in out
    assert FollowLink.objects.count() == 0


def test_configurations_that_are_none(tmp_path: Path):
    show()
    for content in (b"\xff\xfe\x00", b"- a", b"", b"url: [a]", b"x" * 200_000, b"a: [" * 5000):
        root = checkout(tmp_path, post())
        (root / "_config.yml").write_bytes(content)
        out = import_site(root)
        assert "_config.yml" in out
        assert "exit 1" in out
    assert not Episode.objects.exists()


def test_a_dry_run_of_all_this_writes_nothing(tmp_path: Path, settings):
    show()
    settings.MEDIA_ROOT = tmp_path / "media"
    root = checkout(tmp_path / "site", post(guest=GUEST), config=CONFIG)
    before = Guest.objects.count()
    out = import_site(root, dry_run=True)
    assert "dry run" in out
    assert not Episode.objects.exists()
    assert Guest.objects.count() == before


def test_a_checkout_that_is_a_file(tmp_path: Path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(CommandError, match="_config.yml"):
        call_command("import_jekyll", str(tmp_path / "x"), stdout=StringIO())
