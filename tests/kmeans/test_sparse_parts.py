"""Sparse matrices whose parts were changed are refused before anything trusts them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from kmosaic import KMeans
from kmosaic._errors import InputError


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("indptr", np.array([], np.int32)),
        ("indptr", np.array([0, 2], np.int32)),
        ("indices", np.array([0, 2**32 + 1, 1], np.int64)),  # 1 in 32 bits
        ("indices", np.array([0, -1, 1], np.int64)),
        ("indices", np.array([0, 1, 7], np.int32)),
        ("indices", np.array([0, 1], np.int32)),
        ("data", np.array([1.0, 2.0])),
        ("data", np.array([[1.0, 2.0, 3.0]])),
    ],
)
def test_a_part_that_was_changed_after_the_matrix_was_made_is_refused(part, value):
    rows = sp.csr_array([[1.0, 2.0], [0.0, 3.0]])
    setattr(rows, part, value)
    with pytest.raises(ValueError, match="do not make up a sparse matrix"):
        KMeans(1).fit(rows)


# scipy works on these before the engine sees them, and would read and write elsewhere.
@pytest.mark.parametrize("kind", ["csr", "csc", "bsr", "coo"])
@pytest.mark.parametrize("change", [7, -1])
def test_parts_that_do_not_fit_are_refused_before_scipy_converts_them(kind, change):
    rows = sp.coo_array([[1, 2], [0, 3], [0, 1], [1, 0]]).asformat(kind)
    for part in ("coords",) if kind == "coo" else ("indices", "indptr"):
        broken = rows.copy()
        (broken.coords[1] if kind == "coo" else getattr(broken, part))[-1] = change
        with pytest.raises(InputError, match="do not make up a sparse matrix"):
            KMeans(1).fit(broken)
    assert KMeans(1).fit(rows).inertia_ == KMeans(1).fit(rows.toarray()).inertia_


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.float64, np.uint8])
def test_what_stands_behind_the_last_row_belongs_to_none(kind):
    rows = sp.csr_array(np.array([[1, 2], [0, 3], [5, 0]], dtype=kind))
    plain = KMeans(2, random_state=0).fit(rows)
    rows.data = np.concatenate([rows.data, np.array([9, 9], kind)])
    rows.indices = np.concatenate([rows.indices, np.array([0, 77], rows.indices.dtype)])
    np.testing.assert_array_equal(KMeans(2, random_state=0).fit(rows).labels_, plain.labels_)


def test_a_row_alone_is_refused_as_scikit_learn_does():
    with pytest.raises(ValueError, match="Expected 2D"):
        KMeans(1).fit(sp.coo_array(np.array([1.0, 0.0, 2.0])))
