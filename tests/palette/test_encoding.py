"""Files hold exactly the colors and pixels of the palette."""

import io

import numpy as np
import PIL.Image
import pytest
from numpy.testing import assert_array_equal

from kmosaic import quantize
from kmosaic._errors import InputError
from kmosaic.palette.encoding import Frame, bits_for, encode, png


def read(data, mode):
    with PIL.Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert(mode))


@pytest.mark.parametrize("n_colors", [1, 2, 3, 4, 5, 16, 17, 256])
@pytest.mark.parametrize("width", [60, 59, 1])
def test_a_png_of_any_number_of_bits_reads_back(photo, n_colors, width):
    found = quantize(photo[:, :width], n_colors)
    data = found.to_bytes("png")
    assert data[24] == bits_for(len(found.colors))
    assert data[25] == 3
    assert_array_equal(read(data, "RGB"), found.colors[found.indices])


@pytest.mark.parametrize("format", ["png", "webp"])
def test_opacity_reads_back(clear, format):
    found = quantize(clear, 16)
    assert_array_equal(read(found.to_bytes(format), "RGBA"), found.colors[found.indices])


def test_opacity_is_listed_only_as_far_as_it_is_needed(clear):
    found = quantize(clear, 16)
    data = found.to_bytes("png")
    length = int.from_bytes(data[data.index(b"tRNS") - 4 : data.index(b"tRNS")], "big")
    assert length == (found.colors[:, 3] < 255).sum()


@pytest.mark.parametrize("format", ["webp", "gif"])
def test_other_formats_read_back(photo, format):
    found = quantize(photo, 16)
    assert_array_equal(read(found.to_bytes(format), "RGB"), found.colors[found.indices])


def test_a_gif_keeps_what_is_invisible(clear):
    found = quantize(clear, 16)
    assert_array_equal(read(found.to_bytes("gif"), "RGBA")[..., 3] == 0, clear[..., 3] == 0)


@pytest.mark.parametrize("format", ["webp", "gif"])
def test_an_animation_reads_back_frame_by_frame(photo, format):
    found = quantize(photo, 16)
    frames = [Frame(found.indices, found.colors, 50), Frame(found.indices[::-1], found.colors, 70)]
    with PIL.Image.open(io.BytesIO(encode(frames, format))) as image:
        assert image.n_frames == 2
        for number, frame in enumerate(frames):
            image.seek(number)
            assert_array_equal(np.asarray(image.convert("RGB")), found.colors[frame.indices])


def test_a_palette_is_saved_by_the_ending_of_the_name(photo, tmp_path):
    found = quantize(photo, 4)
    for name in ("a.png", "a.webp", "a.gif"):
        found.save(tmp_path / name)
        assert_array_equal(read((tmp_path / name).read_bytes(), "RGB"), found.colors[found.indices])
    with pytest.raises(InputError, match=r"\.webp"):
        found.save(tmp_path / "a.jpg")
    with pytest.raises(InputError, match="'webp'"):
        found.to_bytes("tiff")


def test_an_animation_is_no_png(photo):
    frame = Frame(np.zeros((2, 2), np.uint8), np.zeros((1, 3), np.uint8))
    assert png(frame) == encode([frame])
    with pytest.raises(InputError, match="'webp' or 'gif'"):
        encode([frame, frame], "png")
