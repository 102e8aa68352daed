"""The whole flow as one function: items, features, k-means, assignment, names."""

from kmosaic.pipeline.documents import run_documents
from kmosaic.pipeline.documents_run import DocumentsRun
from kmosaic.pipeline.flow import run_images
from kmosaic.pipeline.run import Run
from kmosaic.pipeline.steps import Embed, OnIteration

__all__ = ["DocumentsRun", "Embed", "OnIteration", "Run", "run_documents", "run_images"]
