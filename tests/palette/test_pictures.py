"""Pictures of every kind are read as they look, and what is none is told."""

import io

import numpy as np
import PIL.Image
import pytest
from numpy.testing import assert_array_equal
from PIL import ImageCms

from kmosaic._errors import InputError
from kmosaic.palette.pictures import picture_of


def file_of(image, format="PNG", **more):
    file = io.BytesIO()
    image.save(file, format, **more)
    return file.getvalue()


def test_arrays_of_gray_rgb_and_rgba(photo, clear):
    assert_array_equal(picture_of(photo).pixels, photo)
    assert_array_equal(picture_of(clear).pixels, clear)
    assert_array_equal(picture_of(photo[..., 0]).pixels, np.repeat(photo[..., :1], 3, axis=2))


def test_a_path_and_bytes_are_read(picture, photo, tmp_path):
    picture.save(tmp_path / "a.png")
    assert_array_equal(picture_of(tmp_path / "a.png").pixels, photo)
    assert_array_equal(picture_of(str(tmp_path / "a.png")).pixels, photo)
    assert_array_equal(picture_of((tmp_path / "a.png").read_bytes()).pixels, photo)


def test_a_picture_is_turned_as_its_camera_noted(picture, photo):
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    found = picture_of(file_of(picture, exif=exif))
    assert_array_equal(found.pixels, np.rot90(photo, -1))
    assert "upright" in found.notes[0]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_every_format_is_turned_once(picture, format):
    exif = PIL.Image.Exif()
    exif[0x0112] = 8
    found = picture_of(file_of(picture, format, exif=exif))
    assert found.pixels.shape == (60, 40, 3)
    assert len(found.notes) == 1


def test_a_tiff_that_is_upright_is_not_told_to_be_turned(picture):
    assert picture_of(file_of(picture, "TIFF")).notes == ()


def test_sixteen_bits_become_eight():
    deep = PIL.Image.fromarray(np.array([[0, 257, 65535]], np.uint16))
    found = picture_of(file_of(deep))
    assert found.pixels[0, :, 0].tolist() == [0, 1, 255]
    assert any("16 bits" in note for note in found.notes)


def test_cmyk_becomes_rgb(picture):
    found = picture_of(file_of(picture.convert("CMYK"), "TIFF"))
    assert found.pixels.shape == (40, 60, 3)
    assert any("CMYK" in note for note in found.notes)


def test_a_profile_is_brought_to_srgb(picture, photo):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    assert_array_equal(picture_of(file_of(picture, icc_profile=srgb.tobytes())).pixels, photo)
    for odd in (profile.tobytes(), lab.tobytes(), b"no profile at all"):
        found = picture_of(file_of(picture, icc_profile=odd))
        assert found.pixels.shape == photo.shape
        assert found.notes


def test_transparency_of_a_palette_is_kept():
    image = PIL.Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 0), 1)
    found = picture_of(file_of(image, transparency=0))
    assert found.pixels[0, :, 3].tolist() == [0, 255]


def moving(picture):
    other = picture.transpose(PIL.Image.Transpose.FLIP_LEFT_RIGHT)
    return file_of(picture, "GIF", save_all=True, append_images=[other])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: b"", "is empty"),
        (lambda p: b"some text", "not a PNG"),
        (lambda p: file_of(p)[:200], "cut off: the end of the file"),
        (moving, "animation of 2 frames"),
        (lambda p: "missing.png", "missing.png cannot be read"),
        (lambda p: ".", "is a folder"),
        (lambda p: np.zeros((0, 4, 3), np.uint8), "shape"),
        (lambda p: np.zeros((4, 4, 3)), "float64: give uint8"),
        (lambda p: np.zeros((4, 4, 5), np.uint8), "shape"),
        (lambda p: PIL.Image.new("RGB", (0, 3)), "no pixels"),
    ],
)
def test_what_is_no_picture_is_told(picture, make, words):
    with pytest.raises(InputError, match=words):
        picture_of(make(picture))


def test_a_png_whose_pixels_are_damaged_in_the_middle_is_refused(picture):
    data = bytearray(file_of(picture, "PNG"))
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    with pytest.raises(InputError, match="damaged or cut off"):
        picture_of(bytes(data), "x.png")
