"""Classified images: tables, sorted folders, and models for new images."""

from kmosaic._store.whole_folder import check_out, whole_folder
from kmosaic.output.anomaly_tables import write_contributions, write_scores
from kmosaic.output.folders import Sorted, sort_into_folders
from kmosaic.output.loading import load
from kmosaic.output.model import Model, load_model
from kmosaic.output.tables import write_assignments, write_skipped, write_terms
from kmosaic.output.text_model import TextModel, load_text_model

__all__ = [
    "Model",
    "Sorted",
    "TextModel",
    "check_out",
    "load",
    "load_model",
    "load_text_model",
    "sort_into_folders",
    "whole_folder",
    "write_assignments",
    "write_contributions",
    "write_scores",
    "write_skipped",
    "write_terms",
]
