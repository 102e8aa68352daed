"""Image files in few colors: whole results, goals that are kept, and bad input that is told."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError, OutputError
from kmosaic._events import Progress
from kmosaic.palette import quantize
from kmosaic.palette.color_names import colors_given
from kmosaic.palette.goals import most_difference
from kmosaic.palette.pictures import times_played
from kmosaic.tasks.compression import compress, compress_bytes


def picture(seed: int = 0, size: tuple[int, int] = (60, 40)) -> PIL.Image.Image:
    width, height = size
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    smooth = np.stack([x * 200 // width, y * 200 // height, 200 - x * 200 // width], axis=-1)
    pixels = np.clip(smooth + random.integers(0, 30, smooth.shape), 0, 255)
    return PIL.Image.fromarray(pixels.astype(np.uint8))


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Three pictures, one of them deeper."""
    folder = tmp_path / "images"
    (folder / "deep").mkdir(parents=True)
    for number, name in enumerate(("a.png", "b.bmp", "deep/c.png")):
        picture(number).save(folder / name)
    return folder


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """An animation of three frames."""
    frames = [picture(seed) for seed in range(3)]
    path = tmp_path / "film.webp"
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=[50, 70, 90], loop=2, lossless=True
    )
    return path


def pixels_of(path: Path, mode: str = "RGB") -> Any:
    with PIL.Image.open(path) as image:
        return np.asarray(image.convert(mode))


def n_colors_of(path: Path) -> int:
    return len(np.unique(pixels_of(path).reshape(-1, 3), axis=0))


def test_a_folder_becomes_a_folder_of_the_same_names(images: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    done = compress([images], 8, out=tmp_path / "small", on_progress=told.append)
    names = ["a.png", "b.png", "deep/c.png"]
    assert [one.file for one in done.images] == names
    assert set(done.files) == {*names, "report.html", "answer.json"}
    for one in done.images:
        assert n_colors_of(tmp_path / "small" / one.file) == 8
        assert (tmp_path / "small" / one.file).stat().st_size == one.after < one.before
    assert told[-1] == Progress("images", 3, 3, "images")
    saved = json.loads((tmp_path / "small" / "answer.json").read_text())
    assert saved["images"] == done.summary()["images"]


def test_patterns_find_images(images: Path) -> None:
    done = compress([f"{images}/*.png"], 4)
    assert [one.name for one in done.images] == ["a"]
    done = compress([f"{images}/**/*.png", images / "b.bmp"], 4)
    assert [one.name for one in done.images] == ["a", "deep/c", "b"]


def test_names_that_differ_in_their_ending_only_stay_apart(tmp_path: Path) -> None:
    for name in ("a.png", "a.bmp"):
        picture().save(tmp_path / name)
    twice = tmp_path / "x" / ".." / "a.bmp"
    (tmp_path / "x").mkdir()
    done = compress([tmp_path / "a.png", tmp_path / "a.bmp", twice], 4)
    assert [one.file for one in done.images] == ["a.png.png", "a.bmp.png"]


def test_no_result_takes_the_place_of_the_answer(tmp_path: Path) -> None:
    picture().save(tmp_path / "answer.png")
    done = compress(tmp_path / "answer.png", 4, out=tmp_path / "x", export_palette="json")
    assert set(done.files) == {"answer.png.png", "answer.png.json", "report.html", "answer.json"}
    assert json.loads((tmp_path / "x" / "answer.json").read_text())["n"] == 1


def test_one_image_becomes_one_file(images: Path, tmp_path: Path) -> None:
    done = compress([images / "a.png"], 4, out=tmp_path / "x.webp", export_palette="hex")
    assert done.files == ("x.webp", "x.hex")
    assert done.images[0].file == "x.webp"
    assert n_colors_of(tmp_path / "x.webp") == 4
    assert len(colors_given(tmp_path / "x.hex", "palette")) == 4


@pytest.mark.parametrize("kind", ["hex", "json", "gpl", "act", "css"])
def test_only_the_palette_of_an_earlier_result_is_replaced(
    images: Path, tmp_path: Path, kind: str
) -> None:
    settings: Any = {"out": tmp_path / "x.png", "export_palette": kind}
    for n_colors in (4, 4, 5):
        compress(images / "a.png", n_colors, **settings)
    before = (tmp_path / "x.png").read_bytes()
    quantize(picture(9), 5).save(tmp_path / "y.png")
    (tmp_path / f"x.{kind}").write_bytes(quantize(picture(9), 5).export(kind))
    with pytest.raises(InputError, match=f"x.{kind}, which is there already and not known"):
        compress(images / "a.png", 4, **settings)
    (tmp_path / f"x.{kind}").unlink()
    (tmp_path / f"x.{kind}").mkdir()
    with pytest.raises(InputError, match=f"x.{kind} is a folder"):
        compress(images / "a.png", 4, **settings)
    assert (tmp_path / "x.png").read_bytes() == before


def test_an_image_and_its_colors_are_replaced_together(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Any = {"out": tmp_path / "x.png", "export_palette": "hex"}
    compress(images / "a.png", 4, **settings)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}

    def full(handle: int) -> None:
        written.append(handle)
        if len(written) == 1:
            raise OSError(28, "No space left on device")

    written: list[int] = []
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="is untouched"):
        compress(images / "a.png", 5, **settings)
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_quality_takes_the_fewest_colors_that_look_so_well(images: Path) -> None:
    (done,) = compress([images / "a.png"], quality=70).images
    assert done.delta_e <= most_difference(70)
    (fewer,) = compress([images / "a.png"], len(done.colors) - 1).images
    assert fewer.delta_e > most_difference(70)


