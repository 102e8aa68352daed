from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmosaic.data.decode import UnreadableError, check_start, decode

FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"]
ORIENTATION = 0x0112


def picture(width: int = 40, height: int = 30, mode: str = "RGB") -> PIL.Image.Image:
    ramp = np.linspace(0, 255, width * height * 3).reshape(height, width, 3)
    return PIL.Image.fromarray(ramp.astype(np.uint8)).convert(mode)


def encoded(image: PIL.Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read_as_8_bit_color(kind: str) -> None:
    image = decode(encoded(picture(), kind))
    assert (image.shape, image.dtype) == ((30, 40, 3), np.uint8)
    assert np.abs(image.astype(int) - np.asarray(picture())).mean() < 8  # some lose a little


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "GIF"])
def test_gray_files_stay_gray(kind: str) -> None:
    assert decode(encoded(picture(mode="L"), kind)).shape == (30, 40)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_lossless_files_give_the_very_pixels(kind: str) -> None:
    np.testing.assert_array_equal(decode(encoded(picture(), kind)), np.asarray(picture()))


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "I;16"])
def test_other_modes_of_png_are_read(mode: str) -> None:
    source = PIL.Image.new(mode, (5, 4)) if mode == "I;16" else picture(5, 4, "RGBA").convert(mode)
    assert decode(encoded(source, "PNG")).shape[:2] == (4, 5)


def test_sixteen_bits_become_eight() -> None:
    deep = PIL.Image.fromarray(np.array([[0, 257, 32768, 65535]], np.uint16))
    for kind in ("PNG", "TIFF"):
        assert decode(encoded(deep, kind)).tolist() == [[0, 1, 128, 255]]


def test_floats_are_read_by_their_range() -> None:
    values = PIL.Image.fromarray(np.array([[0.0, 0.2, 1.0]], np.float32))
    assert decode(encoded(values, "TIFF")).tolist() == [[0, 51, 255]]


def test_a_picture_of_nan_is_unreadable_and_says_so() -> None:
    values = PIL.Image.fromarray(np.array([[0.0, np.nan]], np.float32))
    with pytest.raises(UnreadableError, match="NaN or infinity"):
        decode(encoded(values, "TIFF"))


def test_cmyk_becomes_rgb() -> None:
    assert decode(encoded(picture(mode="CMYK"), "JPEG")).shape == (30, 40, 3)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_the_first_frame_of_an_animation_counts(kind: str) -> None:
    frames = [PIL.Image.new("RGB", (4, 4), color) for color in ("black", "white", "red")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert decode(data).max() < 8


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_as_their_camera_noted(kind: str, orientation: int) -> None:
    corner = np.full((20, 30, 3), 255, np.uint8)
    corner[:8, :12] = 0  # dark at the upper left as stored
    exif = PIL.Image.Exif()
    exif[ORIENTATION] = orientation
    image = decode(encoded(PIL.Image.fromarray(corner), kind, exif=exif))
    assert image.shape[:2] == ((30, 20) if orientation > 4 else (20, 30))
    bottom, right = orientation in (3, 4, 7, 8), orientation in (2, 3, 6, 7)
    assert image[-1 if bottom else 0, -1 if right else 0].max() < 60
    assert image.mean() > 200


def test_damaged_camera_notes_do_not_make_a_picture_unreadable() -> None:
    data = encoded(picture(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\0\x01")
    assert decode(data).shape == (30, 40, 3)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_truncated_file_is_unreadable(kind: str) -> None:
    data = encoded(picture(200, 200), kind)
    with pytest.raises(UnreadableError):
        decode(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"hello, I am a text", "not a PNG, JPEG, WebP, GIF, BMP or TIFF image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a PNG"),
        (b"\x89PNG\r\n\x1a\n", "not a PNG"),
    ],
)
def test_what_is_no_image_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        decode(data)


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded() -> None:
    asked: list[int] = []
    with pytest.raises(UnreadableError, match=r"40 x 30 pixels are over the limit of 0.001 mega"):
        decode(encoded(picture(), "PNG"), max_pixels=1000, allow=asked.append)
    assert asked == []
    assert decode(encoded(picture(), "PNG"), max_pixels=1200).shape == (30, 40, 3)


def bomb(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge PNG."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@pytest.mark.parametrize("side", [9_800, 12_000, 60_000])
def test_a_decompression_bomb_is_unreadable_and_warns_nobody(side: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UnreadableError, match=r"over the limit|cut off|more pixels"):
            decode(bomb(side, side), max_pixels=90_000_000)


def test_beyond_pillows_own_limit_the_reason_names_the_cure() -> None:
    with pytest.raises(UnreadableError, match=r"PIL\.Image\.MAX_IMAGE_PIXELS = None"):
        decode(bomb(60_000, 60_000), max_pixels=10**10)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_comes_reduced_where_smaller_does(kind: str) -> None:
    data = encoded(picture(640, 480), kind)
    height, width, _ = decode(data, max_side=64).shape
    assert 64 <= height < 128
    assert width / height == pytest.approx(4 / 3, abs=0.02)
    assert decode(data, max_side=400).shape == (480, 640, 3)


def test_the_memory_to_be_taken_is_told_beforehand() -> None:
    asked: list[int] = []
    decode(encoded(picture(), "PNG"), allow=asked.append)
    assert asked == [40 * 30 * 8]


@settings(deadline=None, max_examples=150)
@given(data=st.data(), kind=st.sampled_from(FORMATS))
def test_damaged_bytes_give_a_picture_or_a_reason_and_never_another_error(
    data: st.DataObject, kind: str
) -> None:
    damaged = bytearray(encoded(picture(24, 16), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        image = decode(bytes(damaged), max_pixels=1_000_000)
    except UnreadableError:
        return
    assert image.dtype == np.uint8
    assert image.ndim == 2 or image.shape[2] == 3


def test_real_photographs_are_read(shared_data: Path) -> None:
    file = shared_data / "kodak" / "kodim01.png"
    assert decode(file.read_bytes()).shape == (512, 768, 3)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_worth_reading_by_its_first_bytes(kind: str) -> None:
    data = encoded(picture(), kind)
    check_start(data[:16], len(data), 10_000)
    with pytest.raises(UnreadableError, match="more than an image can need"):
        check_start(data[:16], 1 << 30, 10_000)


def test_a_file_that_begins_as_no_image_is_not_worth_reading() -> None:
    with pytest.raises(UnreadableError, match="not a PNG"):
        check_start(bytes(16), 10_000, 10_000)
    with pytest.raises(UnreadableError, match="not a PNG"):
        check_start(b"x", 1, 10_000)
