"""The short table in the README, between two markers."""

from __future__ import annotations

from pathlib import Path

from benchmarks.tables import readme_table

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- benchmark -->", "<!-- /benchmark -->"


def rewrite_readme(folder: Path, readme: Path = README) -> bool:
    """Put the latest table between the markers; False where the README has none."""
    text = readme.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        return False
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    readme.write_text(f"{before}{BEGIN}\n{readme_table(folder)}\n{END}{after}", encoding="utf-8")
    return True