def test_quality_beyond_reach_is_told(images: Path) -> None:
    (done,) = compress([images / "a.png"], quality=100).images
    assert len(done.colors) == 256
    assert "256 colors" in done.notes[0]


def test_bytes_are_kept_with_many_colors(images: Path) -> None:
    (done,) = compress([images / "a.png"], max_bytes=1200).images
    assert done.after <= 1200
    assert len(done.colors) > 2
    (all_of_them,) = compress([images / "a.png"], max_bytes=10**6).images
    assert len(all_of_them.colors) == 256


def test_a_file_that_would_be_no_smaller_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "photo.jpg"
    picture().save(source, quality=5)
    done = compress([source], 150, out=tmp_path / "small")
    (kept,) = done.images
    assert (tmp_path / "small" / "photo.jpg").read_bytes() == source.read_bytes()
    assert (kept.kept, kept.mse, kept.delta_e, kept.psnr) == (True, 0, 0, np.inf)
    assert kept.tried.bytes >= kept.after == kept.before
    told = kept.summary()
    assert (told["n_colors"], told["colors"], told["mse"], told["psnr"]) == (None, [], 0, None)
    assert told["tried"]["n_colors"] == 150
    assert told["tried"]["mse"] > 0
    done = compress([source], 150, out=tmp_path / "small", skip_if_larger=False)
    (new,) = done.images
    assert (new.kept, new.why_kept, new.summary()["tried"]) == (False, "", None)
    assert (new.mse, new.delta_e) == (kept.tried.mse, kept.tried.delta_e)
    assert (tmp_path / "small" / "photo.png").stat().st_size == kept.tried.bytes


def test_a_batch_shares_its_palette(images: Path, tmp_path: Path) -> None:
    done = compress([images], 8, out=tmp_path / "small", shared_palette=True)
    for one in done.images[1:]:
        assert_array_equal(one.colors, done.images[0].colors)


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_an_animation_shares_its_palette(film: Path, tmp_path: Path, format: str) -> None:
    out = tmp_path / f"small.{format}"
    compress([film], 16, out=out, shared_palette=True, skip_if_larger=False)
    with PIL.Image.open(out) as image:
        assert image.n_frames == 3
        found = set()
        for number in range(3):
            image.seek(number)
            image.load()
            found |= {tuple(c) for c in np.asarray(image.convert("RGB")).reshape(-1, 3).tolist()}
            assert image.info["duration"] == [50, 70, 90][number]
        assert len(found) == 16
        assert times_played(image) == 2


