from __future__ import annotations

import errno
import warnings

import pytest
import typer

from kmosaic._errors import InputError, OutputError
from kmosaic.ui.door import front_door


def leave(error: BaseException) -> int:
    with pytest.raises(typer.Exit) as left, front_door():
        raise error
    return left.value.exit_code


@pytest.mark.parametrize(
    "error",
    [InputError("x"), OutputError("x"), MemoryError(), OSError(errno.EIO, "Input/output error")],
)
def test_what_the_user_can_cure_exits_with_1(error: Exception) -> None:
    assert leave(error) == 1


def test_ctrl_c_exits_with_130() -> None:
    assert leave(KeyboardInterrupt()) == 130


def test_a_mistake_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), front_door():
        raise ZeroDivisionError


def test_brackets_in_a_message_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    leave(InputError("no folder 'photos[/red]'"))
    assert capsys.readouterr().err == "Error: no folder 'photos[/red]'\n"


def test_a_warning_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with front_door():
        warnings.simplefilter("always")
        warnings.warn("only 3 clusters were found", stacklevel=1)
    assert capsys.readouterr().err == "Note: only 3 clusters were found\n"


def test_a_reader_that_goes_away_is_no_error_of_ours() -> None:
    with pytest.raises(BrokenPipeError), front_door():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
