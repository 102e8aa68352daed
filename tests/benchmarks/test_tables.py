"""The pages show what was measured, and how sure it is."""

from __future__ import annotations

import pytest
from benchmarks.readme import rewrite_readme
from benchmarks.results import geometric_mean, save
from benchmarks.tables import results_page

STEADY, APART, LOST = [1.0, 1.0, 1.0], [0.5, 1.0, 2.0], [-0.1, 1.0, 1.0]


def a_result(workload: str, mine: list[float], peer: list[float], times: float) -> dict:
    def row(library, kind, factor, runs):
        found = {"library": library, "title": library, "kind": kind, "gave_up": "", "algorithm": ""}
        found |= {"seconds": factor, "runs": [factor * run for run in runs], "n_iter": 3}
        found |= {"counts": kind == "peer", "gflops": 1.0, "inertia": 1.0, "extra_mib": None}
        return found

    machine = dict.fromkeys(
        ("processor", "cores", "threads", "instructions", "system", "python"), ""
    )
    return {
        "table": "iteration",
        "workload": workload,
        "title": workload,
        "rows": [row("kmosaic-lloyd", "ours", 1.0, mine), row("sklearn", "peer", times, peer)],
        "date": "2026-01-01",
        "machine": machine,
        "versions": {},
        "quick": False,
    }


@pytest.mark.parametrize(("mine", "peer"), [(APART, STEADY), (STEADY, APART), (LOST, STEADY)])
def test_an_unsure_ratio_has_its_mark_everywhere_and_is_in_no_mean(mine, peer, tmp_path):
    sure = a_result("blobs-2d", STEADY, STEADY, 2.0)
    unsure = a_result("kodak-16", mine, peer, 50.0)
    assert geometric_mean([sure, unsure]) == pytest.approx(2)
    assert geometric_mean([unsure]) is None
    for result in (sure, unsure):
        save(result, tmp_path)
    readme = tmp_path / "README.md"
    readme.write_text("<!-- benchmark --><!-- /benchmark -->")
    assert rewrite_readme(tmp_path, readme)
    for text in (readme.read_text(), results_page(tmp_path)):
        assert "| 2.00× |" in text
        assert "| 50.0× ? |" in text
        assert "50.0× |" not in text


def test_what_was_never_measured_is_said(tmp_path):
    save(a_result("blobs-2d", STEADY, STEADY, 2.0), tmp_path)
    assert "Not measured: uniform 1M × 3, k=256; " in results_page(tmp_path)