@pytest.mark.parametrize("loop", [None, 0, 1, 65535])
def test_an_animation_is_played_as_often_as_it_was(tmp_path: Path, loop: int | None) -> None:
    often = {} if loop is None else {"loop": loop}
    frames = [picture(seed) for seed in range(2)]
    frames[0].save(tmp_path / "film.gif", save_all=True, append_images=frames[1:], **often)
    for name in ("small.gif", "small.webp"):
        settings: Any = {"out": tmp_path / name, "shared_palette": True, "skip_if_larger": False}
        compress(tmp_path / "film.gif", 8, **settings)
        with PIL.Image.open(tmp_path / name) as image:
            most = 65535 if name == "small.webp" else 65536  # of WebP, and of GIF
            assert times_played(image) == {None: 1, 0: 0, 1: 2, 65535: most}[loop]


def test_a_palette_and_colors_to_keep(images: Path, tmp_path: Path) -> None:
    (tmp_path / "few.hex").write_text("#000000\n#ffffff\n#808080\n")
    (done,) = compress([images / "a.png"], palette=tmp_path / "few.hex").images
    assert {tuple(c) for c in done.colors.tolist()} == {(0,) * 3, (255,) * 3, (128,) * 3}
    (done,) = compress([images / "a.png"], 4, keep_colors=["#123456"]).images
    assert [0x12, 0x34, 0x56] in done.colors.tolist()


def test_of_a_palette_as_many_colors_are_taken_as_is_asked_for(images: Path) -> None:
    given, one = [(n, n, 255 - n) for n in range(0, 256, 5)], images / "a.png"
    (few,) = compress(one, 3, palette=given).images
    assert len(few.colors) == 3
    (small,) = compress(one, max_bytes=900, palette=given).images
    assert small.after <= 900
    assert len(small.colors) < len(given)
    (full,) = compress(one, palette=given).images
    assert len(full.colors) == len(given)
    (good,) = compress(one, quality=50, palette=given).images
    (best,) = compress(one, quality=100, palette=given).images
    assert full.delta_e > most_difference(50) or len(good.colors) < len(given)
    assert f"{len(given)} colors, all there are, come to" in best.notes[0]
    (more,) = compress(one, 200, palette=given).images
    assert more.notes == (f"The palette has only {len(given)} colors.",)
    for few in (good, small):
        assert {tuple(color) for color in few.colors.tolist()} <= set(given)


def test_a_file_that_is_kept_is_told_to_have_colors_of_its_own(tmp_path: Path) -> None:
    picture().save(tmp_path / "photo.jpg", quality=5)
    (done,) = compress(tmp_path / "photo.jpg", palette=[(n, 0, 99) for n in range(256)]).images
    assert done.kept
    assert done.notes == ("It keeps its own colors, not those asked for.",)


def test_figures_of_a_gif_are_those_without_half_transparent_pixels(tmp_path: Path) -> None:
    half = np.dstack([np.asarray(picture()), np.full((40, 60), 200, np.uint8)])
    half[:20, :, 3] = 100
    PIL.Image.fromarray(half).save(tmp_path / "half.png")
    (done,) = compress(tmp_path / "half.png", 8, out=tmp_path / "half.gif").images
    with PIL.Image.open(tmp_path / "half.gif") as image:
        seen = np.asarray(image.convert("RGBA")).astype(float)
    assert set(np.unique(seen[:20, :, 3])) == {0}
    assert set(np.unique(seen[20:, :, 3])) == {255}
    errors = []
    for ground in (0.0, 255.0):
        was, now = (
            rgba[..., :3] * (rgba[..., 3:] / 255) + ground * (1 - rgba[..., 3:] / 255)
            for rgba in (half.astype(float), seen)
        )
        errors.append(np.square(was - now).mean())
    assert done.mse == pytest.approx(np.mean(errors))
    assert "half-transparent" in done.notes[0]
    assert len(done.colors) == 8


