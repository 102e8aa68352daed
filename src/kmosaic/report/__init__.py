"""The report: facts are gathered first, then painted as one self-contained page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmosaic._lazy import lazily

if TYPE_CHECKING:
    from kmosaic.report.anomalies import anomalies_page
    from kmosaic.report.documents import write_documents_report
    from kmosaic.report.facts import Facts
    from kmosaic.report.gathering import gather
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

# As in kmosaic itself: a page does not wait for what the others need.
_HOME = {
    "Facts": "kmosaic.report.facts",
    "anomalies_page": "kmosaic.report.anomalies",
    "gather": "kmosaic.report.gathering",
    "k_figure": "kmosaic.report.k",
    "k_page": "kmosaic.report.k",
    "k_summary": "kmosaic.report.k",
    "render": "kmosaic.report.write",
    "segments_page": "kmosaic.report.segments",
    "write_documents_report": "kmosaic.report.documents",
    "write_report": "kmosaic.report.write",
}

__getattr__ = lazily(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
