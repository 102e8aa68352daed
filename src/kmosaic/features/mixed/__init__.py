"""Tables of numbers and categories as rows of numbers."""

from kmosaic.features.mixed.columns import CategoryFeature, Feature, NumberFeature
from kmosaic.features.mixed.encoder import CATEGORY_WEIGHT, TableFeatures
from kmosaic.features.mixed.nouns import counted, noun_for, noun_of
from kmosaic.features.mixed.roles import Roles, roles_of
from kmosaic.features.mixed.tails import TAILS, Tail

__all__ = [
    "CATEGORY_WEIGHT",
    "TAILS",
    "CategoryFeature",
    "Feature",
    "NumberFeature",
    "Roles",
    "TableFeatures",
    "Tail",
    "counted",
    "noun_for",
    "noun_of",
    "roles_of",
]