def test_half_transparent_colors_of_a_palette_are_opaque_in_a_gif(images: Path) -> None:
    palette = ["#ff0000a0", "#0000ff40", "#0f0"]
    (done,) = compress(images / "a.png", palette=palette, format="gif", skip_if_larger=False).images
    assert done.colors.tolist() == [[255, 0, 0, 255], [0, 0, 0, 0], [0, 255, 0, 255]]
    assert done.counts[1] == 0
    with PIL.Image.open(io.BytesIO(done.data)) as image:
        seen = np.asarray(image.convert("RGB")).astype(float)
    assert done.mse == pytest.approx(np.square(seen - pixels_of(images / "a.png")).mean())


def test_a_palette_that_gifs_share_is_opaque_and_has_no_color_twice(tmp_path: Path) -> None:
    for name, color in (("a", (255, 0, 0, 0x90)), ("b", (0, 0, 255, 0x90))):
        PIL.Image.new("RGBA", (4, 4), color).save(tmp_path / f"{name}.png")
    settings: Any = {"format": "gif", "shared_palette": True, "skip_if_larger": False}
    palette = ["#f00", "#ff0000cc", "#0000ff90", "#808080"]
    files = [tmp_path / "a.png", tmp_path / "b.png"]
    for image in compress(files, palette=palette, **settings).images:
        (alone,) = compress(image.path or "", palette=palette, **settings).images
        assert image.delta_e == alone.delta_e
        assert image.counts.max() == 16
        assert alone.colors.tolist() == image.colors.tolist()
        assert [one[:3] for one in image.colors.tolist()] == [[255, 0, 0], [0, 0, 255], [128] * 3]


def test_a_file_of_several_pages_gives_the_first_and_says_so(tmp_path: Path) -> None:
    pages = [picture(seed) for seed in range(3)]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:])
    (done,) = compress(tmp_path / "scan.tiff", 4).images
    assert done.notes == ("The file holds 3 pictures, and the first was taken.",)


def test_more_colors_than_the_image_has_is_told_and_loses_nothing(tmp_path: Path) -> None:
    PIL.Image.fromarray(np.eye(9, dtype=np.uint8) * 200).convert("RGB").save(tmp_path / "e.bmp")
    (done,) = compress([tmp_path / "e.bmp"], 100).images
    assert (len(done.colors), done.mse) == (2, 0)
    assert "only 2 colors" in done.notes[0]


def test_settings_can_be_given_again(images: Path) -> None:
    done = compress(images / "a.png", 4, palette=["red", (1, 2, 3, 4), "blue"], keep_colors="#fff")
    assert repr(done).startswith("<Compressed: 1 image, ")
    assert done.settings["palette"] == ["#ff0000", "#01020304", "#0000ff", "#ffffff"]
    assert done.settings["keep_colors"] == ["#ffffff"]
    settings = {key: value for key, value in done.settings.items() if key != "n_colors"}
    (again,) = compress(images / "a.png", 4, **settings).images
    assert again.data == done.images[0].data


