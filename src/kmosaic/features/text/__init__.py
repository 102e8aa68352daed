"""Features of documents: weighed terms, their latent meaning, vectors, sentence models."""

from kmosaic.features.text.base import Documents, TextFeatures
from kmosaic.features.text.cached import read_documents
from kmosaic.features.text.duplicates import Duplicates, near_duplicates
from kmosaic.features.text.make import TEXT_EXTRACTORS, make_text_extractor, text_features_of_spec
from kmosaic.features.text.terms import Terms

__all__ = [
    "TEXT_EXTRACTORS",
    "Documents",
    "Duplicates",
    "Terms",
    "TextFeatures",
    "make_text_extractor",
    "near_duplicates",
    "read_documents",
    "text_features_of_spec",
]
