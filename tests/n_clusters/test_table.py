"""The table of the criteria."""

from __future__ import annotations

import csv

import numpy as np
from tests.n_clusters.groups import blobs

from kmosaic.n_clusters import CRITERIA, choose


def test_there_is_a_row_for_every_k_and_a_column_for_every_criterion():
    found = choose(blobs(2), [1, 2, 3], random_state=0, also=["medoid_silhouette"])
    table = found.table
    assert [row["k"] for row in table] == [1, 2, 3]
    assert table.columns == ["k", "probability", *CRITERIA]
    assert table[0]["silhouette"] is None
    assert table[1]["inertia"] == found.models[2].inertia_
    frame = table.to_pandas()
    assert frame.loc[2, "inertia"] == found.models[2].inertia_
    read = list(csv.DictReader(table.to_csv().splitlines()))
    assert float(read[1]["inertia"]) == found.models[2].inertia_
    assert read[0]["silhouette"] == ""
    lines = str(table).splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["k", "1", "2", "3"]
    assert lines[0].split() == table.columns
    assert all(line.startswith("Empty: ") for line in lines[4:])
    assert table._repr_html_().count("<tr>") == 4


def test_a_criterion_has_no_value_where_every_row_is_its_own_cluster():
    found = choose(np.arange(5.0)[:, None] ** 2, range(1, 6), random_state=0)
    for name in ("davies_bouldin", "silhouette", "simplified_silhouette", "calinski_harabasz"):
        assert found.preferences[name] != 5
        assert found.table[4][name] is None
        assert "fewer clusters than rows" in found.table.reasons[name]
    assert set(found.criteria) - set(found.table.reasons) == {"inertia"}
