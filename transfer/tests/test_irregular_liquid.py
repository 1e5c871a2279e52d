"""The old site's Liquid: what it meant is in the text, what it didn't say is reported."""

from pathlib import Path

import pytest

from episodes.tests.factories import show
from guests.models import Guest
from media.exif import strip_metadata
from media.tests.test_exif import image_with_metadata
from transfer.tests.checkouts import GUEST, imported, interview, place, post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("liquid", "text"),
    [
        ("{{ page.guest }}", "Ann Lee"),
        ("{{page.guest}}", "Ann Lee"),
        ("{{ page.guest_2 }}", "Bo Ray"),
        ("{{ page.guest_website_href }}", "https://ann.example.com/?utm_source=rip"),
        ("{{\n  page.guest\n}}", "Ann Lee"),
        ("{{ site.links.forms.become_guest }}", "https://forms.example.com/guest"),
        ("{{ site.author.name }} ({{ site.author.links.email }})",
         "Nick Janetakis (nick@example.com)"),
        ("<https://runninginproduction.com{{ page.url }}>",
         "<https://runninginproduction.com/podcast/1-a-site>"),
        ('[app]({% asset_path "app.js" %})', "[app](/assets/app.js)"),
        ("{% asset_path\n  podcast/app.js %}", "/assets/podcast/app.js"),
        ("{% image\n  interviews/my-cat.jpg %}", "*(picture: my cat)*"),
    ],
)  # fmt: skip
def test_what_liquid_stands_for(tmp_path: Path, liquid: str, text: str):
    show()
    guests = GUEST + 'guest_website_href: "https://ann.example.com/?utm_source=rip"\n'
    guests += 'guest_2: "Bo Ray"\n'
    out, episode = imported(tmp_path, post(guest=guests, intro=f"Words {liquid} words.\n"))
    assert episode.introduction == f"Words {text} words."
    assert ("No image of this name is in the checkout." in out) == ("{%" in liquid)


@pytest.mark.parametrize(
    ("liquid", "text"),
    [
        ("guest.twitter", "annlee"),
        ("site.guest_twitter", "annlee"),
        ("guest.page_twitter", "annlee"),
        ("guest.website", "https://ann.example.com"),
    ],
)
def test_undefined_variables_are_read_as_they_were_meant(tmp_path: Path, liquid: str, text: str):
    show()
    out, episode = imported(tmp_path, interview(f"Hi.\n\n[me](https://x/{{{{ {liquid} }}}})\n"))
    assert f"https://x/{text})" in episode.introduction
    where = place(tmp_path, liquid, "interviews/2020-01-01-1-a-site.md")
    assert f"{where}: warning: Undefined; read as page.guest_" in out
    assert f"[liquid: {liquid}]" in out


@pytest.mark.parametrize(
    ("liquid", "left"),
    [
        ("{{ page.nothing }}", ""),
        ("{{ guest.nothing }}", ""),
        ("{% youtube abc %}", ""),
        ("{{ page.guest | upcase }}", "{{ page.guest | upcase }}"),
    ],
)
def test_what_liquid_does_not_say_is_reported(tmp_path: Path, liquid: str, left: str):
    show()
    out, episode = imported(tmp_path, post(intro=f"Words.\n\nMore {liquid}\n"))
    assert episode.introduction == f"Words.\n\nMore {left}".strip()
    assert f"{place(tmp_path, liquid)}: warning:" in out
    assert f"[liquid: {liquid.strip('{}% ')}]" in out


def test_images_in_the_checkout_are_stored_linked_or_not(tmp_path: Path, settings):
    show()
    settings.MEDIA_ROOT = tmp_path / "media"
    root = tmp_path / "site"
    images = root / "_assets" / "images" / "interviews"
    images.mkdir(parents=True)
    (images / "my-cat.jpg").write_bytes(image_with_metadata("JPEG"))
    (images / "broken.jpg").write_bytes(b"\xff\xd8jpeg")
    (images / "page.html").write_bytes(b"<script>")
    body = (
        "[{% image interviews/my-cat.jpg %}](https://cat.example.com)\n\n"
        '{% image "interviews/my-cat.jpg" alt="A cat" %}\n\n{% image interviews/page.html %}'
        "\n\n{% image interviews/broken.jpg %}\n"
    )
    out, episode = imported(root, interview(body))
    linked, alone, page, broken = episode.introduction.split("\n\n")
    assert linked.startswith("[![my cat](/media/pictures/")
    assert linked.endswith(")](https://cat.example.com)")
    assert alone.startswith("![my cat](/media/pictures/")
    assert page == "*(picture: page)*"
    assert "[image: interviews/page.html]" in out
    assert broken == "*(picture: broken)*"
    assert "The image is broken." in out
    (stored,) = (tmp_path / "media" / "pictures").rglob("*.*")
    assert stored.read_bytes() == strip_metadata(image_with_metadata("JPEG"))


def test_guest_pictures_with_and_without_ending_are_one(tmp_path: Path, settings):
    show()
    settings.MEDIA_ROOT = tmp_path / "media"
    root = tmp_path / "site"
    folder = root / "_assets" / "images" / "guests"
    folder.mkdir(parents=True)
    (folder / "nick-janetakis.jpg").write_bytes(image_with_metadata("JPEG"))
    nick = (
        'guest: "Nick Janetakis"\nguest_avatar: "nick-janetakis%s"\n'
        'guest_website: "https://nickjanetakis.com"\nguest_twitter: "nickjanetakis"\n'
    )
    out, _ = imported(root, interview("Hi.\n", guest=nick % ""), post(guest=nick % ".jpg"))
    row = Guest.objects.get()  # the host, too
    assert row.avatar_source == "nick-janetakis.jpg"
    assert row.avatar.name.endswith("nick-janetakis.jpg")
    assert row.avatar.read() == strip_metadata(image_with_metadata("JPEG"))
    assert row.appearances.count() == 2
    assert "Elsewhere" not in out
