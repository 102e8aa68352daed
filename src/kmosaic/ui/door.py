"""The front door: every way out has its exit code and one clear line."""

from __future__ import annotations

import errno
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from kmosaic._errors import KMosaicError

BAD_INPUT = 1
INTERRUPTED = 130  # 128 + SIGINT, what shells expect after Ctrl-C
TERMINATED = 143  # 128 + SIGTERM


def messages() -> Console:
    """The console for everything that is not the answer: standard error."""
    return Console(stderr=True, highlight=False)


@contextmanager
def front_door() -> Iterator[Console]:
    """Turn errors into one line and an exit code; lend a console for messages."""
    console = messages()
    with warnings.catch_warnings():
        warnings.showwarning = _warning_printer(console)
        try:
            yield console
        except KMosaicError as error:
            raise _leave(console, str(error)) from error
        except MemoryError as error:
            raise _leave(console, "not enough memory for this. Try fewer images.") from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output went away: not our error
                raise
            raise _leave(console, str(error)) from error
        except KeyboardInterrupt as stop:
            console.print("Stopped. Nothing half written was left behind.")
            raise typer.Exit(INTERRUPTED) from stop


def _leave(console: Console, message: str) -> typer.Exit:
    console.print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)
    return typer.Exit(BAD_INPUT)


def _warning_printer(console: Console) -> Any:
    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        console.print(Text.assemble(("Note: ", "bold yellow"), str(message)), soft_wrap=True)

    return show