def test_threads_do_not_matter(images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = [image.data for image in compress([images], 8).images]
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", "1")
    assert [image.data for image in compress([images], 8).images] == one


def test_a_file_in_a_folder_that_is_no_image_is_skipped(images: Path) -> None:
    (images / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = compress([images], 4)
    assert len(done.images) == 3
    assert "broken.png" in done.skipped[0].reason


def test_one_pixel(tmp_path: Path) -> None:
    PIL.Image.new("RGB", (1, 1), "red").save(tmp_path / "dot.bmp")
    done = compress([tmp_path / "dot.bmp"], 16, out=tmp_path / "dot.png", skip_if_larger=False)
    assert pixels_of(tmp_path / "dot.png").tolist() == [[[255, 0, 0]]]
    assert done.images[0].delta_e == 0


def test_bytes_in_memory() -> None:
    file = io.BytesIO()
    picture().save(file, "PNG")
    done = compress_bytes(file.getvalue(), 4, format="gif")
    assert done.data[:3] == b"GIF"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "one decides"),
        ({"n_colors": 4, "quality": 90}, "one decides"),
        ({"quality": 101}, "0 to 100"),
        ({"quality": "90"}, "quality is '90': give a number"),
        ({"max_bytes": "4000"}, "max_bytes is '4000': give 1 or more"),
        ({"n_colors": 4, "dither_strength": "1"}, "dither_strength is '1': give a number"),
        ({"max_bytes": 0}, "1 or more"),
        ({"max_bytes": 50}, "fewest colors take"),
        ({"n_colors": 4, "format": "jpg"}, "'png'"),
        ({"n_colors": 4, "export_palette": "ase"}, "'gpl'"),
        ({"n_colors": 300}, "1 to 256"),
    ],
)
def test_settings_that_cannot_be_used(images: Path, settings: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        compress([images / "a.png"], **settings)


def test_places_that_cannot_be_used(images: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one file"):
        compress([images], 4, out=tmp_path / "x.png")
    with pytest.raises(InputError, match="choose a folder beside it"):
        compress([images / "a.png"], 4, out=images)
    with pytest.raises(InputError, match="lies inside the source"):
        compress([images], 4, out=images / "small")
    before = (images / "a.png").read_bytes()
    with pytest.raises(InputError, match="would be lost"):
        compress(images / "a.png", 4, out=images / "a.png")
    (tmp_path / "x.hex").write_text("#fff")
    with pytest.raises(InputError, match=r"x\.hex is what is read"):
        compress(
            images / "a.png", palette=tmp_path / "x.hex", out=tmp_path / "x.png",
            export_palette="hex",
        )  # fmt: skip
    assert (images / "a.png").read_bytes() == before
    compress(images / "a.png", 4, out=tmp_path / "y", export_palette="hex", report=False)
    with pytest.raises(InputError, match=r"y is or holds the palette .*a\.hex"):
        compress(images / "b.bmp", palette=tmp_path / "y" / "a.hex", out=tmp_path / "y")
    with pytest.raises(InputError, match="no file or folder"):
        compress([tmp_path / "gone.png"], 4)
    with pytest.raises(InputError, match="names none"):
        compress([], 4)
    with pytest.raises(InputError, match=r"has a Image: .* `kmosaic.quantize`"):
        compress(picture(), 4)
    with pytest.raises(InputError, match="finds no images"):
        compress([f"{tmp_path}/*.jpg"], 4)


def test_an_animation_without_a_shared_palette_is_told(film: Path) -> None:
    with pytest.raises(InputError, match="animation of 3 frames"):
        compress([film], 4)
    with pytest.raises(InputError, match="'webp' or 'gif'"):
        compress([film], 4, shared_palette=True, format="png")


def test_names_of_files_and_formats_that_do_not_go_together(images: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ends in none of"):
        compress([images / "a.png"], 4, out=tmp_path / "x.jpg")
    with pytest.raises(InputError, match="they differ"):
        compress([images / "a.png"], 4, out=tmp_path / "x.gif", format="png")


def test_a_file_that_is_kept_is_copied_to_a_name_of_its_kind(tmp_path: Path) -> None:
    PIL.Image.new("P", (1, 1)).save(tmp_path / "dot.gif")
    for name, written in (("small.gif", True), ("small.png", False)):
        done = compress([tmp_path / "dot.gif"], 2, out=tmp_path / name)
        assert done.images[0].kept
        assert (tmp_path / name).exists() == written


def test_the_number_of_its_pixels_makes_no_file_deep(tmp_path: Path) -> None:
    picture(size=(160, 16)).save(tmp_path / "wide.png")
    (done,) = compress([tmp_path / "wide.png"], 4).images
    assert done.notes == ()
