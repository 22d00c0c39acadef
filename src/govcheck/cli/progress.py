"""Progress on a terminal, for what may take longer than two seconds; nothing where standard error is piped."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Shows what is going on until it is done, on standard error."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    with Console(stderr=True).status(doing):
        yield
