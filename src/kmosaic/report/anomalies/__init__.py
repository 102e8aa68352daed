"""The page of anomalies: how many, which, and why each."""

from kmosaic.report.anomalies.page import anomalies_page

__all__ = ["anomalies_page"]
