"""What the rows of a table are."""

from __future__ import annotations

import re

# "CustomerID", "customer_id", "wine key": what comes before names a thing.
_OF_A_THING = re.compile(r"(.+?)((?i:[\W_]+(id|key|uuid|guid))|(?<=[a-z])(ID|Id))$")
_OF_A_THING_ALONE = re.compile(r"(.+?)((?i:[\W_]+(name|no|nr|number|code))|Name|Number|Code|id)$")
# Other columns name rows by what these have ("name", "email") and not by what they are, but for:
_THINGS = (
    "account agent animal article author bank book branch brand buyer car city client club company "
    "country customer department device donor driver employee film firm game guest hotel household "
    "invoice item member movie order organization patient payment person plant player policy "
    "product project region restaurant school seller sensor server shop song station store student "
    "subscriber supplier team tenant ticket town transaction user vehicle vendor visitor wine "
    "worker"
)
_NOT_THINGS = "row index name title label code number email mail phone address tax line unnamed"
_PLURALS = {"person": "people"}


def noun_of(id_column: str | None) -> str:
    """What the rows are, by what the column that names them is called, in the plural.

    >>> noun_of("CustomerID"), noun_of("customer"), noun_of("product_name"), noun_of("wine_id")
    ('customers', 'customers', 'products', 'wines')
    >>> noun_of("name"), noun_of("id"), noun_of(None)
    ('rows', 'rows', 'rows')
    """
    name = (id_column or "").strip()
    found = _OF_A_THING.match(name)
    alone = _OF_A_THING_ALONE.match(name)
    stem = (found[1] if found else alone[1] if alone else name).strip(" _-.").lower()
    one = stem.removesuffix("s")
    if {one, stem} & set(_THINGS.split()):
        return _plural(stem if stem in _THINGS.split() else one)
    if found and stem.isalpha() and len(stem) >= 3 and stem not in _NOT_THINGS.split():
        return stem if stem.endswith("s") else _plural(stem)
    return "rows"


def counted(many: int, noun: str) -> str:
    """A number with its noun, which is given in the plural.

    >>> counted(1, "customers"), counted(1, "people"), counted(1, "movies"), counted(1200, "cities")
    ('1 customer', '1 person', '1 movie', '1,200 cities')
    """
    return f"{many:,} {noun_for(many, noun)}"


def noun_for(many: int, noun: str) -> str:
    """A noun, which is given in the plural, as it stands behind a number.

    >>> noun_for(1, "customers"), noun_for(0, "customers")
    ('customer', 'customers')
    """
    return noun if many != 1 else _singular(noun)


def _singular(noun: str) -> str:
    """The singular of what `_plural` made.

    >>> _singular("cities"), _singular("branches"), _singular("houses"), _singular("class")
    ('city', 'branch', 'house', 'class')
    """
    known = {_plural(thing): thing for thing in _THINGS.split()}
    if noun in known:
        return known[noun]
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if noun.endswith(("ss", "us")):
        return noun
    return noun.removesuffix("es" if noun.endswith(("ches", "shes", "xes")) else "s")


def _plural(noun: str) -> str:
    """The plural of an English noun.

    >>> _plural("city"), _plural("day"), _plural("branch"), _plural("person")
    ('cities', 'days', 'branches', 'people')
    """
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("ch", "sh", "x", "z", "s")) else f"{noun}s"
