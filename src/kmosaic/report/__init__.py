"""The report: facts are gathered first, then painted as one self-contained page."""

from kmosaic.report.anomalies import anomalies_page
from kmosaic.report.documents import write_documents_report
from kmosaic.report.facts import Facts
from kmosaic.report.gather import gather
from kmosaic.report.k import k_figure, k_page, k_summary
from kmosaic.report.segments import segments_page
from kmosaic.report.write import render, write_report

__all__ = [
    "Facts",
    "anomalies_page",
    "gather",
    "k_figure",
    "k_page",
    "k_summary",
    "render",
    "segments_page",
    "write_documents_report",
    "write_report",
]
