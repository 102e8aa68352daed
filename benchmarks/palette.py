"""Pictures in 16, 64 and 256 colors: kmosaic and others on the Kodak images, without dithering.

Run: python benchmarks/palette.py [--images 1 2 3] [--colors 16 64 256] [--repeat 3] [--full]
[--large]. Needs the data that KMOSAIC_DATA names (default ../shared/data), and the programs
pngquant and convert (ImageMagick) on PATH; what is missing is left out. Every way goes from a PNG
file to the bytes of a PNG file, all by turns; programs are timed with their start, libraries
without. Errors are computed here, from the files, by the same code for all. --full: scikit-learn
on all pixels, too, which takes seconds an image. --large: a picture of 24 megapixels (the images
side by side, with noise so that colors differ) in 256 colors by kmosaic.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import PIL.Image
import sklearn.cluster
import sklearn.utils

from kmosaic import quantize
from kmosaic.palette.counting import colors_of, keys_of
from kmosaic.palette.difference import ciede2000
from kmosaic.palette.encoding import Frame, png
from kmosaic.palette.lab import lab

DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))
Pixels = npt.NDArray[np.uint8]
Way = Callable[[Path, int], bytes]  # (file, colors) -> PNG
LARGE = (6000, 4000)


def ours(space: str) -> Way:
    return lambda path, n: quantize(path, n, space=space).to_bytes("png")


def pillow(method: PIL.Image.Quantize, kmeans: int) -> Way:
    def way(path: Path, n: int) -> bytes:
        found = PIL.Image.open(path).convert("RGB").quantize(n, method, kmeans=kmeans)
        file = io.BytesIO()
        found.save(file, "PNG")
        return file.getvalue()

    return way


def scikit_learn(sample: int | None) -> Way:
    """The recipe of its gallery: k-means on 1,000 pixels, all others to the nearest center."""

    def way(path: Path, n: int) -> bytes:
        pixels = np.asarray(PIL.Image.open(path).convert("RGB"))
        rows = pixels.reshape(-1, 3) / 255.0
        some = (
            rows
            if sample is None
            else sklearn.utils.shuffle(rows, random_state=0, n_samples=sample)
        )
        model = sklearn.cluster.KMeans(n_clusters=n, random_state=0).fit(some)
        labels = model.predict(rows).astype(np.uint8).reshape(pixels.shape[:2])
        colors = np.rint(255 * model.cluster_centers_).astype(np.uint8)
        return png(Frame(labels, colors))

    return way


def program(*words: str) -> Way:
    def way(path: Path, n: int) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "out.png")
            places = {"path": path, "n": n, "out": out}
            subprocess.run([word.format(**places) for word in words], check=True)
            return out.read_bytes()

    return way


def ways(full: bool) -> dict[str, Way]:
    found = {
        "kmosaic rgb": ours("rgb"),
        "kmosaic": ours("oklab"),
        "kmosaic lab": ours("lab"),
        "Pillow median cut": pillow(PIL.Image.Quantize.MEDIANCUT, 0),
        "Pillow median cut, kmeans": pillow(PIL.Image.Quantize.MEDIANCUT, 1),
        "Pillow fast octree": pillow(PIL.Image.Quantize.FASTOCTREE, 0),
        "Pillow fast octree, kmeans": pillow(PIL.Image.Quantize.FASTOCTREE, 1),
        "scikit-learn, 1,000 pixels": scikit_learn(1000),
    }
    if full:
        found["scikit-learn, all pixels"] = scikit_learn(None)
    if shutil.which("convert"):
        words = ("convert", "{path}", "+dither", "-colors", "{n}", "PNG8:{out}")
        found["ImageMagick"] = program(*words)
    if shutil.which("pngquant"):
        words = ("pngquant", "--nofs", "--force", "--output", "{out}", "{n}", "{path}")
        found["pngquant"] = program(*words)
    return found


def errors(path: Path, data: bytes) -> tuple[float, float, int]:
    """Mean squared error, mean CIEDE2000 difference, number of colors."""
    before = np.asarray(PIL.Image.open(path).convert("RGB")).reshape(-1, 3)
    after = np.asarray(PIL.Image.open(io.BytesIO(data)).convert("RGB")).reshape(-1, 3)
    keys = keys_of(before).astype(np.uint64) << np.uint64(32) | keys_of(after)
    both, counts = np.unique(keys, return_counts=True)
    one, other = ((both >> np.uint64(bits)).astype(np.uint32) for bits in (32, 0))
    away = ciede2000(lab(colors_of(one)[:, :3]), lab(colors_of(other)[:, :3]))
    used = len(np.unique(other))
    squared = np.square(before.astype(float) - after).mean()
    return float(squared), float(away @ counts / counts.sum()), used


def processor_seconds() -> float:
    """Of this process and of programs that it started."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def run(images: list[int], colors: list[int], repeat: int, full: bool) -> None:
    known = ways(full)
    table: dict[tuple[str, int], list[tuple[float, float, float, float, float]]] = {}
    for number in images:
        path = DATA / "kodak" / f"kodim{number:02}.png"
        for n in colors:
            times: dict[str, list[tuple[float, float]]] = {name: [] for name in known}
            for turn in range(repeat):
                for name, way in known.items():
                    if turn and name.startswith("scikit-learn, all"):
                        continue
                    start = time.perf_counter(), processor_seconds()
                    data = way(path, n)
                    spent = time.perf_counter() - start[0], processor_seconds() - start[1]
                    times[name].append(spent)
                    if not turn:
                        squared, away, used = errors(path, data)
                        assert used <= n, (name, used)
                        table.setdefault((name, n), []).append((squared, away, len(data), 0, 0))
            for name, spent in times.items():
                clock, busy = (min(one) for one in zip(*spent, strict=True))
                table[name, n][-1] = (*table[name, n][-1][:3], clock, busy)
            print(f"kodim{number:02}, {n}:", lead(table, known, n), flush=True)
    show(table, known, colors)


