"""The table of the criteria."""

from __future__ import annotations

import csv

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
    assert len(lines) == 4
    assert lines[0].split() == table.columns
    assert table._repr_html_().count("<tr>") == 4
