"""The page of segments: who they are, what sets them apart, and how sure that is."""

from kmosaic.report.segments.page import segments_page

__all__ = ["segments_page"]
