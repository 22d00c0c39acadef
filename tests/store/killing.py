"""A process of our own that is killed at the n-th thing that it does to a file or a database."""

import os
import signal
import sys
import warnings
from collections.abc import Callable
from types import BuiltinFunctionType, FrameType
from typing import Any

_OF_FILES = frozenset(
    {"chmod", "close", "fsync", "ftruncate", "link", "mkdir", "open", "remove", "rename", "replace", "unlink", "write"}
)
_OF_OBJECTS = frozenset({"close", "commit", "execute", "executemany", "flush", "rollback", "truncate", "write"})


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Does the work in a fork, which gets SIGKILL before its n-th call to the system or to SQLite; whether it got it.

    Every such call goes through C: what a buffered file or SQLite does to the disk is cut off where it stands.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child of a process with threads runs our code alone
        child = os.fork()
    if child == 0:
        _work(number, work)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _work(number: int, work: Callable[[], object]) -> None:
    left = number

    def watch(_frame: FrameType, event: str, called: Any) -> None:
        nonlocal left
        if event == "c_call" and _is_write(called):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        sys.setprofile(watch)
        work()
        sys.setprofile(None)
        code = 0
    finally:
        os._exit(code)


def _is_write(called: BuiltinFunctionType) -> bool:
    owner = getattr(called, "__self__", None)
    if getattr(owner, "__name__", "") in {"posix", "fcntl"} or called.__module__ in {"posix", "fcntl"}:
        return called.__name__ in _OF_FILES or called.__name__ == "flock"
    return type(owner).__module__ in {"sqlite3", "_io"} and called.__name__ in _OF_OBJECTS
