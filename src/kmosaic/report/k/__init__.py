"""Which K: the page, the notebook's part and the figure."""

from kmosaic.report.k.figure import k_figure
from kmosaic.report.k.page import k_page, k_summary

__all__ = ["k_figure", "k_page", "k_summary"]
