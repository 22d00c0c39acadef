"""All waiting of one run: how much of it is left, and which token has to wait until when.

Time that several threads wait at once counts once.
"""

import threading
import time
from collections.abc import Callable

from govcheck.records import frozen


@frozen(kw_only=True)
class Clock:
    """Time, and letting it pass. Tests bring their own."""

    wall: Callable[[], float] = time.time
    """Seconds since 1970."""

    steady: Callable[[], float] = time.monotonic
    """Seconds that only ever grow."""

    sleep: Callable[[float], None] = time.sleep


class Governor:
    """Shared by all requests of one run."""

    def __init__(self, most: float, clock: Clock) -> None:
        self._left = most
        self._clock = clock
        self._lock = threading.Lock()
        self._paid_until = float("-inf")
        self._closed: dict[tuple[str, str], float] = {}

    def wait(self, seconds: float) -> bool:
        """Waits, if that much is left; otherwise False, at once."""
        if not self._pay(seconds):
            return False
        self._clock.sleep(seconds)
        return True

    def lost(self, seconds: float) -> None:
        """Counts time that was spent waiting for an answer that did not come."""
        with self._lock:
            now = self._clock.steady()
            counted = max(0.0, min(seconds, now - self._paid_until))
            self._left -= counted
            self._paid_until = max(self._paid_until, now)

    @property
    def is_spent(self) -> bool:
        """Whether no waiting is left at all."""
        with self._lock:
            return self._left <= 0

    def close(self, token: str, resource: str, seconds: float) -> None:
        """A token has used up its limit for so many seconds."""
        with self._lock:
            until = self._clock.steady() + seconds
            self._closed[token, resource] = max(until, self._closed.get((token, resource), until))

    def opens_in(self, token: str, resource: str) -> float:
        """Seconds until requests with this token are answered again."""
        with self._lock:
            return max(0.0, self._closed.get((token, resource), 0.0) - self._clock.steady())

    def _pay(self, seconds: float) -> bool:
        with self._lock:
            now = self._clock.steady()
            price = max(0.0, now + seconds - max(now, self._paid_until))
            if price > self._left:
                return False
            self._left -= price
            self._paid_until = max(self._paid_until, now + seconds)
            return True
