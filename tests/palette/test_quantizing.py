"""Palettes: as many colors as asked for, all in use, near the picture, the same every time."""

import numpy as np
import PIL.Image
import PIL.ImageDraw
import pytest
from numpy.testing import assert_array_equal
from sklearn.cluster import KMeans

import kmosaic
from kmosaic import quantize
from kmosaic._errors import InputError
from kmosaic.palette.quantizing import quantize_together
from kmosaic.palette.spaces import SPACES, coordinates, with_alpha
from kmosaic.palette.wish import wish_of


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("n_colors", [1, 2, 16, 256])
def test_a_picture_gets_exactly_as_many_colors_and_uses_them_all(photo, space, n_colors):
    found = quantize(photo, n_colors, space=space)
    assert found.colors.shape == (n_colors, 3)
    assert len(np.unique(found.colors, axis=0)) == n_colors
    assert found.counts.min() > 0
    assert found.counts.sum() == photo.shape[0] * photo.shape[1]


@pytest.mark.parametrize("space", SPACES)
def test_every_pixel_has_the_nearest_color(photo, space):
    found = quantize(photo, 16, space=space)
    places = coordinates(SPACES[space], photo.reshape(-1, 3))
    entries = coordinates(SPACES[space], found.colors)
    squared = ((places[:, None] - entries) ** 2).sum(axis=2)
    mine = squared[np.arange(len(places)), found.indices.ravel()]
    np.testing.assert_allclose(mine, squared.min(axis=1), rtol=1e-9, atol=1e-12)


def test_the_error_is_no_more_than_that_of_k_means_on_all_pixels(photo):
    pixels = photo.reshape(-1, 3).astype(float)
    peer = KMeans(16, n_init=3, random_state=0).fit(pixels)
    entries = np.rint(peer.cluster_centers_)
    squared = ((pixels[:, None] - entries) ** 2).sum(axis=2).min(axis=1).mean() / 3
    assert quantize(photo, 16, space="rgb").mse <= squared * 1.001


def test_a_picture_of_few_colors_comes_out_as_it_is(photo):
    few = photo // 128 * 100
    found = quantize(few, 256)
    assert len(found.colors) == len(np.unique(few.reshape(-1, 3), axis=0))
    assert_array_equal(found.colors[found.indices], few)
    assert (found.mse, found.delta_e, found.psnr) == (0, 0, np.inf)


def test_one_pixel_is_one_color():
    found = quantize(np.array([[[1, 2, 3]]], np.uint8), 16)
    assert found.hex == ("#010203",)
    assert found.image.size == (1, 1)


def test_the_image_of_pillow_shows_the_colors(picture):
    found = quantize(picture, 8)
    assert found.image.mode == "P"
    assert found.image.size == picture.size
    assert_array_equal(np.asarray(found.image.convert("RGB")), found.colors[found.indices])


def test_what_is_invisible_stays_so_and_all_else_stays_visible(clear):
    found = quantize(clear, 8)
    shown = found.colors[found.indices]
    assert found.colors.shape == (8, 4)
    assert_array_equal(shown[..., 3] == 0, clear[..., 3] == 0)
    assert (found.colors[:, 3] == 0).sum() == 1
    assert (np.abs(shown[..., 3].astype(int) - clear[..., 3]) < 60).all()
    assert_array_equal(np.asarray(found.image.convert("RGBA")), shown)


def test_colors_of_what_is_invisible_do_not_count(clear):
    other = clear.copy()
    other[clear[..., 3] == 0, :3] = 77
    assert_array_equal(quantize(clear, 8).colors, quantize(other, 8).colors)


def test_all_invisible_is_one_color():
    assert quantize(np.zeros((3, 3, 4), np.uint8), 4).hex == ("#00000000",)


@pytest.mark.parametrize("turned", [lambda x: x[::-1], lambda x: x.transpose(1, 0, 2)])
def test_where_pixels_stand_does_not_matter(photo, turned):
    assert_array_equal(quantize(photo, 16).colors, quantize(turned(photo), 16).colors)


