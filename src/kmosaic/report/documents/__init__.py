"""The page of a run on documents."""

from kmosaic.report.documents.page import documents_page, write_documents_report

__all__ = ["documents_page", "write_documents_report"]
