"""`kmosaic compress`: prints the numbers, reads and writes streams, tells bad input in a line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from typer.testing import CliRunner

from kmosaic._errors import InputError
from kmosaic.ui.cli import app
from kmosaic.ui.show_compressed import check_stream


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    y, x = np.mgrid[:40, :60]
    pixels = np.stack([4 * x, 6 * y, x + y], axis=-1).astype(np.uint8)
    PIL.Image.fromarray(pixels).save(tmp_path / "photo.bmp")
    return tmp_path / "photo.bmp"


def test_it_prints_bytes_and_differences(kmosaic: Any, photo: Path) -> None:
    result = kmosaic("compress", photo, "--colors", 8)
    assert result.exit_code == 0, result.output
    first = result.stdout.splitlines()[0]
    for words in ("photo.png: 7.25 kB became", "8 colors", "MSE", "PSNR", "ΔE"):
        assert words in first
    assert Path("compressed/report.html").is_file()


def test_json_is_the_answer(kmosaic: Any, photo: Path) -> None:
    result = kmosaic("compress", photo, "-n", 8, "--json", "--out", "small", "--no-report")
    answer = json.loads(result.stdout)
    assert answer["images"][0]["n_colors"] == 8
    assert answer["files"] == ["photo.png", "answer.json"]


def test_from_standard_input_to_standard_output(photo: Path) -> None:
    words = ["compress", "-", "--colors", "8"]
    result = CliRunner().invoke(app, words, input=photo.read_bytes())
    assert result.exit_code == 0, result.output
    with PIL.Image.open(io.BytesIO(result.stdout_bytes)) as image:
        assert len(image.convert("RGB").getcolors()) == 8
    assert "became" in result.stderr


@pytest.mark.parametrize("more", [["--json"], ["--export-palette", "hex"]])
def test_what_cannot_be_beside_standard_output_is_told(
    kmosaic: Any, photo: Path, more: list[str]
) -> None:
    result = kmosaic("compress", photo, "--colors", 8, "--out", "-", *more)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"Error: {more[0]}" in result.stderr


def test_a_terminal_gets_no_image(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(InputError, match="is a terminal"):
        check_stream(None, as_json=False)


def test_to_standard_output(kmosaic: Any, photo: Path) -> None:
    result = kmosaic("compress", photo, "--colors", 8, "--out", "-", "--format", "webp")
    assert result.stdout_bytes[8:12] == b"WEBP"


def test_from_standard_input_to_a_file(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["compress", "-", "-n", "8", "-o", "x.gif", "--export-palette", "hex", "--json"]
    result = CliRunner().invoke(app, words, input=photo.read_bytes())
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["n_colors"] == 8
    assert Path("x.gif").read_bytes()[:3] == b"GIF"
    assert len(Path("x.hex").read_text().split()) == 8
    before = Path("x.gif").read_bytes()
    lost = [*words[:2], "--palette", "x.gif", *words[4:6]]
    refused = CliRunner().invoke(app, lost, input=photo.read_bytes())
    assert "x.gif is what is read, and would be lost" in refused.stderr
    assert Path("x.gif").read_bytes() == before
    again = CliRunner().invoke(app, [*words[:4], *words[6:]], input=photo.read_bytes())
    assert "--export-palette writes beside the image: name a file by --out" in again.stderr


def test_a_file_that_is_not_written_is_told(kmosaic: Any, photo: Path) -> None:
    PIL.Image.open(photo).resize((1, 1)).save("dot.webp", quality=1)
    result = kmosaic("compress", "dot.webp", "-n", 2, "-o", "dot.png")
    assert "kept as it was, because 1 color (without loss) would take" in result.stdout
    assert "Did not write dot.png; --no-skip-if-larger would." in result.stdout
    words = ["compress", "-", "-n", "2", "-o", "dot.png"]
    piped = CliRunner().invoke(app, words, input=Path("dot.webp").read_bytes())
    assert "Did not write dot.png" in piped.stderr
    assert not Path("dot.png").exists()


def test_who_stands_in_the_folder_gets_the_results_beside_it(
    kmosaic: Any, photo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "inside").mkdir()
    photo.rename(tmp_path / "inside" / photo.name)
    monkeypatch.chdir(tmp_path / "inside")
    for _ in range(2):
        assert kmosaic("compress", ".", "-n", 4).exit_code == 0
    assert (tmp_path / "inside-compressed" / "photo.png").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["photo.bmp"], "Give one of --colors, --quality and --max-bytes: one decides."),
        (["gone.png", "-n", 4], "gone.png"),
        (["photo.bmp", "-n", 500], "--colors is 500: give a whole number from 1 to 256"),
        (["photo.bmp", "-n", 4, "--palette", "gone.hex"], "gone.hex"),
        (["photo.bmp", "--palette", "bad.hex"], "bad.hex, line 2: 'hello' is no color"),
        (["whole.png", "-n", 4, "-o", "whole.png"], "whole.png is what is read"),
        (["photo.bmp", "-n", 4, "--keep-color", "no"], "--keep-color: 'no' is no color"),
        (["corrupt.png", "-n", 4], "corrupt.png is cut off: the end of the file is missing"),
        (["text.png", "-n", 4], "text.png is not a PNG"),
        (["film.gif", "-n", 4], "animation of 2 frames"),
    ],
)
def test_bad_input_is_one_line(kmosaic: Any, photo: Path, words: list[Any], told: str) -> None:
    with PIL.Image.open(photo) as image:
        image.save("whole.png")
        image.save("film.gif", save_all=True, append_images=[image.rotate(180)])
    Path("corrupt.png").write_bytes(Path("whole.png").read_bytes()[:80])
    Path("text.png").write_text("no image")
    Path("bad.hex").write_text("#fff\nhello\n")
    result = kmosaic("compress", *words)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert told in result.stderr
    assert not Path("compressed").exists()


def test_more_files_that_are_left_out_than_are_printed(kmosaic: Any, photo: Path) -> None:
    for number in range(12):
        Path(f"{number}.png").write_text("no image")
    result = kmosaic("compress", photo.parent, "-n", 4, "--no-report", "--out", "../small")
    assert result.stdout.count("is not a PNG") == 10
    assert "... and 2 more, see ../small/answer.json for all" in result.stdout
    listed = json.loads(Path("../small/answer.json").read_text())["skipped"]
    assert len(listed) == 12


@pytest.mark.parametrize("mode", ["CMYK", "I;16", "1", "P", "RGBA", "LA"])
def test_every_mode_goes_through(kmosaic: Any, photo: Path, mode: str) -> None:
    with PIL.Image.open(photo) as image:
        if mode == "I;16":
            deep = np.asarray(image.convert("L")).astype(np.uint16) * 257
            image = PIL.Image.fromarray(deep)
        image.convert(mode).save("odd.tiff")
    result = kmosaic("compress", "odd.tiff", "-n", 2, "-o", "odd.png", "--no-skip-if-larger")
    assert result.exit_code == 0, result.output
    with PIL.Image.open("odd.png") as image:
        assert image.size == (60, 40)


def test_results_of_other_images_in_the_default_place_are_not_replaced(kmosaic, photo, tmp_path):
    other = tmp_path / "other.bmp"
    other.write_bytes(photo.read_bytes())
    assert kmosaic("compress", photo, "-n", 4).exit_code == 0
    refused = kmosaic("compress", other, "-n", 4)
    assert refused.exit_code == 1
    assert "compressed holds the result of kmosaic compress for photo.bmp" in refused.stderr
    assert kmosaic("compress", photo, "-n", 5).exit_code == 0
    assert kmosaic("compress", other, "-n", 4, "--out", "compressed").exit_code == 0
    assert kmosaic("compress", other, photo, "-n", 4).exit_code == 1
    assert kmosaic("compress", other, photo, "-n", 4, "--out", "compressed").exit_code == 0
    assert kmosaic("compress", photo, other, "-n", 4).exit_code == 0  # the same two
