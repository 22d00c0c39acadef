"""`session`: a startup sweep, a command, a shutdown sweep, whatever the command comes to."""

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from govcheck.app.options import SweepOptions
from govcheck.app.sweep import run_sweep
from govcheck.errors import GovcheckError, PolicyError, UsageError
from govcheck.records import replace
from govcheck.report import Phase, Report

NOT_FOUND, NOT_EXECUTABLE, KILLED = 127, 126, 128
"""Exit codes as a shell gives them; 128 and the signal's number for what a signal ended."""

_FORWARDED = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
_WORST_FIRST = (1, 2, 3)

Told = Callable[[Report | GovcheckError], None]
"""Shows what a sweep came to."""


def run_session(options: SweepOptions, command: Sequence[str], told: Told) -> int:
    """The command's own exit code; where that is 0, the worse one of the two sweeps.

    A startup sweep that could not read GitHub keeps nobody from working: it is told, and counts at the end.

    Raises:
        UsageError: where the startup sweep cannot be meant, or no policy is there: then nothing is begun.
        PolicyError: where a policy is not valid, likewise.
    """
    before = _swept(replace(options, phase=Phase.STARTUP), told, lenient=False)
    own = run_command(command)
    after = _swept(replace(options, phase=Phase.SHUTDOWN), told, lenient=True)
    return own or next((code for code in _WORST_FIRST if code in {before, after}), 0)


def run_command(command: Sequence[str]) -> int:
    """Runs a command with our own standard streams, and gives its exit code as a shell would.

    An interrupt from the keyboard reaches the command by itself and is not ours to die of; other signals that would
    end us are handed on to it, so that a shutdown sweep still follows.
    """
    with _handing_on() as handed:
        try:
            process = subprocess.Popen(command, preexec_fn=_as_before)  # noqa: PLW1509 - one thread; the user's own command
        except FileNotFoundError:
            return NOT_FOUND
        except OSError:
            return NOT_EXECUTABLE
        handed.to(process)
        code = process.wait()
    return code if code >= 0 else KILLED - code


def _swept(options: SweepOptions, told: Told, *, lenient: bool) -> int:
    try:
        report = run_sweep(options)
    except GovcheckError as error:
        if not lenient and isinstance(error, UsageError | PolicyError):
            raise
        told(error)
        return error.exit_code
    told(report)
    return report.exit_code


def _as_before() -> None:
    """What we ignore the command must not: it would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _Handed:
    """Signals on their way to a command; those that come before it has begun wait for it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def on(self, number: int, _frame: FrameType | None) -> None:
        """Takes one."""
        if self._process is None:
            self._early.append(number)
        else:
            self._process.send_signal(number)

    def to(self, process: "subprocess.Popen[bytes]") -> None:
        """Says who gets them."""
        self._process = process
        for number in self._early:
            process.send_signal(number)


@contextmanager
def _handing_on() -> Iterator[_Handed]:
    handed = _Handed()
    before = {signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    before |= {number: signal.signal(number, handed.on) for number in _FORWARDED}
    try:
        yield handed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
