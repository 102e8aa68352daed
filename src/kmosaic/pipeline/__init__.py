"""The whole flow as one function: items, features, k-means, assignment, names."""

from kmosaic.pipeline.flow import run_images
from kmosaic.pipeline.run import Run
from kmosaic.pipeline.steps import Embed, OnIteration

__all__ = ["Embed", "OnIteration", "Run", "run_images"]
