"""Renditions: sizes, cut, colours, what can't be read, and where they are."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from media.renditions import (
    COVER,
    FACE,
    IN_TEXT,
    Shape,
    addresses,
    make_renditions,
    moved_rendition,
    original_of,
    remove_renditions,
)
from media.storages import listing

RED, BLUE = (250, 10, 10), (10, 10, 250)
TURN = 0x0112


def stored(picture: Image.Image, name: str = "guests/a/b.png", **options: object) -> str:
    content = io.BytesIO()
    picture.save(content, Image.registered_extensions()[Path(name).suffix], **options)
    return default_storage.save(name, ContentFile(content.getvalue()))


def rendition(name: str, width: int) -> Image.Image:
    with default_storage.open(f"renditions/{name}/{width}.webp") as file:
        made = Image.open(io.BytesIO(file.read()))
        made.load()
    assert made.format == "WEBP"
    return made


def is_like(colour: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(one - two) < 40 for one, two in zip(colour, other, strict=False))


@pytest.mark.parametrize(
    ("size", "shape", "widths"),
    [
        ((3000, 2000), FACE, [64, 96, 128, 192, 384, 640]),
        ((300, 400), FACE, [64, 96, 128, 192, 300]),
        ((40, 60), FACE, [40]),
        ((1400, 1400), COVER, [128, 256, 512, 1024]),
        ((1200, 3000), IN_TEXT, [480, 960, 1200]),
        ((200, 100), IN_TEXT, [200]),
    ],
)
def test_no_rendition_is_wider_than_its_picture(
    size: tuple[int, int], shape: Shape, widths: list[int]
):
    name = stored(Image.new("RGB", size, RED))
    assert make_renditions(name, shape) == {"widths": widths, "size": list(size)}
    for width in widths:
        high = width if shape.is_square else round(size[1] * width / size[0])
        assert rendition(name, width).size == (width, high)
    assert {file.name for file in listing(f"renditions/{name}/")} == {
        f"renditions/{name}/{width}.webp" for width in widths
    }


def test_a_portraits_square_is_cut_from_its_upper_part():
    portrait = Image.new("RGB", (600, 1200), BLUE)
    portrait.paste(RED, (0, 100, 600, 700))  # above: 1/6 of 600
    made = rendition_of(portrait, FACE, 64)
    assert is_like(made.getpixel((32, 1)), RED)
    assert is_like(made.getpixel((32, 62)), RED)


def test_a_wide_photos_square_is_its_middle():
    wide = Image.new("RGB", (1800, 600), BLUE)
    wide.paste(RED, (600, 0, 1200, 600))
    made = rendition_of(wide, FACE, 64)
    assert is_like(made.getpixel((1, 32)), RED)
    assert is_like(made.getpixel((62, 32)), RED)


@pytest.mark.parametrize(
    ("focal", "left"), [((0, 0), 0), ((50, 0), 600), ((30, 99), 240), ((100, 100), 1200)]
)
def test_a_square_that_was_moved(focal: tuple[int, int], left: int):
    """As far as the picture's edges allow; under names of its own."""
    wide = Image.new("RGB", (1800, 600), BLUE)
    wide.paste(RED, (left, 0, left + 600, 600))
    name = stored(wide)
    facts = make_renditions(name, FACE, focal)
    path = f"renditions/{name}/64-{focal[0]}-{focal[1]}.webp"
    assert addresses(name, facts)[64] == f"/media/{path}"
    assert moved_rendition(name, facts, 60) == path
    with default_storage.open(path) as file, Image.open(file) as made:
        assert is_like(made.getpixel((1, 32)), RED)
        assert is_like(made.getpixel((62, 32)), RED)
    # The former code knows none of these names: it shows the original.
    assert facts["widths"] == []


def test_the_square_in_a_photo_on_its_side_is_of_the_upright_one():
    lying = Image.new("RGB", (1200, 600), BLUE)
    lying.paste(RED, (600, 0, 1200, 600))  # upright: the lower half
    turned = Image.Exif()
    turned[TURN] = 6
    name = stored(lying, "guests/a/b.jpg", exif=turned)
    make_renditions(name, FACE, (50, 75))
    with default_storage.open(f"renditions/{name}/64-50-75.webp") as file:
        assert is_like(Image.open(file).getpixel((32, 2)), RED)


def rendition_of(picture: Image.Image, shape: Shape, width: int) -> Image.Image:
    name = stored(picture)
    make_renditions(name, shape)
    return rendition(name, width)


