"""Tables of numbers and words: CSV, Parquet, Excel, SQLite and DuckDB."""

from kmosaic.data.mixed.opening import TABLE_KINDS, open_table
from kmosaic.data.mixed.rfm import Rfm, rfm_table
from kmosaic.data.mixed.table import Column, MixedTable, Numbers, Words, table_of, words_of

__all__ = [
    "TABLE_KINDS",
    "Column",
    "MixedTable",
    "Numbers",
    "Rfm",
    "Words",
    "open_table",
    "rfm_table",
    "table_of",
    "words_of",
]