def test_threads_and_instruction_sets_do_not_matter(photo, monkeypatch):
    large = np.tile(photo, (1, 1, 1))
    colors = quantize(large, 16).colors
    for name, value in (("KMOSAIC_NUM_THREADS", "1"), ("KMOSAIC_NUM_THREADS", "3"),
                        ("KMOSAIC_SIMD", "baseline")):  # fmt: skip
        monkeypatch.setenv(name, value)
        assert_array_equal(quantize(large, 16).colors, colors)


def test_the_same_seed_gives_the_same_and_the_image_is_left_alone(photo):
    before = photo.copy()
    one, other = quantize(photo, 16, random_state=3), quantize(photo, 16, random_state=3)
    assert_array_equal(one.indices, other.indices)
    assert_array_equal(photo, before)


def test_a_given_palette_is_used_as_it_is(photo):
    found = quantize(photo, palette=["#000", "#fff", "red"])
    assert sorted(found.hex) == ["#000000", "#ff0000", "#ffffff"]


def test_a_given_palette_has_room_for_what_is_invisible(clear):
    found = quantize(clear, palette=["#000", "#fff"])
    assert "#00000000" in found.hex
    assert_array_equal(found.colors[found.indices][..., 3] == 0, clear[..., 3] == 0)


def test_colors_to_keep_are_among_the_colors(photo):
    found = quantize(photo, 8, keep_colors=["#123456", (255, 0, 255)])
    assert len(found.colors) == 8
    assert {"#123456", "#ff00ff"} <= set(found.hex)
    assert found.mse <= 1.8 * quantize(photo, 6).mse


def test_pictures_together_share_their_colors(photo):
    found = quantize_together([photo, photo[::-1] // 2], 16, wish_of())
    assert_array_equal(found[0].colors, found[1].colors)
    assert found[0].mse != found[1].mse


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_colors": 0}, "n_colors is 0"),
        ({"n_colors": 257}, "1 to 256"),
        ({"n_colors": 2.5}, "whole number"),
        ({"space": "hsv"}, "'oklab'"),
        ({"dither": "random"}, "'floyd-steinberg'"),
        ({"dither_strength": 2}, "from 0 to 1"),
        ({"keep_colors": ["#000", "#111", "#222"], "n_colors": 2}, "3 colors to keep"),
        ({"keep_colors": ["no color"]}, "keep_colors: 'no color' is no color"),
        ({"palette": "missing.hex"}, "missing.hex"),
        ({"palette": []}, "palette"),
        ({"palette": [(n, 0, c) for n in range(200) for c in (0, 1)]}, "400 colors"),
    ],
)
def test_settings_out_of_range_are_told(photo, settings, words):
    with pytest.raises(InputError, match=words):
        quantize(photo, **settings)


def test_the_name_at_the_top_is_explained():
    assert kmosaic.quantize is quantize
    assert "n_colors" in (kmosaic.quantize.__doc__ or "")


def test_pillow_images_of_any_mode_go_in(picture):
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F"):
        known = picture.convert("L") if mode in "IF" else picture
        found = quantize(known.convert(mode), 4)
        assert found.image.size == picture.size
    assert with_alpha(found.colors).shape[1] == 4
    assert isinstance(found.image, PIL.Image.Image)


def test_what_is_opaque_stays_so_beside_a_smooth_edge():
    large = PIL.Image.new("RGBA", (128, 128))
    PIL.ImageDraw.Draw(large).ellipse((10, 10, 117, 117), fill=(200, 30, 40, 255))
    icon = large.resize((32, 32), PIL.Image.Resampling.LANCZOS)
    opaque = np.asarray(icon)[..., 3] == 255
    for n_colors in (3, 4, 8):
        shown = np.asarray(quantize(icon, n_colors).image.convert("RGBA"))
        assert (shown[opaque, 3] == 255).mean() > 0.95