def test_a_phones_photo_stands_upright():
    """Stored on its side, with the orientation in EXIF."""
    lying = Image.new("RGB", (1200, 900), BLUE)
    lying.paste(RED, (0, 0, 400, 900))  # upright: the upper third
    turned = Image.Exif()
    turned[TURN] = 6
    name = stored(lying, "guests/a/b.jpg", exif=turned)
    assert make_renditions(name, IN_TEXT)["size"] == [900, 1200]
    made = rendition(name, 480)
    assert made.size == (480, 640)
    assert is_like(made.getpixel((240, 10)), RED)
    assert is_like(made.getpixel((240, 630)), BLUE)
    assert not made.getexif()


def test_transparent_parts_stay_transparent():
    logo = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    logo.paste((*RED, 255), (0, 0, 64, 128))
    made = rendition_of(logo, COVER, 128)
    assert made.mode == "RGBA"
    assert made.getpixel((100, 64))[3] == 0  # type: ignore[index]
    assert is_like(made.getpixel((30, 64)), RED)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "LA"])
def test_every_kind_of_pixels_becomes_one_that_browsers_show(mode: str):
    ending = "jpg" if mode == "CMYK" else "png"
    name = stored(Image.new(mode, (100, 100)), f"guests/a/b.{ending}")
    assert make_renditions(name, FACE)["widths"] == [64, 96, 100]
    assert rendition(name, 64).mode in ("RGB", "RGBA")


def test_colours_of_another_profile_are_converted():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    name = stored(Image.new("RGB", (64, 64), RED), icc_profile=lab)
    make_renditions(name, FACE)
    assert "icc_profile" not in rendition(name, 64).info
    broken = stored(Image.new("RGB", (64, 64), RED), "guests/a/c.png", icc_profile=b"no profile")
    make_renditions(broken, FACE)
    assert is_like(rendition(broken, 64).getpixel((32, 32)), RED)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no image", b"\x89PNG\r\n\x1a\nbroken", b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBPVP8 ",
        b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)  # fmt: skip
def test_what_cant_be_read_has_none(content: bytes):
    name = default_storage.save("guests/a/b.png", ContentFile(content))
    assert make_renditions(name, FACE) == {"widths": []}
    assert list(listing("renditions/")) == []


def test_a_picture_cut_short_has_none():
    content = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(content, "JPEG")
    name = default_storage.save("guests/a/b.jpg", ContentFile(content.getvalue()[:9000]))
    assert make_renditions(name, FACE) == {"widths": []}
    assert list(listing("renditions/")) == []


def test_a_small_file_of_very_many_pixels_has_none():
    name = stored(Image.new("1", (9000, 5000)))
    assert make_renditions(name, FACE) == {"widths": []}


def test_an_animation_stays_as_it_is():
    frames = [Image.new("RGB", (100, 100), colour) for colour in (RED, BLUE)]
    name = stored(frames[0], "pictures/a.gif", save_all=True, append_images=frames[1:])
    assert make_renditions(name, IN_TEXT) == {"widths": [], "size": [100, 100]}


def test_what_is_there_is_not_made_again():
    name = stored(Image.new("RGB", (100, 100), RED))
    facts = make_renditions(name, FACE)
    path = Path(default_storage.path(f"renditions/{name}/64.webp"))
    path.write_bytes(b"as it was")
    Path(default_storage.path(f"renditions/{name}/100.webp")).unlink()
    assert make_renditions(name, FACE) == facts
    assert path.read_bytes() == b"as it was"
    assert rendition(name, 100).size == (100, 100)
    assert len(list(listing("renditions/"))) == 3


def test_a_missing_original_is_an_error():
    with pytest.raises(FileNotFoundError):
        make_renditions("guests/a/none.png", FACE)


def test_removing_removes_a_pictures_own_only():
    one, other = (
        stored(Image.new("RGB", (64, 64), RED), f"guests/{each}/a.png") for each in ("a", "b")
    )
    make_renditions(one, FACE)
    make_renditions(other, FACE)
    remove_renditions(one)
    remove_renditions("guests/none.png")
    assert [file.name for file in listing("renditions/")] == [f"renditions/{other}/64.webp"]
    assert default_storage.exists(one)


def test_the_address_is_derived_from_the_name(settings):
    name = "guests/0a/zoë 1.png"
    assert addresses(name, {"widths": [64, 100]}) == {
        64: "/media/renditions/guests/0a/zo%C3%AB%201.png/64.webp",
        100: "/media/renditions/guests/0a/zo%C3%AB%201.png/100.webp",
    }
    assert addresses(name, {"widths": []}) == {}
    assert original_of("renditions/guests/0a/a.png/64.webp") == "guests/0a/a.png"
    assert original_of("guests/0a/a.png") == "guests/0a/a.png"
