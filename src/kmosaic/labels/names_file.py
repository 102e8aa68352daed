"""Names of clusters from a file that a person wrote."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic.data.tables import table_reader
from kmosaic.labels.names import Names
from kmosaic.labels.truth import clean_text

_SHAPE = "The file needs a first line `cluster,name`, then one line a cluster, such as `3,cats`."


def names_from_csv(path: str | Path, k: int) -> Names:
    """Read names of k clusters from a CSV file with the columns cluster and name.

    Clusters that the file leaves out keep their numbers. Semicolons or tabs may stand for the
    commas. Raises InputError with the line number
    if a cluster is unknown or named twice, a name is empty, or a line has not two cells.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "names.csv")
    ...     _ = file.write_text("cluster,name\\n1,cats\\n")
    ...     names_from_csv(file, 3).names
    ('0', 'cats', '2')
    """
    names: dict[int, str] = {}
    first_line: dict[int, int] = {}
    for line, cells in _lines(Path(expanded(path))):
        cluster, name = _parse(cells, f"{path}, line {line}", k)
        if cluster in names:
            raise InputError(
                f"{path}, line {line}: cluster {cluster} was named before, in line "
                f"{first_line[cluster]}. Keep one of the two."
            )
        names[cluster], first_line[cluster] = name, line
    return Names.given(names, k, "file")


def _parse(cells: list[str], where: str, k: int) -> tuple[int, str]:
    if len(cells) != 2:
        raise InputError(
            f'{where}: found {len(cells)} cell(s) instead of 2. Put names with commas in "quotes".'
        )
    number, name = cells[0].strip(), clean_text(cells[1])
    # No int() on other text: it takes "1_0" and digits of any script, which a typo may hold.
    cluster = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1
    if not 0 <= cluster < k:
        raise InputError(
            f"{where}: there is no cluster {number!r}; the {k} clusters are numbered 0 to {k - 1}."
        )
    if not name:
        raise InputError(f"{where}: the name of cluster {cluster} is empty. Give it or drop it.")
    return cluster, name


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines after the header with their numbers, empty ones left out."""
    rows = _rows(path)
    _, header = next(rows, (0, []))
    if [cell.strip().lower() for cell in header] != ["cluster", "name"]:
        raise InputError(f"{path}: the first line is not `cluster,name`. {_SHAPE}")
    yield from rows


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = table_reader(file, strict=True)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, cells
    except FileNotFoundError:
        raise InputError(f"There is no file {path} to read names from. {_SHAPE}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text. Save it as CSV in UTF-8.") from None
    except csv.Error as error:
        line = reader.line_num if reader else 1
        raise InputError(f"{path}, line {line}: {error}. {_SHAPE}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
