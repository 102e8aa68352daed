"""The examples run as they stand, by themselves, and write where they are started."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
WRITTEN = {
    "digits": "digits/report.html",
    "which_k": "which-k.html",
    "few_colors": "flower-16.png",
    "customers": "customers-segments/report.html",
    "anomalies": "pump-anomalies/report.html",
}


@pytest.mark.parametrize("example", sorted(file.stem for file in EXAMPLES.glob("*.py")))
def test_an_example_runs(
    example: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(EXAMPLES / f"{example}.py"), run_name="__main__")
    assert capsys.readouterr().out
    if example in WRITTEN:
        assert (tmp_path / WRITTEN[example]).is_file()


def test_the_gallery_names_every_example() -> None:
    text = (EXAMPLES / "README.md").read_text()
    assert all(f"[{file.name}]({file.name})" in text for file in EXAMPLES.glob("*.py"))