def lead(table: dict, known: dict[str, Way], n: int) -> str:
    """How far ours are before the best of the others on the last image, in percent."""
    last = {name: table[name, n][-1] for name in known}
    others = [last[name] for name in known if not name.startswith("kmosaic")]
    squared = 1 - last["kmosaic rgb"][0] / min(one[0] for one in others)
    away = 1 - last["kmosaic"][1] / min(one[1] for one in others)
    rgb = 1 - last["kmosaic"][1] / last["kmosaic rgb"][1]
    return f"MSE lower by {squared:.1%}; ΔE by {away:.1%}, by {rgb:.1%} than kmosaic rgb"


def show(table: dict, known: dict[str, Way], colors: list[int]) -> None:
    for n in colors:
        print(f"\n{n} colors, means of the images".ljust(33), end="")
        print("     MSE      ΔE       kB   seconds  processor seconds   lowest MSE   lowest ΔE")
        for name in known:
            means = np.mean(table[name, n], axis=0)
            wins = [
                sum(
                    table[name, n][i][what] == min(table[other, n][i][what] for other in known)
                    for i in range(len(table[name, n]))
                )
                for what in (0, 1)
            ]
            print(
                f"{name:30} {means[0]:9.2f} {means[1]:7.3f} {means[2] / 1000:8.1f} {means[3]:9.3f} "
                f"{means[4]:18.3f} {wins[0]:12} {wins[1]:11}"
            )


def large(repeat: int) -> None:
    """One picture of 24 megapixels."""
    files = sorted((DATA / "kodak").glob("*.png"))
    tiles = [np.asarray(PIL.Image.open(file).convert("RGB")) for file in files]
    tiles = [tile if tile.shape[0] == 512 else tile.transpose(1, 0, 2) for tile in tiles]
    width, height = LARGE
    rows = -(-height // 512)
    columns = -(-width // 768)
    order = np.random.default_rng(0).integers(0, len(tiles), (rows, columns))
    picture = np.vstack([np.hstack([tiles[i] for i in row]) for row in order])[:height, :width]
    noise = np.random.default_rng(1).integers(-2, 3, picture.shape, np.int16)
    picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    for space in ("oklab", "rgb"):
        times = []
        for _ in range(repeat):
            start = time.perf_counter(), processor_seconds()
            found = quantize(picture, 256, space=space)
            times.append((time.perf_counter() - start[0], processor_seconds() - start[1]))
        clock, busy = (min(one) for one in zip(*times, strict=True))
        print(f"24 megapixels, 256 colors, {space}: {clock:.2f} s, {busy:.2f} processor seconds, "
              f"{len(found.original.keys):,} different colors, MSE {found.mse:.2f}")  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, nargs="+", default=range(1, 13))
    parser.add_argument("--colors", type=int, nargs="+", default=[16, 64, 256])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    if given.large:
        large(given.repeat)
    else:
        run(list(given.images), given.colors, given.repeat, given.full)
