"""What sets each segment of a table apart: in numbers, in words, in rules."""

from kmosaic.labels.segments.profile import Segment, Trait, profile
from kmosaic.labels.segments.rules import Rule, Rules, rules_of
from kmosaic.labels.segments.wording import named, sentence

__all__ = ["Rule", "Rules", "Segment", "Trait", "named", "profile", "rules_of", "sentence"]
