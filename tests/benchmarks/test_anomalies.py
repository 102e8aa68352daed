"""Known anomalies in real tables are found as docs/anomalies.md says."""

from statistics import mean

import numpy as np

from benchmarks import anomalies


def test_known_anomalies_rank_high_with_default_settings(shared_data, monkeypatch):
    monkeypatch.setattr(anomalies, "_DATA", shared_data)
    found = []
    for _, X, y in anomalies.tables([]):
        if len(X) > 10_000:  # every fifth ordinary row and anomaly, for the sake of time
            order = np.argsort(y, kind="stable")[::5]
            X, y = np.ascontiguousarray(X[order]), y[order]
        found.append(anomalies.measure(anomalies.ours, X, y, seeds=1)[:2])
    auc, precision = map(mean, zip(*found, strict=True))
    assert len(found) == 8
    assert auc >= 0.9
    assert precision >= 0.46


def test_all_detectors_are_measured_and_told(tmp_path, monkeypatch, capsys):
    rows = np.random.default_rng(0).normal(size=(200, 3))
    rows[:5] += 9
    (tmp_path / "anomalies").mkdir()
    np.savez(tmp_path / "anomalies" / "small.npz", X=rows, y=np.arange(200) < 5)
    monkeypatch.setattr(anomalies, "_DATA", tmp_path)
    monkeypatch.setattr("sys.argv", ["anomalies", "--seeds", "1"])
    anomalies.main()
    lines = capsys.readouterr().out.splitlines()
    assert "| small, 200 × 3, 2.5% | AnomalyDetector | 1.000 | 1.000 |" in lines[2]
    assert sum(line.startswith("| **mean** |") for line in lines) in (3, 4)  # with PyOD or without
