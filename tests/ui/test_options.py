"""Values of options."""

from __future__ import annotations

import pytest
import typer

from kmosaic.ui.options import part_or_auto, whole_or_auto


def test_numbers_and_auto_are_read():
    assert (whole_or_auto("auto"), whole_or_auto("7")) == ("auto", 7)
    assert (part_or_auto("auto"), part_or_auto("0.02")) == ("auto", 0.02)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1_0", "٣", "many", ""])
def test_what_is_no_whole_number_above_0_is_refused(text):
    with pytest.raises(typer.BadParameter, match="neither 'auto' nor a whole number above 0"):
        whole_or_auto(text)
