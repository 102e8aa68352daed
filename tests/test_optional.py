"""Optional packages."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from kmosaic._errors import MissingExtraError
from kmosaic._optional import need
from kmosaic.n_clusters import Table
from kmosaic.tasks import choose_k_of


@pytest.fixture
def hidden(monkeypatch):
    """Hide a package, its modules too."""

    def hide(package: str) -> None:
        for name in list(sys.modules):
            if name.partition(".")[0] == package:
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, package, None)

    return hide


def test_a_module_inside_a_package_that_is_missing_is_told_with_its_extra(hidden, tmp_path):
    hidden("pyarrow")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(MissingExtraError, match=r"needs pyarrow: pip install 'kmosaic\[parquet\]'"):
        choose_k_of(tmp_path / "x.parquet")


def test_another_module_that_is_missing_is_not_taken_for_it(tmp_path, monkeypatch):
    (tmp_path / "halfway.py").write_text("import no_such_module_at_all")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        need("halfway", extra="plot")


def test_what_no_extra_brings_is_told_by_its_own_name(hidden):
    hidden("pandas")
    with pytest.raises(MissingExtraError, match=r"needs pandas: pip install pandas$"):
        Table(["k"], [{"k": np.int64(1)}]).to_pandas()
