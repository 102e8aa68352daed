"""Take the picture of the report that the README shows: `make picture` (needs Chromium)."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from kmosaic.tasks import demo

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDTH, HEIGHT, SCALE, COLORS = 1280, 860, 1.5, 128


def main() -> None:
    """Group the digits, open the report in a browser, and keep what it shows."""
    with tempfile.TemporaryDirectory() as folder:
        demo(f"{folder}/demo")
        shot = Path(folder, "shot.png")
        take(Path(folder, "demo", "report.html"), shot)
        PICTURE.parent.mkdir(exist_ok=True)
        picture = Image.open(shot).convert("RGB")
        # Coverage keeps the few colored pixels among the very many gray ones.
        picture.quantize(COLORS, Image.Quantize.MAXCOVERAGE).save(PICTURE, optimize=True)


def take(page: Path, shot: Path) -> None:
    """Photograph the first screen of a page."""
    browser = os.environ.get("KMOSAIC_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    size = {"width": WIDTH, "height": HEIGHT}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        view = chromium.new_page(viewport=size, device_scale_factor=SCALE, color_scheme="light")
        view.goto(page.as_uri())
        view.wait_for_timeout(500)
        view.screenshot(path=shot)
        chromium.close()


if __name__ == "__main__":
    main()
