"""Documents in: folders and zips of text files, columns of tables, texts in memory."""

from kmosaic.data.documents.items import TextItems
from kmosaic.data.documents.opening import open_documents

__all__ = ["TextItems", "open_documents"]
